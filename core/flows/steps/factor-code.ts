import { checkCode, readCode } from '../check-code.ts'
import { factorSubject, isCodeFactor, sendFactorCode } from '../factor-code.ts'
import type { JourneyPorts } from '../ports.ts'
import { proveAddress } from '../prove-address.ts'
import { giveBackSend } from '../send-budgets.ts'
import { resendInSeconds } from '../send-code.ts'
import { field, moved, refused, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import {
  challengedPerson,
  chooseAnotherFactor,
  provenFactor,
  spentGuesses,
  usableFactors,
  wrongFactor,
} from './second-factor.ts'

/** The person and the factor whose code is asked for, as they are now. */
const asked = async (ports: JourneyPorts, input: StepInput) => {
  const user = await challengedPerson(ports, input)
  if (user === null) return null
  const factor = (await usableFactors(ports, input, user)).find(({ id }) => id === input.flow.state.challenge?.factorId)
  return { user, factor: isCodeFactor(factor) ? factor : null }
}

/** Another code to the same address. Fails with `code-too-soon` and `destination-refused`. */
export const resendFactorCode: StepHandler = (ports) => async (input) => {
  const { sentAt } = input.flow.state
  const wait = resendInSeconds(sentAt, input.now)
  if (wait > 0) return refused({ code: 'code-too-soon', params: { seconds: wait } })
  const found = await asked(ports, input)
  if (found === null) return moved('sign-in', droppedByEntry)
  if (found.factor === null) return chooseAnotherFactor(ports)(input)
  const sent = await sendFactorCode(ports, input, found.user, found.factor)
  return sent.ok ? moved('factor-code', { sentAt: [...sentAt, input.now.getTime()] }) : refused(sent.failure)
}

/**
 * The code that was sent to a phone or a mailbox. Counted for the person over all factors and for the codes of this journey,
 * each before anything is compared (attacks 37, 42). It proves the address too, as Cognito has it.
 */
export const submitFactorCode: StepHandler = (ports) => async (input) => {
  const { pool, flow, form, now } = input
  const found = await asked(ports, input)
  if (found === null) return moved('sign-in', droppedByEntry)
  const { user, factor } = found
  if (factor === null) return chooseAnotherFactor(ports)(input)
  const code = readCode(field(form, 'code', 200))
  if (!code.ok) return refused(code.failure)
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrongFactor(ports, input, user.sub, factor.kind, spent)
  const subject = factorSubject(ports, flow.id, factor)
  const checked = await checkCode(ports, input, { purpose: 'second-factor', subject, sub: user.sub })
  if (!checked.ok) return refused(checked.failure)
  await Promise.all([
    ports.attempts.clear(pool.id, 'code.second-factor', subject),
    giveBackSend(ports, input, { channel: factor.kind, address: factor.address }),
  ])
  await ports.factors.used(pool.id, user.sub, factor.id, now)
  const proven = await proveAddress(ports, input, user, factor)
  return provenFactor(ports, input, proven, { method: factor.kind, factorId: factor.id })
}
