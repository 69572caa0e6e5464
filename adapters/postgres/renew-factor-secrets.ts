import type { Database } from './database.ts'
import { factorBoundTo } from './pg-factors.ts'
import type { Renewing } from './renew-federation-secrets.ts'

/** There may be as many as there are people. */
const BATCH = 1_000

/** Secrets of authenticator apps, sealed anew for a change of the master secret. Returns how many. */
export const renewFactorSecrets = async (pool: Database['pool'], ring: Renewing): Promise<number> => {
  let renewed = 0
  for (let last = ['', '', '']; ; ) {
    const { rows } = await pool.query<{ pool_id: string; sub: string; id: string; sealed: string }>(
      `SELECT pool_id, sub, id, sealed FROM factor WHERE sealed IS NOT NULL AND (pool_id, sub, id) > ($1, $2, $3)
       ORDER BY pool_id, sub, id LIMIT ${BATCH}`,
      last,
    )
    const old = rows.filter(({ sealed }) => !ring.isCurrent(sealed))
    const anew = old.map(({ pool_id: poolId, sub, id, sealed }) => {
      const boundTo = factorBoundTo(poolId, sub, id)
      return ring.seal('factor', boundTo, ring.open('factor', boundTo, sealed))
    })
    await pool.query(
      `UPDATE factor f SET sealed = n.anew
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n (pool_id, sub, id, old, anew)
       WHERE f.pool_id = n.pool_id AND f.sub = n.sub AND f.id = n.id AND f.sealed = n.old`,
      [
        old.map((row) => row.pool_id),
        old.map((row) => row.sub),
        old.map((row) => row.id),
        old.map((row) => row.sealed),
        anew,
      ],
    )
    renewed += old.length
    const end = rows.at(-1)
    if (rows.length < BATCH || end === undefined) return renewed
    last = [end.pool_id, end.sub, end.id]
  }
}
