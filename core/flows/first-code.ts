import { type Destination, destinationOf, maskAddress, parseSignInName } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import { askedBy } from './factor-code.ts'
import { takesAccount } from './federation/offered-providers.ts'
import { isHeldByDirectory } from './federation/whose-password.ts'
import { CHANNELS, type CodeMethod } from './first-factors.ts'
import type { PendingFirstCode } from './flow.ts'
import type { JourneyPorts } from './ports.ts'
import { resendInSeconds, sendCode } from './send-code.ts'
import { moved, refused, type StepAnswer, type StepInput } from './step-handler.ts'
import { droppedByEntry } from './steps.ts'

/** Path of a sign-in link below the base URL. */
export const SIGN_IN_LINK = '/signInLink'

/** Whose guesses these are, over all journeys: a person's, or a name's that nobody has. */
export const guessedAt = ({ sub, name }: Pick<PendingFirstCode, 'sub' | 'name'>): string =>
  sub === null ? `name:${name}` : `user:${sub}`

/**
 * Whose codes these are: this journey's alone, so that a code read out to a stranger opens nothing in the stranger's, and of
 * this address, so that one that went to a former address opens nothing at all.
 */
export const firstCodeSubject = (
  { hashes }: Pick<JourneyPorts, 'hashes'>,
  flowId: string,
  pending: Pick<PendingFirstCode, 'sub' | 'name' | 'sentTo'>,
): string => {
  const { channel, address } = pending.sentTo
  return `flow:${flowId}:${hashes.of('first-code', `${guessedAt(pending)}|${channel}|${address}`)}`
}

/** Where a code reaches somebody who may begin with one: a settled account, at an address it has proven. */
export const reachedBy = (user: User, method: CodeMethod): Destination | null =>
  user.enabled && user.status === 'CONFIRMED' ? destinationOf(user.attributes, 'only-proven', CHANNELS[method]) : null

/** Whether somebody is still reached where the code went: an address that was replaced since proves nothing. */
export const isStillReached = (
  user: User,
  { method, sentTo }: Pick<PendingFirstCode, 'method' | 'sentTo'>,
): boolean => {
  const to = reachedBy(user, method)
  return to !== null && to.channel === sentTo.channel && to.address === sentTo.address
}

/** What was typed, masked, where it is of the kind that the code goes to; where it really went is not told before it is proven. */
const destinationShown = (typed: string, channel: 'email' | 'sms'): PendingFirstCode['destination'] => {
  const isOfKind = channel === 'sms' ? /^\+?[\d\s().-]+$/.test(typed) : typed.includes('@')
  return { channel, masked: isOfKind ? maskAddress(typed) : '' }
}

/** Sends a code, or does all of that but the sending: for nobody as for somebody. */
const send = async (ports: JourneyPorts, input: StepInput, typed: string, method: CodeMethod) => {
  const { pool } = input
  const parsed = parseSignInName(pool, typed)
  const name = parsed.ok ? parsed.value.value : typed.trim().toLowerCase().slice(0, 128)
  const found = await ports.users.findByName(pool.id, name)
  const isTheirs = await isHeldByDirectory(ports, pool.id, found?.user ?? null)
  const isTaken = found !== null && !isTheirs && takesAccount(input, found.user)
  const to = isTaken ? reachedBy(found.user, method) : null
  const user = to === null ? null : (found?.user ?? null)
  const sentTo = to ?? { channel: CHANNELS[method], address: typed.slice(0, 256) }
  const pending: PendingFirstCode = {
    method,
    sub: user?.sub ?? null,
    name,
    destination: destinationShown(typed, CHANNELS[method]),
    sentTo,
    device: askedBy(input).device ?? null,
  }
  const sent = await sendCode(ports, input, {
    purpose: 'sign-in',
    subject: firstCodeSubject(ports, input.flow.id, pending),
    message: 'sign-in-code',
    to: sentTo,
    user,
    minutes: pool.settings.codes.signInMinutes,
    linkPath: method === 'magic-link' ? SIGN_IN_LINK : null,
    isReal: user !== null,
    facts: askedBy(input),
  })
  return { sent, pending }
}

/**
 * Goes on by a code or a link. The same page for every name, with the same work behind it. Coming back to the same way
 * within the wait sends nothing anew.
 */
export const askForFirstCode = async (
  ports: JourneyPorts,
  input: StepInput,
  typed: string,
  method: CodeMethod,
): Promise<StepAnswer> => {
  const { firstCode, sentAt, values } = input.flow.state
  const isAgain = firstCode?.method === method && values.username === typed && resendInSeconds(sentAt, input.now) > 0
  if (isAgain) return moved('sign-in-code')
  const { sent, pending } = await send(ports, input, typed, method)
  if (!sent.ok) return refused(sent.failure)
  const sentBefore = values.username === typed ? sentAt : []
  return moved('sign-in-code', {
    ...droppedByEntry,
    values: { ...values, username: typed },
    firstCode: pending,
    sentAt: [...sentBefore, input.now.getTime()],
  })
}

/** Another code, or all of that but the sending. Fails with `code-too-soon`. */
export const sendFirstCodeAgain = async (
  ports: JourneyPorts,
  input: StepInput,
  { method }: PendingFirstCode,
): Promise<StepAnswer> => {
  const { sentAt, values } = input.flow.state
  const wait = resendInSeconds(sentAt, input.now)
  if (wait > 0) return refused({ code: 'code-too-soon', params: { seconds: wait } })
  const { sent, pending } = await send(ports, input, values.username ?? '', method)
  if (!sent.ok) return refused(sent.failure)
  return moved('sign-in-code', { firstCode: pending, sentAt: [...sentAt, input.now.getTime()] })
}
