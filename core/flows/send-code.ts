import { type AuthEvent, newEvent } from '../events/index.ts'
import type { MessageSource } from '../messages/index.ts'
import type { MessageFacts, MessagePurpose } from '../messages/message.ts'
import { newBearerSecret, newSixDigitCode } from '../shared/ids.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { User } from '../users/ports.ts'
import type { CodePurpose, JourneyPorts, NewCode } from './ports.ts'
import { countSend } from './send-budgets.ts'
import type { StepInput } from './step-handler.ts'

export interface CodeToSend {
  purpose: CodePurpose
  /** `flow:<id>:<hash of the address>`, `user:<sub>[:<hash of the address>]`, or `name:<normalised>` for a name nobody has. */
  subject: string
  message: MessagePurpose
  /** What the custom-message trigger is told, where it is not the message's own. */
  source?: MessageSource
  to: { channel: 'email' | 'sms'; address: string }
  user: User | null
  minutes: number
  /** Path below the base URL a link leads to; null: the message carries the code alone. */
  linkPath: string | null
  /**
   * False for a name nobody has: everything happens but that the message leaves, so that neither time nor page tells.
   */
  isReal: boolean
  /** Whether the page may say that the pool sends no SMS to that number: to whoever typed it, or has shown to be its owner. */
  tellsRefusal?: boolean
  /** What else the message says. */
  facts?: Pick<MessageFacts, 'at' | 'device' | 'owner'>
}

/** Hash under which a code is stored: bound to what it is for and to whom. */
export const codeHash = (
  ports: Pick<JourneyPorts, 'hashes'>,
  purpose: CodePurpose,
  subject: string,
  code: string,
): string => ports.hashes.of('one-time-code', `${purpose}|${subject}|${code}`)

/** Hash under which a link's token is stored and found: bound to its pool. */
export const linkHash = (ports: Pick<JourneyPorts, 'hashes'>, poolId: string, token: string): string =>
  ports.hashes.of('one-time-link', `${poolId}|${token}`)

/** The shape of a link's token: 256 bits, base64url. */
export const isLinkToken = (token: string): boolean => /^[\w-]{43}$/.test(token)

/**
 * Makes a code and queues its message, in one transaction. Over the recipient's, network's or pool's budget nothing is
 * sent and nothing is said: the page that follows is the same.
 *
 * Fails with what the custom-message trigger refused, and with `destination-refused` where that may be told.
 */
export const sendCode = async (ports: JourneyPorts, input: StepInput, send: CodeToSend): Promise<Result<void>> => {
  const { flow, pool, client, context, now } = input
  const refusal = await countSend(ports, input, send.to)
  const event = (about: Pick<AuthEvent, 'type' | 'outcome'> & Partial<Pick<AuthEvent, 'reason' | 'detail'>>) =>
    newEvent(ports.random, now, {
      poolId: pool.id,
      sub: send.user?.sub ?? null,
      clientId: client.id,
      flowId: flow.id,
      context,
      ...about,
      detail: { purpose: send.purpose, channel: send.to.channel, ...about.detail },
    })
  if (refusal !== null) {
    const reason = refusal === 'destination' ? 'destination-refused' : 'too-many-requests'
    ports.sending.refused(send.to.channel, refusal)
    await ports.events.write({
      events: [event({ type: 'limit.reached', outcome: 'failure', reason, detail: { limit: refusal } })],
    })
    return refusal === 'destination' && send.tellsRefusal === true ? fail(reason) : ok(undefined)
  }

  const plain = newSixDigitCode(ports.random)
  const token = newBearerSecret(ports.random)
  const expiresAt = new Date(now.getTime() + send.minutes * 60_000)
  const code: NewCode = {
    id: ports.random.uuidAt(now),
    poolId: pool.id,
    purpose: send.purpose,
    subject: send.subject,
    codeHash: codeHash(ports, send.purpose, send.subject, plain),
    linkHash: send.linkPath === null ? null : linkHash(ports, pool.id, token),
    flowId: flow.id,
    createdAt: now,
    expiresAt,
  }
  const message = await ports.messages.compose({
    pool,
    client,
    purpose: send.message,
    // Composed for nobody too: rendering must take as long, and what was typed need not be an address.
    to: send.isReal ? send.to : { channel: 'email', address: 'nobody@example.invalid' },
    locale: flow.state.locale,
    eventId: flow.state.eventId,
    user: send.user,
    facts: {
      code: plain,
      minutes: send.minutes,
      ...send.facts,
      ...(send.linkPath === null ? {} : { link: `${ports.links.base(pool.id)}${send.linkPath}?token=${token}` }),
    },
    expiresAt,
    ...(send.source === undefined ? {} : { source: send.source }),
  })
  if (!message.ok) return message
  await ports.codes.issue(code, {
    events: [event({ type: 'code.sent', outcome: 'success' })],
    messages: [send.isReal ? message.value : { ...message.value, isWithheld: true }],
  })
  return ok(undefined)
}

/** Seconds until another code may be asked for: 30, then 60, then 120 after each message of this journey. */
export const resendInSeconds = (sentAt: readonly number[], now: Date): number => {
  const last = sentAt.at(-1)
  if (last === undefined) return 0
  const pause = [30, 60, 120][Math.min(sentAt.length, 3) - 1] ?? 120
  return Math.max(0, Math.ceil(pause - (now.getTime() - last) / 1000))
}
