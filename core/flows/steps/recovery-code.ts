import { newEvent } from '../../events/index.ts'
import { readRecoveryCode, recoveryCodeHash } from '../../factors/index.ts'
import type { Failure } from '../../shared/result.ts'
import { advance } from '../advance.ts'
import { makeRecoveryCodes } from '../make-recovery-codes.ts'
import { noticeTo } from '../notice.ts'
import { field, moved, refused, type StepHandler } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { challengedPerson, noteFactor, provenFactor, spentGuesses, wrongFactor } from './second-factor.ts'

/** With so many left, or fewer, new ones are offered. */
const FEW = 3

/** A code for the day a factor is lost; each works once, and the person is told that it was used and how many are left. */
export const submitRecoveryCodeFactor: StepHandler = (ports) => async (input) => {
  const { pool, client, form, flow, context, now } = input
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const wrong = (failure: Failure) =>
    wrongFactor(ports, input, user.sub, 'recovery-code', { ...failure, field: 'code' })
  const typed = field(form, 'code', 200)
  if (typed.trim() === '') return refused({ code: 'recovery-code-mismatch', field: 'code' })
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrong(spent)
  const code = readRecoveryCode(typed)
  if (code === null) return wrong({ code: 'recovery-code-mismatch' })
  const left = Math.max(0, ((await ports.recoveryCodes.count(pool.id, user.sub))?.left ?? 0) - 1)
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'recovery_code.used',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { left },
  })
  const hash = recoveryCodeHash(ports.hashes, pool.id, user.sub, code)
  const messages = await noticeTo(ports, input, user, 'recovery-code-used', { left })
  if (!(await ports.recoveryCodes.use(pool.id, user.sub, hash, now, { events: [event], messages }))) {
    return wrong({ code: 'recovery-code-mismatch' })
  }
  const proof = { method: 'recovery-code' } as const
  if (left > FEW || !pool.settings.factors.recoveryCodes) return provenFactor(ports, input, user, proof)
  const { proofs, events } = await noteFactor(ports, input, user, proof)
  return moved('few-codes', { proofs, enrolment: { kind: 'few-codes', left } }, events)
}

/** Few codes are left: ten new ones, in place of the rest. Its page is reached by a code that was right, and by nothing else. */
export const submitNewCodes: StepHandler = (ports) => async (input) => {
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const codes = await makeRecoveryCodes(ports, input, user)
  return moved('recovery-codes', { enrolment: { kind: 'recovery-codes', codes } })
}

/** The rest will do. */
export const keepFewCodes: StepHandler = (ports) => async (input) => {
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  return advance(ports, input, { user, proofs: input.flow.state.proofs })
}
