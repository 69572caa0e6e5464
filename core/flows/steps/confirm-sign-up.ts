import { newEvent } from '../../events/index.ts'
import type { MethodProof } from '../../factors/index.ts'
import { namesOfUser } from '../../users/index.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { checkCode } from '../check-code.ts'
import { exposureEvent } from '../exposed-password.ts'
import type { PendingSignUp } from '../flow.ts'
import { noticeTo } from '../notice.ts'
import type { JourneyPorts } from '../ports.ts'
import { resendInSeconds, sendCode } from '../send-code.ts'
import { toFormMessage } from '../shown-failure.ts'
import { moved, refused, type StepAnswer, type StepHandler, type StepInput, triggerCall } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'

/**
 * Whose codes these are: this journey's, for this address. A code that was sent to one address proves no other, however
 * often a person goes back and chooses anew.
 */
export const signUpSubject = (
  { hashes }: Pick<JourneyPorts, 'hashes'>,
  flowId: string,
  { destination }: Pick<PendingSignUp, 'destination'>,
): string => `flow:${flowId}:${hashes.of('sign-up-address', `${destination.channel}|${destination.address}`)}`

/** The code, or the other mail of a taken address. */
export const sendSignUpCode = (
  ports: JourneyPorts,
  input: StepInput,
  pending: PendingSignUp,
  owner: User | null,
  isAgain = false,
) =>
  sendCode(ports, input, {
    purpose: 'sign-up',
    subject: signUpSubject(ports, input.flow.id, pending),
    message: pending.isTaken ? 'account-exists' : 'sign-up-code',
    ...(isAgain ? { source: 'resend-code' } : {}),
    to: pending.destination,
    user: owner,
    minutes: input.pool.settings.codes.signUpMinutes,
    linkPath: pending.isTaken ? null : '/confirmUser',
    isReal: true,
    // Typed on the page that shows it.
    tellsRefusal: true,
  })

/** The account comes into being. Whoever took one of its names meanwhile keeps it: the address is proven, so that may be said. */
export const createAccount = async (
  ports: JourneyPorts,
  input: StepInput,
  pending: PendingSignUp,
  { provesAddress }: { provesAddress: boolean },
): Promise<StepAnswer> => {
  const { flow, pool, client, context, now } = input
  const verified = pending.destination.channel === 'sms' ? { phone_number_verified: true } : { email_verified: true }
  const user: User = {
    poolId: pool.id,
    sub: pending.name.kind === 'username' ? ports.random.uuid() : pending.username,
    username: pending.username,
    status: 'CONFIRMED',
    enabled: true,
    attributes: provesAddress ? { ...pending.attributes, ...verified } : pending.attributes,
    sessionsValidAfter: now,
    createdAt: now,
    updatedAt: now,
    lastSignInAt: null,
    preferredFactor: null,
    deleteAfter: null,
  }
  const names = namesOfUser(pool, user.username, user.attributes)
  if (!names.ok) return refused({ ...names.failure, field: 'username' })
  const { exposure } = pending
  const created = await ports.writer.create(
    {
      user,
      names: names.value,
      password:
        pending.passwordHash === null
          ? null
          : { hash: pending.passwordHash, isTemporary: false, expiresAt: null, changedAt: now },
    },
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          type: 'sign_up.confirmed',
          outcome: 'success',
          sub: user.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
          detail: { proven: provesAddress },
        }),
        ...(exposure === undefined ? [] : [exposureEvent(ports, input, user.sub, exposure)]),
      ],
      messages: exposure === undefined ? [] : await noticeTo(ports, input, user, 'password-exposed'),
    },
  )
  if (!created.ok) return moved('sign-in', { ...droppedByEntry, notice: 'accountExists' })
  const trigger = await ports.triggers.postConfirmation({
    source: 'sign-up',
    ...triggerCall(input, user),
  })
  if (!trigger.ok) return refused(trigger.failure)
  const at = now.getTime()
  const proofs: readonly MethodProof[] = [
    ...(pending.passwordHash === null ? [] : [{ method: 'password' as const, at }]),
    ...(provesAddress ? [{ method: pending.destination.channel, at }] : []),
  ]
  // Whoever has proven nothing is signed in by nothing.
  if (!pool.settings.signInAfterConfirm || proofs.length === 0)
    return moved('sign-in', { ...droppedByEntry, notice: 'emailConfirmed' })
  // Who signs in without the sign-in page signs in to the owner's triggers all the same.
  const entered = await ports.triggers.preAuthentication({ ...triggerCall(input, user), userNotFound: false })
  // The account is there and proven; signing in is what was refused.
  if (!entered.ok) return moved('sign-in', { ...droppedByEntry, failure: toFormMessage(entered.failure, pool) })
  const answer = await advance(ports, input, {
    user: created.value,
    proofs,
    state: droppedByEntry,
  })
  return answer.kind === 'moved'
    ? answer
    : moved('sign-in', { ...droppedByEntry, failure: toFormMessage(answer.failure, pool) })
}

/** The code of a new account. A taken address has none that is right, and fails as a wrong one does. */
export const submitSignUpCode: StepHandler = (ports) => async (input) => {
  const { signUp } = input.flow.state
  if (signUp === null) return moved('sign-up', droppedByEntry)
  const checked = await checkCode(ports, input, {
    purpose: 'sign-up',
    subject: signUpSubject(ports, input.flow.id, signUp),
    sub: null,
  })
  if (!checked.ok) return refused(checked.failure)
  // Nobody was sent the code of a taken address; were it guessed, the journey still leads nowhere.
  if (signUp.isTaken) return refused({ code: 'code-mismatch', field: 'code' })
  return createAccount(ports, input, signUp, { provesAddress: true })
}

/** Another code, or the other mail of a taken address. Fails with `code-too-soon`. */
export const resendSignUpCode: StepHandler = (ports) => async (input) => {
  const { signUp, sentAt } = input.flow.state
  if (signUp === null) return moved('sign-up', droppedByEntry)
  const wait = resendInSeconds(sentAt, input.now)
  if (wait > 0) return refused({ code: 'code-too-soon', params: { seconds: wait } })
  const sent = await sendSignUpCode(ports, input, signUp, null, true)
  return sent.ok ? moved('confirm-sign-up', { sentAt: [...sentAt, input.now.getTime()] }) : refused(sent.failure)
}

/** "Change email": back to the form with what was typed, but nothing that was half-finished. */
export const changeSignUpAddress: StepHandler = () => async () => moved('sign-up', droppedByEntry)
