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

const THE_PERSON = 'a.sub = $2::text'
const PEOPLE_OF_A_PROVIDER =
  'a.sub IN (SELECT i.sub FROM linked_identity i WHERE i.pool_id = $1::text AND i.provider = $2::text)'

const endings = (whose: string): string => {
  const going = `a.pool_id = $1::text AND ${whose} AND ${STILL_HONOURED}
  AND (a.expires_at IS NULL OR a.expires_at > extract(epoch FROM $3::timestamptz))
  AND ($4::timestamptz IS NULL OR a.created_at < floor(extract(epoch FROM $4::timestamptz) * 1000)
    OR coalesce(a.auth_time, a.created_at / 1000) < floor(extract(epoch FROM $4::timestamptz)))`
  return `${INTO}
    SELECT c.pool_id, c.id, ending.sub, unnest(ending.sids), 'queued', 0, $3::timestamptz, $3::timestamptz
    FROM (
      SELECT client_id, sub, coalesce(array_agg(DISTINCT sid) FILTER (WHERE sid IS NOT NULL), ARRAY[NULL::text]) AS sids
      FROM (
        SELECT app.key AS client_id, a.sub, app.value->>'sid' AS sid
        FROM oidc_artifact a CROSS JOIN LATERAL jsonb_each(a.payload->'authorizations') app
        WHERE a.kind = 'Session' AND a.uid_hash IS DISTINCT FROM $5::text AND ${going}
        UNION ALL
        SELECT a.client_id, a.sub, a.payload->>'sid'
        FROM oidc_artifact a
        WHERE a.kind = 'RefreshToken' AND a.consumed_at IS NULL AND NOT a.grant_id = ANY ($6::text[]) AND ${going}
      ) signed_in GROUP BY client_id, sub
    ) ending JOIN app_client c ON c.pool_id = $1::text AND c.id = ending.client_id AND ${ASKED}`
}

/**
 * Apps of all sessions that end. Run before the cut-off is moved or the rows go, since it asks what is honoured until then. Apps
 * that go on by themselves after their session expired count too: their refresh tokens remember the `sid`.
 */
export const endingStatement = ({ poolId, sub, at, before, keep }: Ending): Statement => ({
  text: endings(THE_PERSON),
  values: [poolId, sub, at.toISOString(), before?.toISOString() ?? null, keep?.session ?? null, keep?.grants ?? []],
})

/** The same of everybody who has an identity at a provider, for what was authenticated before `at`. */
export const endingByProviderStatement = (poolId: string, provider: string, at: Date): Statement => ({
  text: endings(PEOPLE_OF_A_PROVIDER),
  values: [poolId, provider, at.toISOString(), at.toISOString(), null, []],
})
