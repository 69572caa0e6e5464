import { newEvent } from '../../events/index.ts'
import { checkTimeCode, type MethodProof } from '../../factors/index.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { askedEnrolment, isAskedEnrolment } from '../asked-enrolment.ts'
import { readCode } from '../check-code.ts'
import { firstRecoveryCodes } from '../make-recovery-codes.ts'
import { noticeTo } from '../notice.ts'
import { owedBy } from '../owed.ts'
import type { JourneyPorts } from '../ports.ts'
import { CONTACT_ATTRIBUTES } from '../prove-address.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { goOnFromChoice, provenPerson } from './by-choice.ts'
import { challengedPerson, spentGuesses, wrongFactor } from './second-factor.ts'

/**
 * Who may set up a factor at this moment. What somebody had when the page was drawn is not what counts: where its owner has
 * set one up meanwhile, whoever waits here with a password alone shows that one, and adds none of their own (attack 51).
 */
export const enrollingPerson = async (
  ports: JourneyPorts,
  input: StepInput,
): Promise<{ user: User } | { user: null; instead: StepAnswer }> => {
  const { flow, pool, client, now } = input
  const user = await challengedPerson(ports, input)
  const away = { user: null, instead: moved('sign-in', droppedByEntry) } as const
  if (user === null) return away
  const { proofs, judged, request } = flow.state
  if (isAskedEnrolment(request))
    return (await askedEnrolment(ports, { pool, request, sub: user.sub, proofs, now })) === null ? away : { user }
  const owed = await owedBy(ports, { pool, client, request, user, proofs, judged })
  return owed.kind === 'enrol' ? { user } : { user: null, instead: await advance(ports, input, { user, proofs }) }
}

/** Asks for a phone number or an address, beginning with the one that is proven. */
const startContact = (user: User, channel: 'sms' | 'email'): StepAnswer => {
  const [attribute, proof] = CONTACT_ATTRIBUTES[channel]
  const proven = user.attributes[proof] === true ? String(user.attributes[attribute] ?? '') : ''
  return moved('enrol-contact', {
    enrolment: { kind: 'contact', channel, address: null },
    values: { [attribute]: proven },
  })
}

/** Which kind to set up, by its button. */
export const submitChooseEnrolment: StepHandler = (ports) => async (input) => {
  const who = await enrollingPerson(ports, input)
  if (who.user === null) return who.instead
  const { user } = who
  const kind = field(input.form, 'kind', 20)
  if (kind === 'totp' && input.pool.settings.factors.allowed.includes('totp')) {
    return moved('enrol-totp', { enrolment: { kind: 'totp', secret: ports.apps.newSecret() } })
  }
  if (kind === 'passkey' && input.pool.settings.factors.allowed.includes('passkey')) {
    return moved('enrol-passkey', { enrolment: null })
  }
  if ((kind === 'sms' || kind === 'email') && input.pool.settings.factors.allowed.includes(kind)) {
    return startContact(user, kind)
  }
  return moved('enrol-factor', { enrolment: null })
}

/** Back to the kinds of factor; what was begun is dropped. */
export const chooseAnotherEnrolment: StepHandler = () => async () => moved('enrol-factor', { enrolment: null })

/** The new factor is there and proven: ten codes for the day it is lost, or on. */
export const afterEnrolment = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  proofs: readonly MethodProof[],
): Promise<StepAnswer> => {
  const codes = await firstRecoveryCodes(ports, input, user)
  if (codes === null) return advance(ports, input, { user, proofs })
  return moved('recovery-codes', { proofs, enrolment: { kind: 'recovery-codes', codes } })
}

/** The new factor is there and its owner has just used it: it counts as a proof. */
export const enrolled = (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  proof: { method: 'totp' | 'sms' | 'email' | 'passkey'; factorId: string; isUserVerified?: true; isSynced?: true },
): Promise<StepAnswer> =>
  afterEnrolment(ports, input, user, [...input.flow.state.proofs, { ...proof, at: input.now.getTime() }])

/** The first code of a new authenticator app turns it on. A wrong clock is told apart: the codes would never be right. */
export const submitNewTimeCode: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, context, form, now } = input
  const { enrolment } = flow.state
  if (enrolment?.kind !== 'totp') return moved('sign-in', droppedByEntry)
  const who = await enrollingPerson(ports, input)
  if (who.user === null) return who.instead
  const { user } = who
  const code = readCode(field(form, 'code', 200))
  if (!code.ok) return refused({ ...code.failure, field: 'code' })
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrongFactor(ports, input, user.sub, 'totp', spent)
  const answer = checkTimeCode(ports.apps, enrolment.secret, code.value, now)
  if (answer.kind !== 'match') {
    const code = answer.kind === 'mismatch' ? 'time-code-mismatch' : 'factor-clock'
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
      messages: await noticeTo(ports, input, user, 'factor-added', { factor: 'totp' }),
    },
  )
  // Set up in another window meanwhile: that one is proven now.
  if (!made.ok) return advance(ports, input, { user, proofs: flow.state.proofs })
  await ports.attempts.clear(pool.id, 'factor.person', user.sub)
  return enrolled(ports, input, user, { method: 'totp', factorId: 'totp' })
}

/** The codes were shown; the person says that they are kept. */
export const submitRecoveryCodesSaved: StepHandler = (ports) => async (input) => {
  const isSignedIn = input.flow.state.proof !== null
  const user = await (isSignedIn ? provenPerson : challengedPerson)(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  if (field(input.form, 'saved', 10) === '') return refused({ code: 'recovery-codes-unsaved', field: 'saved' })
  if (isSignedIn) return goOnFromChoice(ports, input, user)
  return advance(ports, input, { user, proofs: input.flow.state.proofs })
}
