import type { AppSignOut } from '#core/shared/alongside.ts'
import type { Statement } from './database.ts'
import { STILL_HONOURED } from './still-honoured.ts'

// Nobody else is told, so nothing is queued for anybody else. The address itself is read again when it is called.
const ASKED = `c.enabled AND c.settings->>'backchannelLogoutUrl' IS NOT NULL`

const INTO = 'INSERT INTO app_sign_out (pool_id, client_id, sub, sid, status, attempts, next_attempt_at, created_at)'

/** One app of a session that ends. */
export const signOutStatement = ({ poolId, clientId, sub, sid, at }: AppSignOut): Statement => ({
  text: `${INTO}
    SELECT c.pool_id, c.id, $3::text, $4::text, 'queued', 0, $5::timestamptz, $5::timestamptz
    FROM app_client c WHERE c.pool_id = $1::text AND c.id = $2::text AND ${ASKED}`,
  values: [poolId, clientId, sub, sid, at.toISOString()],
})

/** Which of a person's sessions end. */
export interface Ending {
  poolId: string
  sub: string
  at: Date
  /** Those that were authenticated before; null: whenever that was. */
  before: Date | null
  /** A session that stays, and the grants it gave. */
  keep?: { session: string; grants: readonly string[] }
}

const GOING = `a.pool_id = $1::text AND a.sub = $2::text AND ${STILL_HONOURED}
  AND (a.expires_at IS NULL OR a.expires_at > extract(epoch FROM $3::timestamptz))
  AND ($4::timestamptz IS NULL OR a.created_at < floor(extract(epoch FROM $4::timestamptz) * 1000)
    OR coalesce(a.auth_time, a.created_at / 1000) < floor(extract(epoch FROM $4::timestamptz)))`

/**
 * Apps of all sessions that end. Run before the cut-off is moved or the rows go, since it asks what is honoured until then. Apps
 * that go on by themselves after their session expired count too: their refresh tokens remember the `sid`.
 */
export const endingStatement = ({ poolId, sub, at, before, keep }: Ending): Statement => ({
  text: `${INTO}
    SELECT c.pool_id, c.id, $2::text, unnest(ending.sids), 'queued', 0, $3::timestamptz, $3::timestamptz
    FROM (
      SELECT client_id, coalesce(array_agg(DISTINCT sid) FILTER (WHERE sid IS NOT NULL), ARRAY[NULL::text]) AS sids
      FROM (
        SELECT app.key AS client_id, app.value->>'sid' AS sid
        FROM oidc_artifact a CROSS JOIN LATERAL jsonb_each(a.payload->'authorizations') app
        WHERE a.kind = 'Session' AND a.uid_hash IS DISTINCT FROM $5::text AND ${GOING}
        UNION ALL
        SELECT a.client_id, a.payload->>'sid'
        FROM oidc_artifact a
        WHERE a.kind = 'RefreshToken' AND a.consumed_at IS NULL AND NOT a.grant_id = ANY ($6::text[]) AND ${GOING}
      ) signed_in GROUP BY client_id
    ) ending JOIN app_client c ON c.pool_id = $1::text AND c.id = ending.client_id AND ${ASKED}`,
  values: [poolId, sub, at.toISOString(), before?.toISOString() ?? null, keep?.session ?? null, keep?.grants ?? []],
})
