import type { Payload } from 'oidc-provider'
import type { ArtifactStore } from '#adapters/postgres/pg-artifacts.ts'

/** What oidc-provider expects of storage, one object per model name. */
export interface OidcAdapter {
  upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>
  find(id: string): Promise<Payload | undefined>
  findByUid(uid: string): Promise<Payload | undefined>
  findByUserCode(userCode: string): Promise<Payload | undefined>
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grantId: string): Promise<void>
}

const withConsumed = (found: Awaited<ReturnType<ArtifactStore['find']>>): Payload | undefined =>
  found === null
    ? undefined
    : { ...found.payload, ...(found.consumedAt === null ? {} : { consumed: found.consumedAt }) }

/** Artefacts of one kind in one pool. Clients are not artefacts: they are read from their table, and never written here. */
export const artifactAdapter = (
  store: ArtifactStore,
  findClient: (clientId: string) => Promise<Payload | undefined>,
  nowEpoch: () => number,
) => {
  return (kind: string): OidcAdapter => ({
    upsert: (id, payload, expiresIn) => store.upsert(kind, id, payload, expiresIn),
    find: async (id) => (kind === 'Client' ? findClient(id) : withConsumed(await store.find(kind, id))),
    findByUid: async (uid) => withConsumed(await store.findByUid(kind, uid)),
    findByUserCode: async (userCode) => withConsumed(await store.findByUserCode(kind, userCode)),
    consume: async (id) => void (await store.consume(kind, id, nowEpoch())),
    destroy: (id) => store.destroy(kind, id),
    revokeByGrantId: (grantId) => store.revokeByGrantId(kind, grantId),
  })
}
