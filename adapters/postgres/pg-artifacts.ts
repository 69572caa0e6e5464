import type { Alongside } from '#core/shared/alongside.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'
import { STILL_HONOURED } from './still-honoured.ts'

/** A row of what oidc-provider stores, as it handed it over. Times in epoch seconds. */
export interface Artifact {
  payload: Record<string, unknown>
  consumedAt: number | null
}

/**
 * Where a pool's OAuth artefacts live. Ids are bearer secrets: only their keyed hashes are stored. What belongs to a person
 * is found only while that person may still use it — enabled, and authenticated after `sessionsValidAfter` — so every use of
 * a session, code, grant, refresh or access token checks it, in the same statement.
 */
export interface ArtifactStore {
  upsert(kind: string, id: string, payload: Record<string, unknown>, ttlSeconds: number | undefined): Promise<void>
  find(kind: string, id: string): Promise<Artifact | null>
  findByUid(kind: string, uid: string): Promise<Artifact | null>
  findByUserCode(kind: string, userCode: string): Promise<Artifact | null>
  /** True for exactly one of any number of callers. */
  consume(kind: string, id: string, atEpoch: number): Promise<boolean>
  destroy(kind: string, id: string): Promise<void>
  revokeByGrantId(kind: string, grantId: string): Promise<void>
  /** Everything of the grants, the grants included, in one transaction with what stands alongside. */
  revokeGrants(grantIds: readonly string[], alongside: Alongside): Promise<void>
}

interface ArtifactRow {
  payload: Record<string, unknown>
  consumed_at: string | null
}

/**
 * What may rest: without the artefact's own id, which is the secret and is put back from what was presented, and without the
 * id of the browser's session that an interaction carries.
 */
const withoutBearerIds = ({ jti: _jti, ...payload }: Record<string, unknown>): Record<string, unknown> => {
  if (typeof payload.session !== 'object' || payload.session === null) return payload
  const { cookie: _cookie, ...session } = payload.session as Record<string, unknown>
  return { ...payload, session }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const epoch = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : null

/** How an artefact's id rests. */
export const artifactIdHash = (secrets: KeyedHash, poolId: string, kind: string, id: string): string =>
  secrets.of('artifact', `${poolId}|${kind}|${id}`)

/** `now` is the clock's: expiry is checked by readers too, whatever the sweep has done. */
export const pgArtifacts = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash, now: () => Date) => {
  const forPool = (poolId: string): ArtifactStore => {
    const idHash = (kind: string, id: string) => artifactIdHash(secrets, poolId, kind, id)
    const one = async (name: string, where: string, values: unknown[]): Promise<Artifact | null> => {
      const { rows } = await pool.query<ArtifactRow>({
        name,
        text: `SELECT a.payload, a.consumed_at FROM oidc_artifact a WHERE a.pool_id = $1 AND a.kind = $2 AND ${where}
               AND (a.expires_at IS NULL OR a.expires_at > $4) AND ${STILL_HONOURED}`,
        values: [poolId, ...values, Math.floor(now().getTime() / 1000)],
      })
      const [row] = rows
      return row === undefined
        ? null
        : { payload: row.payload, consumedAt: row.consumed_at === null ? null : Number(row.consumed_at) }
    }
    return {
      async upsert(kind, id, payload, ttlSeconds) {
        const at = now().getTime()
        await pool.query({
          name: 'artifact-upsert',
          text: `INSERT INTO oidc_artifact (pool_id, kind, id_hash, grant_id, uid_hash, user_code, sub, client_id, payload, created_at, auth_time, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12)
                 ON CONFLICT (pool_id, kind, id_hash) DO UPDATE SET
                   grant_id = excluded.grant_id, uid_hash = excluded.uid_hash, sub = excluded.sub, payload = excluded.payload,
                   auth_time = excluded.auth_time, expires_at = excluded.expires_at,
                   created_at = CASE WHEN oidc_artifact.sub IS NOT DISTINCT FROM excluded.sub
                     AND oidc_artifact.auth_time IS NOT DISTINCT FROM excluded.auth_time
                     THEN oidc_artifact.created_at ELSE excluded.created_at END
                 WHERE oidc_artifact.consumed_at IS NULL`,
          values: [
            poolId,
            kind,
            idHash(kind, id),
            kind === 'Grant' ? id : text(payload.grantId),
            text(payload.uid) === null ? null : idHash('uid', String(payload.uid)),
            text(payload.userCode),
            text(payload.accountId),
            text(payload.clientId),
            JSON.stringify(withoutBearerIds(payload)),
            at,
            epoch(payload.authTime) ?? epoch(payload.loginTs),
            ttlSeconds === undefined ? null : Math.floor(at / 1000) + Math.floor(ttlSeconds),
          ],
        })
      },
      async find(kind, id) {
        const found = await one('artifact-find', 'a.id_hash = $3', [kind, idHash(kind, id)])
        return found === null ? null : { ...found, payload: { ...found.payload, jti: id } }
      },
      findByUid: (kind, uid) => one('artifact-find-by-uid', 'a.uid_hash = $3', [kind, idHash('uid', uid)]),
      findByUserCode: (kind, userCode) => one('artifact-find-by-user-code', 'a.user_code = $3', [kind, userCode]),
      async consume(kind, id, atEpoch) {
        const { rowCount } = await pool.query({
          name: 'artifact-consume',
          text: 'UPDATE oidc_artifact SET consumed_at = $4 WHERE pool_id = $1 AND kind = $2 AND id_hash = $3 AND consumed_at IS NULL',
          values: [poolId, kind, idHash(kind, id), atEpoch],
        })
        return rowCount === 1
      },
      async destroy(kind, id) {
        await pool.query({
          name: 'artifact-destroy',
          text: 'DELETE FROM oidc_artifact WHERE pool_id = $1 AND kind = $2 AND id_hash = $3',
          values: [poolId, kind, idHash(kind, id)],
        })
      },
      async revokeByGrantId(kind, grantId) {
        await pool.query({
          name: 'artifact-revoke-kind',
          text: 'DELETE FROM oidc_artifact WHERE pool_id = $1 AND grant_id = $2 AND kind = $3',
          values: [poolId, grantId, kind],
        })
      },
      revokeGrants: (grantIds, alongside) =>
        inTransaction(pool, async (client) => {
          await client.query({
            name: 'artifact-revoke-grants',
            text: 'DELETE FROM oidc_artifact WHERE pool_id = $1 AND grant_id = ANY ($2)',
            values: [poolId, grantIds],
          })
          await writeAlongside(client, alongside, secrets)
        }),
    }
  }
  return {
    forPool,
    /** Rows that are dead anyway. Readers do not rely on it. */
    async sweep(limit: number): Promise<number> {
      const { rowCount } = await pool.query({
        name: 'artifact-sweep',
        text: `DELETE FROM oidc_artifact WHERE ctid = ANY (ARRAY(
                 SELECT ctid FROM oidc_artifact WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        values: [Math.floor(now().getTime() / 1000) - 60, limit],
      })
      return rowCount ?? 0
    },
  }
}
