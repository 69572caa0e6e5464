import type { ClientForProtocol, pgProtocolClients } from '#adapters/postgres/pg-token-reads.ts'
import { ACCOUNT_CLIENT_ID, accountClient, asAuthorizationClient } from '#core/clients/index.ts'
import type { PoolLinks, PoolReader } from '#core/pools/ports.ts'

/**
 * Clients as the protocol reads them: the account pages' own among them, in every pool and without a row, and those that speak
 * SAML with our own address to come back to.
 */
export const protocolClients = (
  clients: ReturnType<typeof pgProtocolClients>,
  { pools, links }: { pools: Pick<PoolReader, 'find'>; links: PoolLinks },
): ReturnType<typeof pgProtocolClients> => ({
  ...clients,
  async find(poolId, id): Promise<ClientForProtocol | null> {
    if (id !== ACCOUNT_CLIENT_ID) {
      const found = await clients.find(poolId, id)
      return found && { ...found, client: asAuthorizationClient(found.client, links.base(poolId)) }
    }
    const pool = await pools.find(poolId)
    return pool === null ? null : { client: accountClient(pool, links.base(poolId)), secretHashes: [] }
  },
})
