import type { AuthEvent } from '../events/event.ts'
import {
  acrOf,
  amrOf,
  authenticatedAt,
  type Demand,
  type Factor,
  type FactorKind,
  type MethodProof,
} from '../factors/index.ts'
import type { User } from '../users/ports.ts'
import { stepAfterProof } from './after-proof.ts'
import { askedEnrolment, hasEnrolled } from './asked-enrolment.ts'
import { blocked } from './blocked-sign-in.ts'
import { askForFactorCode, isCodeFactor } from './factor-code.ts'
import type { FlowState, JudgedSignIn, Proof } from './flow.ts'
import type { FlowStep } from './flow-view.ts'
import { judgeSignIn } from './judge-sign-in.ts'
import { stopBySignIn } from './lost-factor.ts'
import { demandOn } from './owed.ts'
import type { JourneyPorts } from './ports.ts'
import { moved, refused, type StepAnswer, type StepInput, triggerCall } from './step-handler.ts'

/** The page that asks for a factor of a kind. */
export const CHALLENGE_STEPS: Readonly<Record<FactorKind, FlowStep>> = {
  totp: 'totp',
  passkey: 'passkey',
  sms: 'factor-code',
  email: 'factor-code',
}

/** What makes a sign-in of proofs; `continuesSession`: the journey builds on the one of the session. */
export const proofOf = (sub: string, proofs: readonly MethodProof[], continuesSession: boolean): Proof => ({
  sub,
  authenticatedAt: authenticatedAt(proofs),
  amr: amrOf(proofs),
  acr: acrOf(proofs),
  proofs,
  ...(continuesSession ? { continuesSession: true } : {}),
})

/** The journey's state while a person owes another proof. */
export const challenged = (
  sub: string,
  owed: Extract<Demand, { kind: 'prove' | 'enrol' }>,
  /** `by-hand`: nothing may be sent now, so that a code waits for the press of a button. */
  codes: 'at-once' | 'by-hand' = 'at-once',
): { step: FlowStep; state: Partial<FlowState> } => {
  const [first = null] = owed.kind === 'prove' ? owed.factors : []
  // One page asks for any of a person's passkeys; of the other kinds there is one each. A kind the person prefers is asked
  // for at once, with the way to the others beside it; who prefers none chooses (Cognito `SELECT_MFA_TYPE`).
  const isOne = owed.kind === 'prove' && (owed.isPreferred || owed.factors.every(({ kind }) => kind === first?.kind))
  const only = isOne && !(codes === 'by-hand' && isCodeFactor(first)) ? first : null
  const step = owed.kind === 'enrol' ? 'enrol-factor' : only === null ? 'choose-factor' : CHALLENGE_STEPS[only.kind]
  return {
    step,
    state: {
      proof: null,
      challenge: { sub, reason: owed.reason, factorId: only?.id ?? null, mayEnrol: owed.kind === 'enrol' },
      enrolment: null,
    },
  }
}

/** Once for the person of a journey, at the first proof they give in it. */
const judgedOnce = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  factors: readonly Factor[],
): Promise<JudgedSignIn> => {
  const { judged } = input.flow.state
  return judged?.sub === user.sub ? judged : judgeSignIn(ports, input, user, factors)
}

export interface Advance {
  user: User
  /** All of this journey, the newest last. */
  proofs: readonly MethodProof[]
  state?: Partial<FlowState>
  events?: readonly AuthEvent[]
  done?: Parameters<typeof stepAfterProof>[3]
}

/**
 * Where a journey goes once a person has proven something: to what is still owed, to a password of their own, or, when all
 * is proven, to what pool, person and app want next. The only place where a proof becomes a sign-in.
 *
 * A temporary password is replaced after the second factor was shown, so that whoever holds the one cannot take the account
 * from who holds the other; a factor is set up after that.
 */
export const advance = async (
  ports: JourneyPorts,
  input: StepInput,
  { user, proofs: given, state = {}, events = [], done = {} }: Advance,
): Promise<StepAnswer> => {
  const { flow, pool, client } = input
  // Read once, so that what is judged and what is demanded speak of the same factors; `finishFlow` has the last word on them.
  const factors = await ports.factors.list(pool.id, user.sub)
  const judged = await judgedOnce(ports, input, user, factors)
  if (judged.effect === 'block') return blocked(ports, input, user, judged)
  const standsIn = judged.isRemembered && !given.some(({ method }) => method === 'device')
  const proofs: readonly MethodProof[] = standsIn ? [...given, { method: 'device', at: input.now.getTime() }] : given
  const owed = demandOn({ pool, client, request: flow.state.request, user, proofs, judged }, factors)
  const kept: Partial<FlowState> = {
    ...state,
    proofs,
    judged,
    proof: null,
    signUp: null,
    recovery: null,
    firstCode: null,
    failure: null,
    notice: null,
  }
  if (owed.kind === 'prove') {
    const { step, state: asked } = challenged(user.sub, owed)
    const [only] = owed.factors
    if (step === 'factor-code' && asked.challenge != null && isCodeFactor(only)) {
      const { challenge, ...others } = asked
      return askForFactorCode(ports, input, user, only, {
        challenge,
        state: { ...kept, account: null, ...others },
        events,
      })
    }
    return moved(step, { ...kept, account: null, ...asked }, events)
  }
  const owedPassword = state.owedPassword === undefined ? flow.state.owedPassword : state.owedPassword
  if (owedPassword !== null) {
    const provenAt = proofs.findLast(({ method }) => method === 'password')?.at ?? 0
    const account = { sub: user.sub, destination: null, provenAt }
    return moved('new-password', { ...kept, challenge: null, enrolment: null, account }, events)
  }
  if (owed.kind === 'enrol') {
    const { step, state: asked } = challenged(user.sub, owed)
    return moved(step, { ...kept, account: null, ...asked }, events)
  }
  if (owed.kind === 'refused') {
    if (owed.reason !== 'app') return refused({ code: 'factor-unusable', sub: user.sub }, {}, events)
    const refusal = { error: 'unmet_authentication_requirements', description: 'the level cannot be reached' } as const
    return moved('done', { ...kept, account: null, challenge: null, enrolment: null, refusal }, events)
  }
  const { request } = flow.state
  const wanted = hasEnrolled(flow)
    ? null
    : await askedEnrolment(ports, { pool, request, sub: user.sub, proofs, now: input.now })
  if (wanted !== null) return moved(wanted.step, { ...kept, ...wanted.state }, events)
  await stopBySignIn(ports, input, user, proofs)
  const after = await ports.triggers.postAuthentication({
    ...triggerCall(input, user),
    newDevice: judged.deviceId === null,
  })
  if (!after.ok) return refused(after.failure, {}, events)
  const continues = state.buildsOnSession ?? flow.state.buildsOnSession
  return moved(
    await stepAfterProof(ports, { ...input, flow: { ...flow, state: { ...flow.state, proofs } } }, user, done),
    { ...kept, account: null, challenge: null, enrolment: null, proof: proofOf(user.sub, proofs, continues) },
    events,
  )
}
