import { type AuthEvent, newEvent } from '../../events/index.ts'
import { checkTimeCode, type Factor, type Method, type MethodProof } from '../../factors/index.ts'
import { BUDGETS, networkOf } from '../../limits/index.ts'
import type { Failure } from '../../shared/result.ts'
import type { User } from '../../users/ports.ts'
import { advance, CHALLENGE_STEPS } from '../advance.ts'
import { readCode } from '../check-code.ts'
import { askForFactorCode, isCodeFactor } from '../factor-code.ts'
import { owedBy } from '../owed.ts'
import type { JourneyPorts } from '../ports.ts'
import { isPasswordReplaced } from '../replaced-password.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'

/** Who owes a proof, as the account is now; null: gone, disabled, or signed out or given another password since the first. */
export const challengedPerson = async (ports: JourneyPorts, { flow, pool }: StepInput): Promise<User | null> => {
  const { challenge, proofs } = flow.state
  const found = challenge === null ? null : await ports.users.findBySub(pool.id, challenge.sub)
  if (found === null || !found.user.enabled || found.user.status === 'DELETING') return null
  const isCutOff = proofs.some(({ at }) => at < found.user.sessionsValidAfter.getTime())
  return isCutOff || isPasswordReplaced(flow, found.password) ? null : found.user
}

/** Factors that may answer now; one that was removed meanwhile is gone. */
export const usableFactors = async (ports: JourneyPorts, input: StepInput, user: User): Promise<readonly Factor[]> => {
  const { flow, pool, client } = input
  const owed = await owedBy(ports, {
    pool,
    client,
    request: flow.state.request,
    user,
    proofs: flow.state.proofs,
    judged: flow.state.judged,
  })
  return owed.kind === 'prove' ? owed.factors : []
}

/** A wrong answer: an event of its own, whatever becomes of the journey's row. */
export const wrongFactor = async (
  ports: JourneyPorts,
  { flow, pool, client, context, now }: StepInput,
  sub: string,
  method: Method,
  failure: Failure,
): Promise<StepAnswer> => {
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'sign_in.step',
    outcome: 'failure',
    reason: failure.code,
    sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { step: flow.step, method },
  })
  await ports.events.write({ events: [event] })
  return refused(failure)
}

/**
 * Counts a guess before anything is compared: per person over all factors, and per network. Null: go on.
 *
 * Parallel guesses cannot slip under the limit, for each is counted first and in one statement (attacks 37, 42).
 */
export const spentGuesses = async (
  ports: JourneyPorts,
  { pool, context, now }: StepInput,
  sub: string,
): Promise<Failure | null> => {
  const taken = await Promise.all([
    ports.attempts.take(pool.id, 'factor.person', sub, BUDGETS['factor.person'], now),
    ports.attempts.take(pool.id, 'factor.network', networkOf(context.ip), BUDGETS['factor.network'], now),
  ])
  const spent = taken.filter(({ isSpent }) => isSpent)
  if (spent.length === 0) return null
  const seconds = Math.max(...spent.map(({ retryAfterSeconds }) => retryAfterSeconds))
  return { code: 'factor-attempts-spent', field: 'code', params: { minutes: Math.max(1, Math.ceil(seconds / 60)) } }
}

/** A right answer: the guesses are forgotten and the proof joins the others. */
export const noteFactor = async (
  ports: JourneyPorts,
  { flow, pool, client, context, now }: StepInput,
  user: User,
  proof: Omit<MethodProof, 'at'>,
): Promise<{ proofs: readonly MethodProof[]; events: readonly AuthEvent[] }> => {
  await Promise.all([
    ports.attempts.clear(pool.id, 'factor.person', user.sub),
    ports.attempts.giveBack(pool.id, 'factor.network', networkOf(context.ip)),
  ])
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'factor.used',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { method: proof.method },
  })
  return { proofs: [...flow.state.proofs, { ...proof, at: now.getTime() }], events: [event] }
}

/** A right answer, and on. */
export const provenFactor = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  proof: Omit<MethodProof, 'at'>,
): Promise<StepAnswer> =>
  advance(ports, input, {
    user,
    state: { remembers: input.pool.settings.devices.remember === 'asked' && field(input.form, 'remember') !== '' },
    ...(await noteFactor(ports, input, user, proof)),
  })

/** "Try another way": any of the factors, by its button. */
export const submitChooseFactor: StepHandler = (ports) => async (input) => {
  const user = await challengedPerson(ports, input)
  const { challenge } = input.flow.state
  if (user === null || challenge === null) return moved('sign-in', droppedByEntry)
  const factors = await usableFactors(ports, input, user)
  const chosen = factors.find(({ id }) => id === field(input.form, 'factor', 80))
  if (chosen === undefined) return moved('choose-factor', { challenge: { ...challenge, factorId: null } })
  if (isCodeFactor(chosen)) return askForFactorCode(ports, input, user, chosen, { challenge })
  return moved(CHALLENGE_STEPS[chosen.kind], { challenge: { ...challenge, factorId: chosen.id } })
}

/** Back to the choice. */
export const chooseAnotherFactor: StepHandler = () => async (input) => {
  const { challenge } = input.flow.state
  if (challenge === null) return moved('sign-in', droppedByEntry)
  return moved('choose-factor', { challenge: { ...challenge, factorId: null } })
}

/** To the page that takes one of the ten codes. */
export const chooseRecoveryCode: StepHandler = () => async () => moved('recovery-code')

/** The code an authenticator app shows. Each works once, whoever else sends it at the same moment (RFC 6238 §5.2). */
export const submitTimeCode: StepHandler = (ports) => async (input) => {
  const { pool, form, flow, now } = input
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const code = readCode(field(form, 'code', 200))
  if (!code.ok) return refused({ ...code.failure, field: 'code' })
  const factor = (await usableFactors(ports, input, user)).find(({ id }) => id === flow.state.challenge?.factorId)
  if (factor === undefined || factor.kind !== 'totp') return chooseAnotherFactor(ports)(input)
  const wrong = (failure: Failure) => wrongFactor(ports, input, user.sub, 'totp', { ...failure, field: 'code' })
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrong(spent)
  const secret = await ports.factors.secretOf(pool.id, user.sub, factor.id)
  if (secret === null) return chooseAnotherFactor(ports)(input)
  const answer = checkTimeCode(ports.apps, secret, code.value, now)
  if (answer.kind !== 'match')
    return wrong({ code: answer.kind === 'mismatch' ? 'time-code-mismatch' : 'factor-clock' })
  if (!(await ports.factors.advance(pool.id, user.sub, factor.id, answer.step, now))) {
    return wrong({ code: 'factor-code-used' })
  }
  return provenFactor(ports, input, user, { method: 'totp', factorId: factor.id })
}
