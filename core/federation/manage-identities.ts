import { type EventType, newEvent } from '../events/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { UserDirectory } from '../users/ports.ts'
import type { LinkedIdentity } from './federated-profile.ts'
import { identityAt } from './identity-of.ts'
import type { IdentityStore, ProviderReader, UpstreamRecord } from './ports.ts'
import { isLastWayIn, type WaysInPorts, waysIn } from './ways-in.ts'

export interface ManageIdentitiesPorts extends WaysInPorts {
  users: Pick<UserDirectory, 'findBySub'>
  identities: IdentityStore
  providers: Pick<ProviderReader, 'find' | 'list'>
  random: Random
  clock: Clock
}

/** Whose identity an act is about, and which. */
export interface OnIdentity {
  pool: Pool
  sub: string
  /** Name of the provider. */
  provider: string
  subject: string
  by: Administrator
}

/** The subject is personal: the event names the provider alone. */
const eventOf = (
  { random, clock }: Pick<ManageIdentitiesPorts, 'random' | 'clock'>,
  { pool, sub, provider, by }: OnIdentity,
  type: Extract<EventType, 'identity.linked' | 'identity.unlinked'>,
): Alongside => ({
  events: [
    newEvent(random, clock.now(), {
      poolId: pool.id,
      type,
      outcome: 'success',
      sub,
      context: by.context,
      detail: { by: by.name, provider },
    }),
  ],
})

/**
 * Connects an identity to an account, native or made by another provider, before it has ever signed in (Cognito:
 * AdminLinkProviderForUser). One that has signed in has an account, and two accounts are never made one.
 *
 * Fails with `user-missing`, `provider-unknown`, `identity-taken`, `too-many-identities`, or `upstream-invalid` for a subject that
 * cannot be kept.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
 */
export const linkIdentity =
  (ports: ManageIdentitiesPorts) =>
  async (input: OnIdentity): Promise<Result<LinkedIdentity>> => {
    const provider = await ports.providers.find(input.pool.id, input.provider)
    if (provider === null) return fail('provider-unknown')
    const identity = identityAt(provider, input.subject, { isPrimary: false, at: ports.clock.now() })
    const linked = await ports.identities.link(identity, input.sub, eventOf(ports, input, 'identity.linked'))
    return linked.ok ? ok(identity) : linked
  }

/**
 * Takes an identity from an account, and with it everything the account was given before (Cognito: AdminDisableProviderForUser). The
 * next sign-in by it makes a profile of its own. An administrator is told where it was the last way in, and not refused.
 *
 * Fails with `user-missing` and `identity-unknown`.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
 */
export const unlinkIdentity =
  (ports: ManageIdentitiesPorts) =>
  async (input: OnIdentity): Promise<Result<{ wasLastWayIn: boolean }>> => {
    const { pool, sub, provider, subject } = input
    const key = { poolId: pool.id, provider, subject }
    const found = await ports.users.findBySub(pool.id, sub)
    if (found === null) return fail('user-missing')
    const wasLastWayIn = isLastWayIn(await waysIn(ports)(pool, found), key)
    const event = eventOf(ports, input, 'identity.unlinked')
    const unlinked = await ports.identities.unlink(key, sub, event, { endSessionsAt: ports.clock.now() })
    return unlinked.ok ? ok({ wasLastWayIn }) : unlinked
  }

/** A person's identities, each with when it last signed in (null: never). */
export const listIdentities =
  ({ identities }: Pick<ManageIdentitiesPorts, 'identities'>) =>
  async (poolId: string, sub: string): Promise<readonly (LinkedIdentity & { lastSignInAt: Date | null })[]> =>
    Promise.all(
      (await identities.list(poolId, sub)).map(async (identity) => ({
        ...identity,
        lastSignInAt: (await identities.record(identity))?.at ?? null,
      })),
    )

/**
 * What a provider said of somebody at their last sign-in, for who looks why a mapping does what it does; tokens are not shown. Null:
 * they never signed in. Fails with `identity-unknown` where the person does not have the identity.
 */
export const readUpstreamRecord =
  ({ identities }: Pick<ManageIdentitiesPorts, 'identities'>) =>
  async ({
    pool,
    sub,
    provider,
    subject,
  }: Omit<OnIdentity, 'by'>): Promise<Result<(Omit<UpstreamRecord, 'tokens'> & { keepsTokens: boolean }) | null>> => {
    const key = { poolId: pool.id, provider, subject }
    const identity = await identities.find(key)
    if (identity === null || identity.sub !== sub) return fail('identity-unknown')
    const record = await identities.record(key)
    return ok(record && { claims: record.claims, at: record.at, keepsTokens: record.tokens !== null })
  }
