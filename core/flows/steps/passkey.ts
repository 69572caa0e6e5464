import { newEvent } from '../../events/index.ts'
import type { Ceremony, Factor, MethodProof } from '../../factors/index.ts'
import { BUDGETS, networkOf } from '../../limits/index.ts'
import { type Failure, fail, ok, type Result } from '../../shared/result.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { isOffered, takesAccount } from '../federation/offered-providers.ts'
import { beginsWithPasskeys, ceremonyOf } from '../passkey-ceremony.ts'
import type { JourneyPorts } from '../ports.ts'
import { field, moved, refused, type StepHandler, type StepInput, triggerCall } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { startRecoveryOf } from './recovery.ts'
import { refusedProof } from './refused-proof.ts'
import {
  challengedPerson,
  chooseAnotherFactor,
  provenFactor,
  spentGuesses,
  usableFactors,
  wrongFactor,
} from './second-factor.ts'

/** What the script put into the form: the JSON of an assertion or a new passkey. */
export const postedPasskey = (input: Pick<StepInput, 'form'>): string => field(input.form, 'credential', 20_000)

type PasskeyProof = Omit<MethodProof, 'at'> & { method: 'passkey'; factorId: string }

/** An event of a passkey whose counter went back: another authenticator may hold the same key (WebAuthn Level 3 §6.1.1). */
const noteClone = (ports: JourneyPorts, { flow, pool, client, context, now }: StepInput, { sub, id }: Factor) =>
  ports.events.write({
    events: [
      newEvent(ports.random, now, {
        poolId: pool.id,
        type: 'factor.cloned',
        outcome: 'failure',
        reason: 'passkey-cloned',
        sub,
        clientId: client.id,
        flowId: flow.id,
        context,
        detail: { kind: 'passkey', factor: id },
      }),
    ],
  })

/**
 * Checks an assertion of a known passkey and moves its counter forward, in one statement. What it proves — that a face, a
 * finger or a PIN was asked for — is what this very use says, never what the passkey once could.
 */
const proveBy = async (
  ports: JourneyPorts,
  input: StepInput,
  ceremony: Ceremony,
  factor: Factor,
): Promise<Result<PasskeyProof>> => {
  const { pool, now } = input
  const shown = await ports.passkeys.verifyAssertion(ceremony, postedPasskey(input), factor)
  if (!shown.ok) return shown
  const { counter, isUserVerified, isBackedUp, isSynced } = shown.value
  if (!(await ports.factors.advance(pool.id, factor.sub, factor.id, counter, now))) {
    const isThere = (await ports.factors.findByCredential(pool.id, factor.credentialId ?? '')) !== null
    if (!isThere) return fail('passkey-unknown')
    await noteClone(ports, input, factor)
    return fail('passkey-cloned')
  }
  if (isBackedUp !== factor.passkey?.isBackedUp) {
    await ports.factors.noteBackup(pool.id, factor.sub, factor.id, isBackedUp)
  }
  return ok({
    method: 'passkey',
    factorId: factor.id,
    ...(isUserVerified ? { isUserVerified } : {}),
    ...(isSynced ? { isSynced } : {}),
  })
}

/** Too many answers that were refused from one network. Honest ones are given back. */
const spentNetwork = async (ports: JourneyPorts, { pool, context, now }: StepInput): Promise<Failure | null> => {
  const taken = await ports.attempts.take(
    pool.id,
    'factor.network',
    networkOf(context.ip),
    BUDGETS['factor.network'],
    now,
  )
  if (!taken.isSpent) return null
  return {
    code: 'factor-attempts-spent',
    params: { minutes: Math.max(1, Math.ceil(taken.retryAfterSeconds / 60)) },
  }
}

/** A passkey is the pool's own way; where the app takes none of those, it is a way of the people of the app's providers. */
const comesByPasskey = async (ports: JourneyPorts, input: StepInput, user: User): Promise<boolean> => {
  if (takesAccount(input, user)) return true
  const { providers, identities } = ports.federation
  const [known, theirs] = [await providers.list(input.pool.id), await identities.list(input.pool.id, user.sub)]
  const offered = known.filter((provider) => isOffered(input.client, provider, 'sign-in'))
  return theirs.some(({ provider }) => offered.some(({ name }) => name === provider))
}

/**
 * Signs in by a passkey alone, without a name: whose it is, the authenticator says. The user handle must be that person's
 * (WebAuthn Level 3 §7.2 step 6), and the account be as it must be for a password.
 */
export const submitPasskeySignIn: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, context, now } = input
  const ceremony = beginsWithPasskeys(pool.settings) ? ceremonyOf(ports, input, []) : null
  if (ceremony === null) return moved('sign-in', droppedByEntry)
  const posted = postedPasskey(input)
  if (posted === '') return refused({ code: 'passkey-empty' })
  const spent = await spentNetwork(ports, input)
  if (spent !== null) return refusedProof(ports, input, 'passkey', spent)
  const claim = ports.passkeys.claimOf(posted)
  if (claim === null)
    return refusedProof(ports, input, 'passkey', { code: 'passkey-refused', because: 'not an assertion' })
  const factor = await ports.factors.findByCredential(pool.id, claim.credentialId)
  if (factor?.passkey == null) return refusedProof(ports, input, 'passkey', { code: 'passkey-unknown' })
  const { sub } = factor
  const refuse = (failure: Failure) => refusedProof(ports, input, 'passkey', { ...failure, sub })
  if (claim.userHandle !== sub) return refuse({ code: 'passkey-refused', because: 'made for somebody else' })
  const user = (await ports.users.findBySub(pool.id, sub))?.user ?? null
  if (user === null) return refuse({ code: 'user-unknown' })
  const before = await ports.triggers.preAuthentication({ ...triggerCall(input, user), userNotFound: false })
  if (!before.ok) return refuse(before.failure)
  const proof = await proveBy(ports, input, ceremony, factor)
  if (!proof.ok) return refuse(proof.failure)
  if (!user.enabled || user.status === 'DELETING') return refuse({ code: 'user-disabled' })
  if (user.status === 'UNCONFIRMED') return refuse({ code: 'user-unconfirmed' })
  if (!(await comesByPasskey(ports, input, user)))
    return refuse({ code: 'user-unknown', because: 'the app takes no accounts of the pool' })
  await ports.attempts.giveBack(pool.id, 'factor.network', networkOf(context.ip))
  if (user.status === 'RESET_REQUIRED') return startRecoveryOf(ports, input, user, user.username, {})
  const used = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'factor.used',
    outcome: 'success',
    sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { method: 'passkey' },
  })
  return advance(ports, input, {
    user,
    proofs: [{ ...proof.value, at: now.getTime() }],
    state: {
      ...droppedByEntry,
      keepSignedIn: pool.settings.session.keepSignedIn && field(input.form, 'keep') !== '',
    },
    events: [used],
  })
}

/** Any passkey of the person, as the second factor. */
export const submitPasskeyFactor: StepHandler = (ports) => async (input) => {
  const user = await challengedPerson(ports, input)
  if (user === null) return moved('sign-in', droppedByEntry)
  const passkeys = (await usableFactors(ports, input, user)).filter(({ kind }) => kind === 'passkey')
  const ceremony = ceremonyOf(ports, input, input.flow.state.proofs)
  if (ceremony === null || passkeys.length === 0) return chooseAnotherFactor(ports)(input)
  const posted = postedPasskey(input)
  if (posted === '') return refused({ code: 'passkey-empty' })
  const wrong = (failure: Failure) => wrongFactor(ports, input, user.sub, 'passkey', failure)
  const spent = await spentGuesses(ports, input, user.sub)
  if (spent !== null) return wrong(spent)
  const claim = ports.passkeys.claimOf(posted)
  const factor = passkeys.find(({ credentialId }) => credentialId === claim?.credentialId)
  if (claim === null || factor === undefined) {
    return wrong({ code: claim === null ? 'passkey-refused' : 'passkey-unknown' })
  }
  // A key that knows nobody by name says nothing; one that does must name this person.
  if (claim.userHandle !== null && claim.userHandle !== user.sub) return wrong({ code: 'passkey-refused' })
  const proof = await proveBy(ports, input, ceremony, factor)
  return proof.ok ? provenFactor(ports, input, user, proof.value) : wrong(proof.failure)
}
