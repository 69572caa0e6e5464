import type { ArtifactStore } from '#adapters/postgres/pg-artifacts.ts'
import { newEvent } from '#core/events/index.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'
import type { ModelHooks } from './pool-provider.ts'

/** Rotations followed for one presented token: two tabs that refresh in turn, not a history. */
const MAX_HOPS = 5

/**
 * Rotation with a grace window. The successor of a refresh token is derived from it, so that repeating a request whose
 * answer was lost, or two tabs that refresh together, get the same successor; after the window the same is a replay, and
 * everything of the grant goes (RFC 9700 §4.14.2).
 */
export const graceful = (
  pool: PoolForOidc,
  { clients, hashes, clock, events, random }: OidcDeps,
  store: ArtifactStore,
): Pick<ModelHooks, 'successorOf' | 'graceSuccessor' | 'consume'> => {
  const poolId = pool.pool.id
  const nowEpoch = () => Math.floor(clock.now().getTime() / 1000)
  const successorOf = (refreshTokenId: string): string => hashes.of('refresh-successor', `${poolId}|${refreshTokenId}`)

  const graceOf = async (clientId: unknown): Promise<number> => {
    const found = typeof clientId === 'string' ? await clients.find(poolId, clientId) : null
    const rotation = found?.client.settings.refreshRotation
    return rotation?.enabled === true ? rotation.graceSeconds : 0
  }

  const isWithinGrace = async (found: {
    payload: Record<string, unknown>
    consumedAt: number | null
  }): Promise<boolean> =>
    found.consumedAt !== null && nowEpoch() - found.consumedAt < (await graceOf(found.payload.clientId))

  return {
    successorOf,
    async graceSuccessor(presented) {
      let id = presented
      for (let hop = 0; hop < MAX_HOPS; hop += 1) {
        const found = await store.find('RefreshToken', id)
        if (found === null || found.consumedAt === null || !(await isWithinGrace(found)))
          return id === presented ? null : id
        id = successorOf(id)
      }
      return id
    },
    async consume(kind, id) {
      if (await store.consume(kind, id, nowEpoch())) return true
      const found = await store.find(kind, id)
      // The other one of two that arrived together: it writes the same successor.
      if (kind === 'RefreshToken' && found !== null && (await isWithinGrace(found))) return true
      const grantId = found?.payload.grantId
      if (typeof grantId === 'string') await store.revokeGrant(grantId)
      await events.write({
        events: [
          newEvent(random, clock.now(), {
            poolId,
            type: 'token.reused',
            outcome: 'failure',
            sub: typeof found?.payload.accountId === 'string' ? found.payload.accountId : null,
            clientId: typeof found?.payload.clientId === 'string' ? found.payload.clientId : null,
            detail: { kind },
          }),
        ],
      })
      return false
    },
  }
}
