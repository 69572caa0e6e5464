import type { ClientForProtocol, pgProtocolClients } from '#adapters/postgres/pg-token-reads.ts'
import { ACCOUNT_CLIENT_ID, accountClient } from '#core/clients/index.ts'
import type { PoolLinks, PoolReader } from '#core/pools/ports.ts'

/** Clients as the protocol reads them, the account pages' own among them: in every pool, without a row. */
export const withAccountClient = (
  clients: ReturnType<typeof pgProtocolClients>,
  { pools, links }: { pools: Pick<PoolReader, 'find'>; links: PoolLinks },
): ReturnType<typeof pgProtocolClients> => ({
  ...clients,
  async find(poolId, id): Promise<ClientForProtocol | null> {
    if (id !== ACCOUNT_CLIENT_ID) return clients.find(poolId, id)
    const pool = await pools.find(poolId)
    return pool === null ? null : { client: accountClient(pool, links.base(poolId)), secretHashes: [] }
  },
})
