import type { ArtifactStore } from '#adapters/postgres/pg-artifacts.ts'
import { newEvent } from '#core/events/index.ts'
import type { Alongside } from '#core/shared/alongside.ts'
import type { ModelHooks } from './model-hooks.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'

/**
 * Rotation with a grace window. The successor of a refresh token is derived from it, so that repeating a request whose
 * answer was lost, or two tabs that refresh together, get the same successor; after the window the same is a replay, and
 * everything of the grant goes (RFC 9700 §4.14.2).
 */
export const graceful = (
  pool: PoolForOidc,
  { clients, hashes, clock, events, random }: OidcDeps,
  store: ArtifactStore,
): Pick<ModelHooks, 'successorOf' | 'isWithinGrace' | 'reused' | 'consume'> => {
  const poolId = pool.pool.id
  const nowEpoch = () => Math.floor(clock.now().getTime() / 1000)

  const graceOf = async (clientId: unknown): Promise<number> => {
    const found = typeof clientId === 'string' ? await clients.find(poolId, clientId) : null
    const rotation = found?.client.settings.refreshRotation
    return rotation?.enabled === true ? rotation.graceSeconds : 0
  }

  const mayRepeat = async (consumedAt: number | null | undefined, clientId: unknown): Promise<boolean> =>
    consumedAt != null && nowEpoch() - consumedAt < (await graceOf(clientId))

  const reuse = (kind: string, accountId: unknown, clientId: unknown): Alongside => ({
    events: [
      newEvent(random, clock.now(), {
        poolId,
        type: 'token.reused',
        outcome: 'failure',
        sub: typeof accountId === 'string' ? accountId : null,
        clientId: typeof clientId === 'string' ? clientId : null,
        detail: { kind },
      }),
    ],
  })

  return {
    successorOf: (refreshTokenId) => hashes.of('refresh-successor', `${poolId}|${refreshTokenId}`),
    isWithinGrace: ({ consumed, clientId }) => mayRepeat(consumed, clientId),
    reused: ({ kind, accountId, clientId }) => events.write(reuse(kind, accountId, clientId)),
    async consume(kind, id) {
      if (await store.consume(kind, id, nowEpoch())) return true
      const found = await store.find(kind, id)
      // The other one of two that arrived together: it writes the same successor.
      if (kind === 'RefreshToken' && (await mayRepeat(found?.consumedAt, found?.payload.clientId))) return true
      const grantId = found?.payload.grantId
      await store.revokeGrants(
        typeof grantId === 'string' ? [grantId] : [],
        reuse(kind, found?.payload.accountId, found?.payload.clientId),
      )
      return false
    },
  }
}
