import { newEvent } from '../../events/index.ts'
import { checkTimeCode, newRecoveryCodes, readRecoveryCode, recoveryCodeHash } from '../../factors/index.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { readCode } from '../check-code.ts'
import type { JourneyPorts } from '../ports.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { challengedPerson, spentGuesses, wrongFactor } from './second-factor.ts'

/** Which kind to set up, by its button. */
export const submitChooseEnrolment: StepHandler = (ports) => async (input) => {
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const kind = field(input.form, 'kind', 20)
  if (kind === 'totp' && input.pool.settings.factors.allowed.includes('totp')) {
    return moved('enrol-totp', { enrolment: { kind: 'totp', secret: ports.apps.newSecret() } })
  }
  return moved('enrol-factor', { enrolment: null })
}

export const chooseAnotherEnrolment: StepHandler = () => async () => moved('enrol-factor', { enrolment: null })

/**
 * Ten codes for the day the factor is lost, made with the first factor and shown once. Whoever has codes keeps them.
 * Null: none are made.
 */
const withRecoveryCodes = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
): Promise<readonly string[] | null> => {
  const { pool, client, flow, context, now } = input
  if (!pool.settings.factors.recoveryCodes) return null
  if ((await ports.recoveryCodes.count(pool.id, user.sub)) !== null) return null
  const codes = newRecoveryCodes(ports.random)
  const hashes = codes.map((code) => recoveryCodeHash(ports.hashes, pool.id, user.sub, readRecoveryCode(code) ?? code))
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'recovery_codes.made',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
  })
  await ports.recoveryCodes.replace(pool.id, user.sub, hashes, now, { events: [event] })
  return codes
}

/** The new factor is there and its owner has just used it: it counts as a proof. */
export const enrolled = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  proof: { method: 'totp' | 'sms' | 'email' | 'passkey'; factorId: string; isUserVerified?: true; isSynced?: true },
): Promise<StepAnswer> => {
  const proofs = [...input.flow.state.proofs, { ...proof, at: input.now.getTime() }]
  const codes = await withRecoveryCodes(ports, input, user)
  if (codes === null) return advance(ports, input, { user, proofs })
  return moved('recovery-codes', { proofs, enrolment: { kind: 'recovery-codes', codes } })
}

/** The first code of a new authenticator app turns it on. A wrong clock is told apart: the codes would never be right. */
export const submitNewTimeCode: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, context, form, now } = input
  const user = await challengedPerson(ports, input)
  const { enrolment } = flow.state
  if (user === null || enrolment?.kind !== 'totp') return moved('sign-in', droppedByEntry)
  const code = readCode(field(form, 'code', 200))
  if (!code.ok) return refused({ ...code.failure, field: 'code' })
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrongFactor(ports, input, user.sub, 'totp', spent)
  const answer = checkTimeCode(ports.apps, enrolment.secret, code.value, now)
  if (answer.kind !== 'match') {
    const code = answer.kind === 'mismatch' ? 'code-mismatch' : 'factor-clock'
    return wrongFactor(ports, input, user.sub, 'totp', { code, field: 'code' })
  }
  const made = await ports.factors.enrol(
    {
      poolId: pool.id,
      sub: user.sub,
      id: 'totp',
      kind: 'totp',
      name: null,
      address: null,
      credentialId: null,
      passkey: null,
      // The step of this first code is used up with it.
      counter: answer.step,
      createdAt: now,
      secret: enrolment.secret,
    },
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          type: 'factor.enrolled',
          outcome: 'success',
          sub: user.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
          detail: { kind: 'totp' },
        }),
      ],
    },
  )
  // Set up in another window meanwhile: that one is proven now.
  if (!made.ok) return advance(ports, input, { user, proofs: flow.state.proofs })
  await ports.attempts.clear(pool.id, 'factor.person', user.sub)
  return enrolled(ports, input, user, { method: 'totp', factorId: 'totp' })
}

/** The codes were shown; the person says that they are kept. */
export const submitRecoveryCodesSaved: StepHandler = (ports) => async (input) => {
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  if (field(input.form, 'saved', 10) === '') return refused({ code: 'recovery-codes-unsaved', field: 'saved' })
  return advance(ports, input, { user, proofs: input.flow.state.proofs })
}
