import type { UpstreamSessionStore } from '#core/federation/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'

const PURPOSE = 'upstream-session'
/** The row a sealed session is bound to, with whose it is. */
const rowOf = (...parts: [poolId: string, id: string, sub: string]): string => JSON.stringify(parts)
/** The same name at two providers, or in two pools, is two people. */
const namedAt = (...parts: [poolId: string, provider: string, nameId: string]): string => JSON.stringify(parts)

/** Sessions at providers, one row for each sign-in that stands on one. */
export const pgUpstreamSessions = (
  { pool }: Pick<Database, 'pool'>,
  secrets: Sealer & KeyedHash,
): UpstreamSessionStore => ({
  async keep({ poolId, id, provider, subject, sub, session, expiresAt }, nameId) {
    const sealed = secrets.seal(PURPOSE, rowOf(poolId, id, sub), session)
    const name = nameId === undefined ? null : secrets.of(PURPOSE, namedAt(poolId, provider, nameId))
    // Of a person who is gone meanwhile nothing is kept.
    await pool.query({
      name: 'upstream-session-keep',
      text: `INSERT INTO upstream_session (pool_id, id, provider, subject, sub, session_sealed, name_id_hash, expires_at)
             SELECT $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::timestamptz
             WHERE EXISTS (SELECT 1 FROM user_account WHERE pool_id = $1::text AND sub = $5::text)
             ON CONFLICT (pool_id, id) DO NOTHING`,
      values: [poolId, id, provider, subject, sub, sealed, name, expiresAt],
    })
  },

  async find(poolId, id, now) {
    const { rows } = await pool.query<{
      provider: string
      subject: string
      sub: string
      session_sealed: string
      expires_at: Date
    }>({
      name: 'upstream-session-find',
      text: `SELECT provider, subject, sub, session_sealed, expires_at FROM upstream_session
             WHERE pool_id = $1 AND id = $2 AND expires_at > $3`,
      values: [poolId, id, now],
    })
    const [row] = rows
    if (row === undefined) return null
    const { provider, subject, sub } = row
    const session = secrets.open(PURPOSE, rowOf(poolId, id, sub), row.session_sealed)
    return { poolId, id, provider, subject, sub, session, expiresAt: row.expires_at }
  },

  async peopleNamed(poolId, provider, nameId, now) {
    const { rows } = await pool.query<{ sub: string }>({
      name: 'upstream-session-people-named',
      text: `SELECT DISTINCT sub FROM upstream_session
             WHERE pool_id = $1 AND provider = $2 AND name_id_hash = ANY ($3) AND expires_at > $4`,
      values: [poolId, provider, secrets.everyOf(PURPOSE, namedAt(poolId, provider, nameId)), now],
    })
    return rows.map(({ sub }) => sub)
  },
})
