import { newEvent } from '../../events/index.ts'
import { type MethodProof, MOST_PASSKEYS, providerOf } from '../../factors/index.ts'
import { fail, ok, type Result } from '../../shared/result.ts'
import type { User } from '../../users/ports.ts'
import { proofOf } from '../advance.ts'
import { firstRecoveryCodes } from '../make-recovery-codes.ts'
import { noticeTo } from '../notice.ts'
import { ceremonyOf, mayBeUnattended, takesPasskeys } from '../passkey-ceremony.ts'
import { mayTakeOffer } from '../passkey-offer.ts'
import type { JourneyPorts } from '../ports.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { goOnFromChoice, provenPerson } from './by-choice.ts'
import { afterEnrolment, enrollingPerson } from './enrol-factor.ts'
import { postedPasskey } from './passkey.ts'
import { challengedPerson } from './second-factor.ts'

type NewPasskeyProof = MethodProof & { factorId: string }

/**
 * Keeps a passkey that was just made for this person, with its event and the mail about it in one transaction. Bound to the
 * journey's own challenge, so that no answer from elsewhere adds a key to somebody's account (attack 35).
 */
const keepPasskey = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  isUnattended: boolean,
): Promise<Result<NewPasskeyProof>> => {
  const { pool, client, flow, context, now } = input
  const ceremony = ceremonyOf(ports, input, [])
  if (ceremony === null) return fail('passkey-refused', { because: 'no relying party' })
  const posted = postedPasskey(input)
  if (posted === '') return fail('passkey-empty')
  const made = await ports.passkeys.verifyCreation(ceremony, posted, isUnattended)
  if (!made.ok) return made
  const existing = await ports.factors.list(pool.id, user.sub)
  if (existing.filter(({ kind }) => kind === 'passkey').length >= MOST_PASSKEYS) {
    return fail('passkey-limit', { params: { most: MOST_PASSKEYS } })
  }
  const { credentialId, counter, detail } = made.value
  const id = ports.random.uuidAt(now)
  const name = providerOf(detail)
  const kept = await ports.factors.enrol(
    {
      poolId: pool.id,
      sub: user.sub,
      id,
      kind: 'passkey',
      name,
      address: null,
      credentialId,
      passkey: detail,
      counter,
      createdAt: now,
      secret: null,
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
          detail: { kind: 'passkey', unattended: isUnattended },
        }),
      ],
      messages: await noticeTo(ports, input, user, 'factor-added', { factor: 'passkey' }),
    },
  )
  if (!kept.ok) return kept
  return ok({
    method: 'passkey',
    factorId: id,
    at: now.getTime(),
    ...(detail.isUserVerified ? { isUserVerified: true as const } : {}),
    ...(detail.isBackupEligible ? { isSynced: true as const } : {}),
  })
}

const isMade = ({ flow }: StepInput): boolean => flow.state.enrolment?.kind === 'passkey-made'

/** A passkey as the second factor the pool demands: made, shown, then the journey goes on with it as a proof. */
export const submitNewPasskey: StepHandler = (ports) => async (input) => {
  const { proofs } = input.flow.state
  if (isMade(input)) {
    const owner = await challengedPerson(ports, input)
    return owner === null ? moved('sign-in', droppedByEntry) : afterEnrolment(ports, input, owner, proofs)
  }
  const who = await enrollingPerson(ports, input)
  if (who.user === null) return who.instead
  const { user } = who
  if (!takesPasskeys(input.pool.settings)) return moved('enrol-factor', { enrolment: null })
  const proof = await keepPasskey(ports, input, user, false)
  if (!proof.ok) return refused(proof.failure)
  return moved('enrol-passkey', {
    proofs: [...proofs, proof.value],
    enrolment: { kind: 'passkey-made', factorId: proof.value.factorId },
  })
}

/** On from a passkey that was made: to ten codes for the day it is lost, where it is asked for from now on. */
const goOnWithPasskey = async (ports: JourneyPorts, input: StepInput, user: User): Promise<StepAnswer> => {
  const codes = input.pool.settings.mfa === 'off' ? null : await firstRecoveryCodes(ports, input, user)
  if (codes === null) return goOnFromChoice(ports, input, user)
  return moved('recovery-codes', { enrolment: { kind: 'recovery-codes', codes } })
}

/** A passkey for the next time, offered and never demanded. */
export const submitOfferedPasskey: StepHandler = (ports) => async (input) => {
  const user = await provenPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  if (isMade(input)) return goOnWithPasskey(ports, input, user)
  if (!(await mayTakeOffer(ports, input, user))) return goOnFromChoice(ports, input, user)
  const isUnattended = field(input.form, 'unattended', 10) !== '' && mayBeUnattended(input)
  const proof = await keepPasskey(ports, input, user, isUnattended)
  if (!proof.ok) return refused(proof.failure)
  const enrolment = { kind: 'passkey-made', factorId: proof.value.factorId } as const
  const { proof: signIn, proofs } = input.flow.state
  // Made by a gesture it was shown as well: where whoever has a second factor is asked for it, this is the answer.
  if (isUnattended || signIn === null || signIn.isFromSession) return moved('offer-passkey', { enrolment })
  const shown = [...proofs, proof.value]
  return moved('offer-passkey', {
    enrolment,
    proofs: shown,
    proof: proofOf(user.sub, shown, signIn.continuesSession === true),
  })
}

/** "Not now". */
export const declinePasskey: StepHandler = (ports) => async (input) => {
  const user = await provenPerson(ports, input)
  return user === null ? moved('sign-in', droppedByEntry) : goOnFromChoice(ports, input, user)
}
