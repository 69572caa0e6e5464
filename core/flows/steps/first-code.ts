import { newEvent } from '../../events/index.ts'
import { advance } from '../advance.ts'
import { checkCode } from '../check-code.ts'
import { methodsOf } from '../federation/whose-password.ts'
import { askForFirstCode, firstCodeSubject, guessedAt, isStillReached, sendFirstCodeAgain } from '../first-code.ts'
import { CHANNELS } from '../first-factors.ts'
import type { PendingFirstCode } from '../flow.ts'
import type { JourneyPorts } from '../ports.ts'
import { giveBackSend } from '../send-budgets.ts'
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

const methodsHere = async ({ federation }: JourneyPorts, input: StepInput) =>
  methodsOf(input, await federation.providers.list(input.pool.id))

/** The name is given: the one way there is, or the choice. The same for every name. */
export const afterName = async (ports: JourneyPorts, input: StepInput, typed: string): Promise<StepAnswer> => {
  const [first, ...others] = await methodsHere(ports, input)
  const state = { ...droppedByEntry, values: { ...input.flow.state.values, username: typed } }
  if (others.length > 0) return moved('choose-method', state)
  if (first === undefined || first === 'password') return moved('password', state)
  return askForFirstCode(ports, input, typed, first)
}

/** One of the pool's ways, by its button. */
export const submitChooseMethod: StepHandler = (ports) => async (input) => {
  const typed = input.flow.state.values.username ?? ''
  const chosen = field(input.form, 'way', 20)
  const method = (await methodsHere(ports, input)).find((each) => each === chosen)
  if (method === undefined) return moved('choose-method')
  return method === 'password' ? moved('password') : askForFirstCode(ports, input, typed, method)
}

/** "Try another way": back to the choice, where there is one. */
export const chooseAnotherMethod: StepHandler = (ports) => async (input) =>
  moved((await methodsHere(ports, input)).length > 1 ? 'choose-method' : 'sign-in')

export const resendFirstCode: StepHandler = (ports) => async (input) => {
  const { firstCode } = input.flow.state
  return firstCode === null ? moved('sign-in', droppedByEntry) : sendFirstCodeAgain(ports, input, firstCode)
}

/** The address is proven, by code or link: the account as it is now decides what follows. */
export const provenByAddress = async (
  ports: JourneyPorts,
  input: StepInput,
  pending: PendingFirstCode & { sub: string },
  by: 'code' | 'link',
): Promise<StepAnswer> => {
  const { pool, client, flow, context, now } = input
  const found = await ports.users.findBySub(pool.id, pending.sub)
  // Disabled, or reached elsewhere since the message went out.
  if (found === null || !isStillReached(found.user, pending)) return moved('sign-in', droppedByEntry)
  const { user } = found
  await Promise.all([
    ports.attempts.clear(pool.id, 'code.sign-in', guessedAt(pending)),
    giveBackSend(ports, input, pending.sentTo),
  ])
  const entered = await ports.triggers.preAuthentication({ ...triggerCall(input, user), userNotFound: false })
  if (!entered.ok) return refused({ ...entered.failure, sub: user.sub })
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'code.checked',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { purpose: 'sign-in', by },
  })
  return advance(ports, input, {
    user,
    proofs: [{ method: CHANNELS[pending.method], at: now.getTime() }],
    state: { ...droppedByEntry, values: flow.state.values },
    events: [event],
  })
}

/** The code instead of a password. Of a name nobody has, none is right. */
export const submitFirstCode: StepHandler = (ports) => async (input) => {
  const pending = input.flow.state.firstCode
  if (pending === null) return moved('sign-in', droppedByEntry)
  const checked = await checkCode(ports, input, {
    purpose: 'sign-in',
    subject: firstCodeSubject(ports, input.flow.id, pending),
    countedFor: guessedAt(pending),
    sub: pending.sub,
  })
  if (!checked.ok) return refused(checked.failure)
  const { sub } = pending
  if (sub === null) return refused({ code: 'code-mismatch', field: 'code' })
  return provenByAddress(ports, input, { ...pending, sub }, 'code')
}
