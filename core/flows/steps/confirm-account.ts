import { newEvent } from '../../events/index.ts'
import { type Destination, destinationOf, namesOfUser } from '../../users/index.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { checkCode } from '../check-code.ts'
import type { FlowState } from '../flow.ts'
import type { JourneyPorts } from '../ports.ts'
import { resendInSeconds, sendCode } from '../send-code.ts'
import { moved, refused, type StepAnswer, type StepHandler, type StepInput, triggerCall } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'

/** Whose codes these are: this person's, for this address. One that went to a former address proves nothing of today's. */
const accountSubject = ({ hashes }: Pick<JourneyPorts, 'hashes'>, sub: string, to: Destination | null): string =>
  `user:${sub}:${hashes.of('account-address', `${to?.channel}|${to?.address}`)}`

const send = (ports: JourneyPorts, input: StepInput, user: User, to: Destination) =>
  sendCode(ports, input, {
    purpose: 'verify-account',
    subject: accountSubject(ports, user.sub, to),
    message: 'verify-account-code',
    // As Cognito's ResendConfirmationCode: the first one went out when the account was made.
    source: 'resend-code',
    to,
    user,
    minutes: input.pool.settings.codes.signUpMinutes,
    linkPath: null,
    isReal: true,
  })

/** A right password of an account nobody confirmed yet: a code proves the address first. */
export const startAccountConfirmation = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  state: Partial<FlowState>,
): Promise<StepAnswer> => {
  const to = destinationOf(user.attributes, 'any')
  if (to === null) return refused({ code: 'user-unconfirmed' }, state)
  const sent = await send(ports, input, user, to)
  if (!sent.ok) return refused(sent.failure, state)
  return moved('confirm-account', {
    ...droppedByEntry,
    ...state,
    account: { sub: user.sub, destination: to, provenAt: input.now.getTime() },
    sentAt: [input.now.getTime()],
  })
}

/** Another code for the same address. Fails with `code-too-soon`. */
export const resendAccountCode: StepHandler = (ports) => async (input) => {
  const { account, sentAt } = input.flow.state
  const wait = resendInSeconds(sentAt, input.now)
  if (wait > 0) return refused({ code: 'code-too-soon', params: { seconds: wait } })
  const found = account === null ? null : await ports.users.findBySub(input.pool.id, account.sub)
  if (found === null || account === null || account.destination === null) return moved('sign-in', droppedByEntry)
  const sent = await send(ports, input, found.user, account.destination)
  return sent.ok ? moved('confirm-account', { sentAt: [...sentAt, input.now.getTime()] }) : refused(sent.failure)
}

/** The code is right: the account is confirmed, the address it went to verified, and the person signed in. */
export const submitAccountCode: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, now, context } = input
  const { account } = flow.state
  if (account === null) return moved('sign-in', droppedByEntry)
  const checked = await checkCode(ports, input, {
    purpose: 'verify-account',
    subject: accountSubject(ports, account.sub, account.destination),
    sub: account.sub,
  })
  if (!checked.ok) return refused(checked.failure)
  const found = await ports.users.findBySub(pool.id, account.sub)
  // Disabled, or confirmed otherwise meanwhile: the password of before the code proves nothing about what the account is now.
  if (found === null || !found.user.enabled || found.user.status !== 'UNCONFIRMED')
    return moved('sign-in', droppedByEntry)
  // The address was changed while the code was on its way: the code proves the old one.
  if (destinationOf(found.user.attributes, 'any')?.address !== account.destination?.address)
    return moved('sign-in', droppedByEntry)
  const verified: Record<string, boolean> =
    account.destination?.channel === 'sms' ? { phone_number_verified: true } : { email_verified: true }
  const names = namesOfUser(pool, found.user.username, { ...found.user.attributes, ...verified })
  const confirmed = await ports.writer.update(
    pool.id,
    account.sub,
    { status: 'CONFIRMED', attributes: verified, ...(names.ok ? { names: names.value } : {}), at: now },
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          type: 'sign_up.confirmed',
          outcome: 'success',
          sub: account.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
        }),
      ],
    },
  )
  if (!confirmed.ok) return moved('sign-in', { ...droppedByEntry, notice: 'accountExists' })
  const user = confirmed.value
  const trigger = await ports.triggers.postConfirmation({
    source: 'sign-up',
    ...triggerCall(input, user),
  })
  if (!trigger.ok) return refused(trigger.failure)
  return advance(ports, input, {
    user,
    proofs: [
      { method: 'password', at: account.provenAt },
      { method: account.destination?.channel ?? 'email', at: now.getTime() },
    ],
  })
}
