import type { Database } from './database.ts'
import { identitySealedFor } from './identity-statements.ts'
import { providerSealedFor } from './prisma-providers.ts'

/** What renewing needs of the secrets. */
export interface Renewing {
  seal(purpose: string, boundTo: string, plain: string): string
  open(purpose: string, boundTo: string, sealed: string): string
  isCurrent(sealed: string): boolean
}

interface SealedRow {
  pool_id: string
  provider: string
  subject: string
  sub: string
  sealed: string
}

/** There may be as many as there are people. */
const BATCH = 1_000

const renewIdentities = async (pool: Database['pool'], ring: Renewing, what: 'claims' | 'tokens'): Promise<number> => {
  const column = `${what}_sealed`
  let [renewed, last] = [0, ['', '', '']]
  for (;;) {
    const { rows } = await pool.query<SealedRow>(
      `SELECT pool_id, provider, subject, sub, ${column} AS sealed FROM linked_identity
       WHERE ${column} IS NOT NULL AND (pool_id, provider, subject) > ($1, $2, $3)
       ORDER BY pool_id, provider, subject LIMIT ${BATCH}`,
      last,
    )
    const old = rows.filter(({ sealed }) => !ring.isCurrent(sealed))
    const anew = old.map((row) => {
      const boundTo = identitySealedFor({ ...row, poolId: row.pool_id }, row.sub, what)
      return ring.seal('linked-identity', boundTo, ring.open('linked-identity', boundTo, row.sealed))
    })
    // What somebody's sign-in wrote meanwhile is under the present secret already, and stays.
    await pool.query(
      `UPDATE linked_identity i SET ${column} = n.anew
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n (pool_id, provider, subject, old, anew)
       WHERE i.pool_id = n.pool_id AND i.provider = n.provider AND i.subject = n.subject AND i.${column} = n.old`,
      [
        old.map((row) => row.pool_id),
        old.map((row) => row.provider),
        old.map((row) => row.subject),
        old.map((row) => row.sealed),
        anew,
      ],
    )
    renewed += old.length
    const end = rows.at(-1)
    if (rows.length < BATCH || end === undefined) return renewed
    last = [end.pool_id, end.provider, end.subject]
  }
}

const renewProviders = async (pool: Database['pool'], ring: Renewing): Promise<number> => {
  const { rows } = await pool.query<{ pool_id: string; name: string; secret: string }>(
    'SELECT pool_id, name, secret FROM identity_provider WHERE secret IS NOT NULL',
  )
  const old = rows.filter(({ secret }) => !ring.isCurrent(secret))
  for (const { pool_id, name, secret } of old) {
    const boundTo = providerSealedFor(pool_id, name)
    const anew = ring.seal('identity-provider', boundTo, ring.open('identity-provider', boundTo, secret))
    await pool.query('UPDATE identity_provider SET secret = $4 WHERE pool_id = $1 AND name = $2 AND secret = $3', [
      ...[pool_id, name, secret, anew],
    ])
  }
  return old.length
}

/** Seals anew what identity providers and identities keep under the previous secret. Returns how many values. */
export const renewFederationSecrets = async (pool: Database['pool'], ring: Renewing): Promise<number> =>
  (await renewProviders(pool, ring)) +
  (await renewIdentities(pool, ring, 'claims')) +
  (await renewIdentities(pool, ring, 'tokens'))
