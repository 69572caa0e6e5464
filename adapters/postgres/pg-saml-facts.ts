import { createHash } from 'node:crypto'
import type { AssertionIds, KeptMetadata } from '#core/federation/ports.ts'
import type { Database } from './database.ts'

/** A provider may choose ids of any length: what is kept of each is of one. */
const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url')

/** One insert decides between two responses that arrive together: the second finds the row and leaves it. */
export const pgAssertionIds = ({ pool }: Pick<Database, 'pool'>): AssertionIds => ({
  async use(poolId, providerId, assertionId, expiresAt) {
    const { rowCount } = await pool.query({
      name: 'assertion-use',
      text: `INSERT INTO used_assertion (pool_id, provider_id, id_hash, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (pool_id, provider_id, id_hash) DO NOTHING`,
      values: [poolId, providerId, hashOf(assertionId), expiresAt],
    })
    return rowCount === 1
  },
})

/** Ids of what would be refused as expired anyway. Returns how many went. */
export const sweepUsedAssertions = async ({ pool }: Pick<Database, 'pool'>, now: Date): Promise<number> => {
  const { rowCount } = await pool.query({
    name: 'assertion-sweep',
    text: 'DELETE FROM used_assertion WHERE expires_at < $1',
    values: [now],
  })
  return rowCount ?? 0
}

export const pgKeptMetadata = ({ pool }: Pick<Database, 'pool'>): KeptMetadata => ({
  async load(poolId, providerId) {
    const { rows } = await pool.query<{ document: string }>({
      name: 'metadata-load',
      text: 'SELECT document FROM upstream_metadata WHERE pool_id = $1 AND provider_id = $2',
      values: [poolId, providerId],
    })
    return rows[0]?.document ?? null
  },
  // Of two processes that fetched it, the one that fetched it later is right, whichever writes last.
  async keep(poolId, providerId, document, at) {
    await pool.query({
      name: 'metadata-keep',
      text: `INSERT INTO upstream_metadata AS kept (pool_id, provider_id, document, kept_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (pool_id, provider_id) DO UPDATE SET document = $3, kept_at = $4 WHERE kept.kept_at <= $4`,
      values: [poolId, providerId, document, at],
    })
  },
})
