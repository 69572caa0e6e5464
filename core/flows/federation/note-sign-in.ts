import type { IdentityProvider } from '../../federation/identity-provider.ts'
import type { IdentityKey, MappedProfile } from '../../federation/index.ts'
import type { UpstreamIdentity } from '../../federation/ports.ts'
import type { User } from '../../users/ports.ts'
import type { JourneyPorts } from '../ports.ts'
import type { StepInput } from '../step-handler.ts'

/**
 * Keeps what a provider has just said of the person who has the identity, moves them between the groups that its rules manage, and
 * keeps the session there where it can be ended.
 *
 * @returns id of that session, for the proof of the sign-in to name; null: none was kept
 */
export const noteSignIn = async (
  ports: JourneyPorts,
  { pool, now }: Pick<StepInput, 'pool' | 'now'>,
  { name, settings }: IdentityProvider,
  identity: UpstreamIdentity,
  user: User,
  profile: MappedProfile,
): Promise<string | null> => {
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
  if (identity.session === null) return null
  const id = ports.random.uuidAt(now)
  const minutes = Math.max(pool.settings.session.maxMinutes, 60)
  const expiresAt = new Date(now.getTime() + minutes * 60_000)
  await sessions.keep({ ...key, id, sub: user.sub, session: identity.session, expiresAt }, identity.nameId)
  return id
}
