import { newEvent } from '../events/index.ts'
import { BUDGETS, networkOf } from '../limits/index.ts'
import type { MessageSource } from '../messages/index.ts'
import type { MessagePurpose } from '../messages/message.ts'
import { newBearerSecret, newSixDigitCode } from '../shared/ids.ts'
import { ok, type Result } from '../shared/result.ts'
import type { User } from '../users/ports.ts'
import type { CodePurpose, JourneyPorts, NewCode } from './ports.ts'
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
   * False for a name nobody has: everything happens but the message, so that neither time nor page tells.
   */
  isReal: boolean
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

/**
 * Makes a code and queues its message, in one transaction. Over the recipient's, network's or pool's budget nothing is
 * sent and nothing is said: the page that follows is the same.
 *
 * Fails with what the custom-message trigger refused.
 */
export const sendCode = async (ports: JourneyPorts, input: StepInput, send: CodeToSend): Promise<Result<void>> => {
  const { flow, pool, client, context, now } = input
  const budgets = await Promise.all([
    ports.attempts.take(pool.id, 'send.recipient', send.to.address, BUDGETS['send.recipient'], now),
    ports.attempts.take(pool.id, 'send.network', networkOf(context.ip), BUDGETS['send.network'], now),
    ports.attempts.take(pool.id, 'send.pool', pool.id, BUDGETS['send.pool'], now),
  ])
  const event = (outcome: 'success' | 'failure', reason: string | null) =>
    newEvent(ports.random, now, {
      poolId: pool.id,
      type: outcome === 'success' ? 'code.sent' : 'limit.reached',
      outcome,
      reason,
      sub: send.user?.sub ?? null,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail: { purpose: send.purpose, channel: send.to.channel },
    })
  if (budgets.some((budget) => budget.isSpent)) {
    await ports.events.write({ events: [event('failure', 'too-many-requests')] })
    return ok(undefined)
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
      ...(send.linkPath === null ? {} : { link: `${ports.links.base(pool.id)}${send.linkPath}?token=${token}` }),
    },
    expiresAt,
    ...(send.source === undefined ? {} : { source: send.source }),
  })
  if (!message.ok) return message
  await ports.codes.issue(code, { events: [event('success', null)], messages: send.isReal ? [message.value] : [] })
  return ok(undefined)
}

/** Seconds until another code may be asked for: 30, then 60, then 120 after each message of this journey. */
export const resendInSeconds = (sentAt: readonly number[], now: Date): number => {
  const last = sentAt.at(-1)
  if (last === undefined) return 0
  const pause = [30, 60, 120][Math.min(sentAt.length, 3) - 1] ?? 120
  return Math.max(0, Math.ceil(pause - (now.getTime() - last) / 1000))
}
