import type { MethodProof } from '../../factors/index.ts'
import type { IdentityProvider } from '../../federation/identity-provider.ts'
import {
  type IdentityKey,
  isSubject,
  type LinkableUser,
  type LinkDecision,
  linkDecision,
  type MappedProfile,
  mapAttributes,
} from '../../federation/index.ts'
import type { UpstreamIdentity } from '../../federation/ports.ts'
import { maskAddress, signInName } from '../../users/index.ts'
import type { User } from '../../users/ports.ts'
import { advance } from '../advance.ts'
import { stepAfterProof } from '../after-proof.ts'
import type { JourneyPorts } from '../ports.ts'
import { moved, refused, type StepAnswer, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { capturePassword } from './capture-password.ts'
import { purposeOf } from './departure.ts'
import { createFederatedUser, updateFromProvider } from './federated-user.ts'

const linkable = async (ports: JourneyPorts, poolId: string, user: User | null): Promise<LinkableUser | null> => {
  if (user === null) return null
  const { email } = user.attributes
  return {
    poolId,
    sub: user.sub,
    enabled: user.enabled,
    status: user.status,
    email: typeof email === 'string' ? email : null,
    isEmailVerified: user.attributes.email_verified === true,
    linkedIdentities: (await ports.federation.identities.list(poolId, user.sub)).length,
  }
}

const found = async (ports: JourneyPorts, poolId: string, sub: string | undefined): Promise<User | null> =>
  sub === undefined ? null : ((await ports.users.findBySub(poolId, sub))?.user ?? null)

/** The account of the pool itself that has the address as a name; null: nobody, or nobody looks. */
const withAddress = async (ports: JourneyPorts, { pool }: StepInput, email: unknown): Promise<User | null> => {
  const name = typeof email === 'string' ? signInName(pool, 'email', email) : null
  return name?.ok ? ((await ports.users.findByName(pool.id, name.value.value))?.user ?? null) : null
}

/** Keeps what was said, and the session there where it can be ended; gives the proof that the journey has now. */
const noteSignIn = async (
  ports: JourneyPorts,
  { pool, now }: StepInput,
  { name, settings }: IdentityProvider,
  identity: UpstreamIdentity,
  user: User,
  profile: MappedProfile,
): Promise<MethodProof> => {
  const { identities, sessions } = ports.federation
  const key: IdentityKey = { poolId: pool.id, provider: name, subject: identity.subject }
  // Cognito's own group of everybody who came by a provider (observed).
  const own = user.status === 'EXTERNAL_PROVIDER' ? [`${pool.id}_${name}`] : []
  const into = [...profile.groups, ...own]
  await identities.note(
    key,
    { claims: identity.claims, tokens: settings.keepsTokens ? (identity.tokens ?? null) : null, at: now },
    { into, outOf: profile.managedGroups.filter((group) => !into.includes(group)) },
  )
  const session = identity.session === null ? null : ports.random.uuidAt(now)
  if (session !== null && identity.session !== null) {
    const minutes = Math.max(pool.settings.session.maxMinutes, 60)
    const expiresAt = new Date(now.getTime() + minutes * 60_000)
    await sessions.keep({ ...key, id: session, sub: user.sub, session: identity.session, expiresAt }, identity.nameId)
  }
  return {
    method: 'federation',
    // Somebody made by this very sign-in came into being a moment after it began.
    at: Math.max(now.getTime(), user.createdAt.getTime()),
    federation: {
      provider: name,
      // A directory's password was typed here; how others prove somebody is their word.
      amr: settings.kind === 'ldap' ? ['pwd'] : settings.trustsAmr ? (identity.amr ?? []) : [],
      session,
      coversSecondFactor: settings.secondFactor === 'never',
    },
  }
}

const entered = async (
  ports: JourneyPorts,
  input: StepInput,
  provider: IdentityProvider,
  identity: UpstreamIdentity,
  user: User,
  profile: MappedProfile,
  password: string | null,
): Promise<StepAnswer> => {
  const before = await ports.triggers.preAuthentication({
    poolId: input.pool.id,
    clientId: input.client.id,
    eventId: input.flow.state.eventId,
    username: user.username,
    attributes: user.attributes,
    locale: input.flow.state.locale,
    clientMetadata: {},
    userNotFound: false,
  })
  if (!before.ok) return refused({ ...before.failure, sub: user.sub })
  const proof = await noteSignIn(ports, input, provider, identity, user, profile)
  const captured = password === null ? user : await capturePassword(ports, input, { provider, user, profile, password })
  return advance(ports, input, { user: captured, proofs: [proof], state: { ...droppedByEntry, identity: null } })
}

const REFUSALS: Readonly<Record<Extract<LinkDecision, { kind: 'refuse' }>['because'], Parameters<typeof refused>[0]>> =
  {
    'provider-disabled': { code: 'upstream-refused', because: 'the provider is switched off' },
    'link-only': { code: 'upstream-link-only' },
    'user-disabled': { code: 'upstream-refused', because: 'the account is disabled' },
    'mixed-up': { code: 'upstream-invalid', because: 'of another provider or pool' },
  }

/** A profile of its own for an identity, and in with it. */
export const enterAsNewUser = async (
  ports: JourneyPorts,
  input: StepInput,
  provider: IdentityProvider,
  identity: UpstreamIdentity,
  password: string | null = null,
): Promise<StepAnswer> => {
  if (!provider.settings.createsUsers) return refused({ code: 'upstream-unlinked' })
  const profile = mapAttributes(provider.settings, identity.claims)
  const created = await createFederatedUser(ports, input, provider, identity, profile.attributes)
  return created.ok
    ? entered(ports, input, provider, identity, created.value, profile, password)
    : refused(created.failure)
}

/** An identity for the account that the journey has proven: shown once more, for a last word. */
const toBeConnected = async (
  ports: JourneyPorts,
  input: StepInput,
  provider: IdentityProvider,
  identity: UpstreamIdentity,
  owner: string | undefined,
): Promise<StepAnswer> => {
  const { proof } = input.flow.state
  if (owner !== undefined && owner !== proof?.sub) return refused({ code: 'identity-taken' })
  const user = await found(ports, input.pool.id, proof?.sub)
  if (user === null) return moved('sign-in', droppedByEntry)
  if (owner !== undefined) return moved(await stepAfterProof(ports, input, user, { connect: true }), { identity: null })
  return moved('connect-provider', { identity: { provider: provider.name, identity, offeredTo: null } })
}

/**
 * Somebody whom a provider has named, after all of it was verified. In they come as who they are here, or as a new profile; an
 * account with the same address is offered to them and never given (attacks 60 to 65).
 *
 * Refuses with `upstream-incomplete`, `upstream-unlinked`, `upstream-link-only`, `identity-taken`, `upstream-refused` or
 * `upstream-invalid`, besides what triggers say.
 */
export const welcomeIdentity = async (
  ports: JourneyPorts,
  input: StepInput,
  provider: IdentityProvider,
  identity: UpstreamIdentity,
  /** That a directory has just taken; null: none was typed here. */
  password: string | null = null,
): Promise<StepAnswer> => {
  const { pool } = input
  if (!isSubject(identity.subject)) return refused({ code: 'upstream-invalid', because: 'an unusable subject' })
  const key: IdentityKey = { poolId: pool.id, provider: provider.name, subject: identity.subject }
  const owned = await ports.federation.identities.find(key)
  if (purposeOf(input.flow) === 'connect') return toBeConnected(ports, input, provider, identity, owned?.sub)

  const profile = mapAttributes(provider.settings, identity.claims)
  if (profile.missing.length > 0)
    return refused({ code: 'upstream-incomplete', params: { attributes: profile.missing.join(', ') } })
  const { email, email_verified: isEmailVerified } = profile.attributes
  const owner = await found(ports, pool.id, owned?.sub)
  const local = owned === null ? await withAddress(ports, input, email) : null
  const decision = linkDecision({
    provider: { ...provider.settings, name: provider.name },
    identity: { ...key, email: typeof email === 'string' ? email : null, isEmailVerified: isEmailVerified === true },
    owner: await linkable(ports, pool.id, owner),
    localUser: await linkable(ports, pool.id, local),
  })
  switch (decision.kind) {
    case 'refuse':
      return refused({ ...REFUSALS[decision.because], ...(owned === null ? {} : { sub: owned.sub }) })
    case 'sign-in': {
      if (owner === null) return refused(REFUSALS['user-disabled'])
      const updated = await updateFromProvider(ports, input, provider, owner, profile.attributes)
      return updated.ok
        ? entered(ports, input, provider, identity, updated.value, profile, password)
        : refused(updated.failure)
    }
    case 'offer':
      return moved('link-account', {
        ...droppedByEntry,
        identity: {
          provider: provider.name,
          identity,
          offeredTo: { sub: decision.sub, destination: maskAddress(String(email)) },
        },
      })
    case 'create':
      return enterAsNewUser(ports, input, provider, identity, password)
  }
}
