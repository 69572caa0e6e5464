import { newEvent } from '../../events/index.ts'
import { recoveryChannels } from '../../factors/index.ts'
import { BUDGETS, networkOf } from '../../limits/index.ts'
import type { Pool } from '../../pools/pool-settings.ts'
import { maskAddress, migrateUser, parseSignInName } from '../../users/index.ts'
import type { SignInName, User, UserWithPassword } from '../../users/ports.ts'
import { checkCode } from '../check-code.ts'
import { isHeldByDirectory } from '../federation/whose-password.ts'
import type { FlowState, PendingRecovery } from '../flow.ts'
import { provenAddresses } from '../lost-factor.ts'
import { factorsOfUser } from '../owed.ts'
import type { JourneyPorts } from '../ports.ts'
import { recoveryGuesses, recoverySubject } from '../recovery-subject.ts'
import { replacePassword } from '../replace-password.ts'
import { resendInSeconds, sendCode } from '../send-code.ts'
import { toFormMessage } from '../shown-failure.ts'
import {
  field,
  moved,
  refused,
  type StepAnswer,
  type StepHandler,
  type StepInput,
  triggerCall,
} from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'

const nameOf = (pool: Pool, typed: string): string => {
  const name = parseSignInName(pool, typed)
  return name.ok ? name.value.value : typed
}

/**
 * Whose guesses these are. Those at a name nobody has are counted over all journeys too, as those at a person are, or the
 * count would tell the two apart.
 */
const guessesOf = (pool: Pool, sub: string | null, typed: string): string => recoveryGuesses(sub, nameOf(pool, typed))

/** Read of nobody where there is nobody: as many look-ups for every name. */
const NOBODY = '00000000-0000-4000-8000-000000000000'

/** Where a reset code may go, and where the word goes that it may not (attack 52); both null for who is not reached. */
const destinations = async (ports: JourneyPorts, { pool }: StepInput, user: User | null) => {
  const enrolled = await ports.factors.list(pool.id, user?.sub ?? NOBODY)
  const isTheirs = await isHeldByDirectory(ports, pool.id, user)
  const reachable = user?.enabled && user.status !== 'EXTERNAL_PROVIDER' && user.status !== 'DELETING'
  if (!reachable || isTheirs) return { to: null, noticeTo: null }
  const proven = provenAddresses(user)
  const usable = pool.settings.mfa === 'off' ? [] : factorsOfUser(pool, user, enrolled)
  const [to = null] = recoveryChannels(proven, usable)
  return { to, noticeTo: to === null ? (proven[0] ?? null) : null }
}

/**
 * Sends a recovery code, or does all of that but the sending. Federated, disabled and unreachable people are treated like
 * names nobody has: the page must not tell them apart. Nor does it tell of people whose every proven address is a second
 * factor: no code of theirs is right, and the message says whom to ask.
 */
const send = async (ports: JourneyPorts, input: StepInput, user: User | null, typed: string) => {
  const { pool } = input
  const { to, noticeTo } = await destinations(ports, input, user)
  const known = to === null ? null : user
  const sentTo = to ?? noticeTo ?? { channel: 'email' as const, address: typed.slice(0, 256) }
  const sent = await sendCode(ports, input, {
    purpose: 'recovery',
    subject: recoverySubject(ports.hashes, guessesOf(pool, known?.sub ?? null, typed), sentTo),
    message: noticeTo === null ? 'recovery-code' : 'cannot-reset',
    to: sentTo,
    user: noticeTo === null ? known : user,
    minutes: pool.settings.codes.recoveryMinutes,
    linkPath: null,
    isReal: known !== null || noticeTo !== null,
    ...(pool.settings.owner === undefined ? {} : { facts: { owner: pool.settings.owner } }),
  })
  return { sent, sentTo, sub: known?.sub ?? null, isRefused: noticeTo !== null }
}

/** Only what was typed is shown again, masked: where a code really went is nobody's business before it is proven. */
const destinationShown = (typed: string): PendingRecovery['destination'] =>
  /^[+\d\s().-]+$/.test(typed)
    ? { channel: 'sms', masked: maskAddress(typed) }
    : { channel: 'email', masked: typed.includes('@') ? maskAddress(typed) : '' }

const start = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User | null,
  typed: string,
  state: Partial<FlowState>,
): Promise<StepAnswer> => {
  const { pool, client, flow, now, context } = input
  const { sent, sentTo, sub, isRefused } = await send(ports, input, user, typed)
  if (!sent.ok) return refused(sent.failure, state)
  return moved(
    'reset-code',
    {
      ...droppedByEntry,
      ...state,
      recovery: { sub, name: typed, destination: destinationShown(typed), sentTo, isProven: false },
      sentAt: [now.getTime()],
    },
    [
      newEvent(ports.random, now, {
        poolId: pool.id,
        type: 'recovery.started',
        outcome: 'success',
        sub: sub ?? (isRefused ? (user?.sub ?? null) : null),
        clientId: client.id,
        flowId: flow.id,
        context,
        detail: { known: sub !== null, ...(isRefused ? { because: 'every channel is a second factor' } : {}) },
      }),
    ],
  )
}

/** A right password of an account whose password must be replaced: the journey goes on as a recovery. */
export const startRecoveryOf = (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  typed: string,
  state: Partial<FlowState>,
): Promise<StepAnswer> => start(ports, input, user, typed, { ...state, notice: 'resetRequired' })

/** Somebody unknown here whom the owner's migrate-user trigger knows; null when it does not. */
const broughtAlong = async (
  ports: JourneyPorts,
  input: StepInput,
  name: SignInName,
): Promise<UserWithPassword | null> => {
  const migrated = await migrateUser(ports)({
    pool: input.pool,
    name,
    source: 'forgot-password',
    password: null,
    call: triggerCall(input, { username: name.value, attributes: {} }),
    context: input.context,
  })
  return migrated.ok ? migrated.value : null
}

/** The same next page for whoever is named. Fails with `identifier-*` for what cannot be a name. */
export const submitForgotPassword: StepHandler = (ports) => async (input) => {
  const typed = field(input.form, 'username', 512).trim()
  const values = { ...input.flow.state.values, username: typed }
  const name = parseSignInName(input.pool, typed)
  if (!name.ok) return refused({ ...name.failure, field: 'username' }, { values })
  // Counted first, for every name: whoever asks too often must not go through the directory behind the trigger either.
  const budget = await ports.attempts.take(
    input.pool.id,
    'recovery.network',
    networkOf(input.context.ip),
    BUDGETS['recovery.network'],
    input.now,
  )
  const known = await ports.users.findByName(input.pool.id, name.value.value)
  const found = known ?? (budget.isSpent ? null : await broughtAlong(ports, input, name.value))
  return start(ports, input, found?.user ?? null, typed, { values })
}

/** Another code, or all of that but the sending. Fails with `code-too-soon`. */
export const resendRecoveryCode: StepHandler = (ports) => async (input) => {
  const { recovery, sentAt } = input.flow.state
  if (recovery === null) return moved('forgot-password', droppedByEntry)
  const wait = resendInSeconds(sentAt, input.now)
  if (wait > 0) return refused({ code: 'code-too-soon', params: { seconds: wait } })
  // Looked up by name for everybody: whether there is somebody must not show in how long it takes.
  const found = await ports.users.findByName(input.pool.id, nameOf(input.pool, recovery.name))
  const isSame = found !== null && found.user.sub === recovery.sub
  const { sent, sentTo } = await send(ports, input, isSame ? found.user : null, recovery.name)
  if (!sent.ok) return refused(sent.failure)
  return moved('reset-code', { recovery: { ...recovery, sentTo }, sentAt: [...sentAt, input.now.getTime()] })
}

/** First of two small steps, so that a wrong code never costs a typed password. */
export const submitRecoveryCode: StepHandler = (ports) => async (input) => {
  const { recovery } = input.flow.state
  if (recovery === null) return moved('forgot-password', droppedByEntry)
  const guesses = guessesOf(input.pool, recovery.sub, recovery.name)
  const checked = await checkCode(ports, input, {
    purpose: 'recovery',
    subject: recoverySubject(ports.hashes, guesses, recovery.sentTo),
    countedFor: guesses,
    sub: recovery.sub,
  })
  if (!checked.ok) return refused(checked.failure)
  // Nobody was sent the code of a name nobody has; were it guessed, it is wrong all the same.
  if (recovery.sub === null) return refused({ code: 'code-mismatch', field: 'code' })
  const event = newEvent(ports.random, input.now, {
    poolId: input.pool.id,
    type: 'code.checked',
    outcome: 'success',
    sub: recovery.sub,
    clientId: input.client.id,
    flowId: input.flow.id,
    context: input.context,
    detail: { purpose: 'recovery' },
  })
  return moved('reset-password', { recovery: { ...recovery, isProven: true }, notice: null }, [event])
}

/** The new password is set; the person signs in with it, second factor and all. */
export const submitRecoveredPassword: StepHandler = (ports) => async (input) => {
  const { pool, form } = input
  const { recovery, sentAt } = input.flow.state
  const found = recovery?.sub == null || !recovery.isProven ? null : await ports.users.findBySub(pool.id, recovery.sub)
  if (found === null || !found.user.enabled || found.user.status === 'DELETING') {
    return moved('forgot-password', droppedByEntry)
  }
  // A code is good for the password it was asked about: whoever set another since has settled the matter.
  if ((found.password?.changedAt.getTime() ?? 0) > (sentAt.at(-1) ?? 0)) return moved('forgot-password', droppedByEntry)
  // And for the address it went to: whoever reads a former one has nothing to say any more.
  const { to } = await destinations(ports, input, found.user)
  if (to?.channel !== recovery?.sentTo.channel || to?.address !== recovery?.sentTo.address)
    return moved('forgot-password', droppedByEntry)
  const everywhere = field(form, 'everywhere') !== ''
  const set = await replacePassword(ports, input, found, {
    event: { type: 'recovery.completed', detail: { everywhere } },
    endsSessionsBefore: everywhere ? input.now : null,
    // Somebody who only thought to have forgotten it may keep it.
    mustDiffer: false,
  })
  if (!set.ok) return refused(set.failure)
  await ports.attempts.clear(pool.id, 'sign-in.account', found.user.sub)
  const confirmed = await ports.triggers.postConfirmation({ source: 'recovery', ...triggerCall(input, set.value) })
  return moved('sign-in', {
    ...droppedByEntry,
    values: { username: recovery?.name ?? '' },
    notice: 'passwordChanged',
    // The password is another one whatever the trigger says; its word is passed on.
    ...(confirmed.ok ? {} : { failure: toFormMessage(confirmed.failure, pool) }),
  })
}
