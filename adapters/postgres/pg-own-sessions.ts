import type { PoolClient } from 'pg'
import type { OwnSession, OwnSessions } from '#core/account/ports.ts'
import type { Alongside, AppSignOut } from '#core/shared/alongside.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { Database } from './database.ts'
import { type Authorizations, endOtherSessions, grantsOf } from './end-other-sessions.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'
import { artifactIdHash } from './pg-artifacts.ts'
import { STILL_HONOURED } from './still-honoured.ts'

type SignedInApp = Pick<AppSignOut, 'clientId' | 'sid'>

interface SessionRow {
  id: string
  created_at: string
  authorizations: Authorizations | null
}

interface GrantRow {
  id: string
  grant_id: string
  client_id: string
  created_at: string
  last_seen: string
  goes_on: boolean
  user_agent: string | null
  ip: string | null
  place: OwnSession['place']
}

const LIVE = `a.pool_id = $1 AND a.sub = $2 AND (a.expires_at IS NULL OR a.expires_at > $3) AND ${STILL_HONOURED}`

const SESSIONS = `SELECT a.uid_hash AS id, a.created_at, a.payload->'authorizations' AS authorizations
  FROM oidc_artifact a WHERE a.kind = 'Session' AND ${LIVE}`

// Browser and address of a grant are those of the sign-in that made it; its last use is its newest token.
const GRANTS = `SELECT a.id_hash AS id, a.grant_id, a.client_id, a.created_at, e.user_agent, e.ip, e.place,
    coalesce(used.last_seen, a.created_at) AS last_seen, coalesce(used.goes_on, false) AS goes_on
  FROM oidc_artifact a
  LEFT JOIN auth_event e ON e.pool_id = a.pool_id AND e.id = (a.payload->>'eventId')::uuid
  LEFT JOIN LATERAL (
    SELECT max(t.created_at) AS last_seen,
      bool_or(t.kind = 'RefreshToken' AND t.consumed_at IS NULL AND t.expires_at > $3) AS goes_on
    FROM oidc_artifact t WHERE t.pool_id = a.pool_id AND t.grant_id = a.grant_id) used ON true
  WHERE a.kind = 'Grant' AND ${LIVE} ORDER BY a.created_at`

const appsOf = (authorizations: Authorizations | null): SignedInApp[] =>
  Object.entries(authorizations ?? {}).map(([clientId, { sid }]) => ({ clientId, sid: sid ?? null }))

/** A session and the grants it gave, as one entry. */
const toBrowser = (row: SessionRow, grants: readonly GrantRow[]): OwnSession => {
  const mine = grants.filter((grant) => grantsOf(row.authorizations).includes(grant.grant_id))
  const seen = Math.max(Number(row.created_at), ...mine.map((grant) => Number(grant.last_seen)))
  const [first] = mine
  return {
    id: row.id,
    kind: 'browser',
    signedInAt: new Date(Number(row.created_at)),
    lastSeenAt: new Date(seen),
    clientIds: Object.keys(row.authorizations ?? {}),
    userAgent: first?.user_agent ?? null,
    ip: first?.ip ?? null,
    place: first?.place ?? null,
  }
}

const toApp = (row: GrantRow): OwnSession => ({
  id: row.id,
  kind: 'app',
  signedInAt: new Date(Number(row.created_at)),
  lastSeenAt: new Date(Number(row.last_seen)),
  clientIds: [row.client_id],
  userAgent: row.user_agent,
  ip: row.ip,
  place: row.place,
})

/** Where people are signed in, read from what oidc-provider stores. `now` is the clock's. */
export const pgOwnSessions = (
  { pool }: Pick<Database, 'pool'>,
  secrets: Sealer & KeyedHash,
  now: () => Date,
): OwnSessions => {
  const dropGrants = (client: Pick<PoolClient, 'query'>, poolId: string, sub: string, grantIds: readonly string[]) =>
    client.query({
      name: 'own-grants-drop',
      text: 'DELETE FROM oidc_artifact WHERE pool_id = $1 AND sub = $2 AND grant_id = ANY ($3)',
      values: [poolId, sub, grantIds],
    })

  /** … and the apps of what ends. */
  const telling = (alongside: Alongside, poolId: string, sub: string, apps: readonly SignedInApp[]): Alongside => ({
    ...alongside,
    signOuts: apps.map((app) => ({ ...app, poolId, sub, at: now() })),
  })

  return {
    idOf: (poolId, uid) => artifactIdHash(secrets, poolId, 'uid', uid),

    async list(poolId, sub) {
      const values = [poolId, sub, Math.floor(now().getTime() / 1000)]
      const [sessions, grants] = await Promise.all([
        pool.query<SessionRow>({ name: 'own-sessions', text: SESSIONS, values }),
        pool.query<GrantRow>({ name: 'own-grants', text: GRANTS, values }),
      ])
      const inBrowsers = new Set(sessions.rows.flatMap((row) => grantsOf(row.authorizations)))
      return [
        ...sessions.rows.map((row) => toBrowser(row, grants.rows)),
        ...grants.rows.filter((row) => row.goes_on && !inBrowsers.has(row.grant_id)).map(toApp),
      ].sort((a, b) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime())
    },

    end: (poolId, sub, id, alongside) =>
      inTransaction(pool, async (client) => {
        const ended = await client.query<{ authorizations: Authorizations | null }>({
          name: 'own-session-end',
          text: `DELETE FROM oidc_artifact WHERE pool_id = $1 AND sub = $2 AND kind = 'Session' AND uid_hash = $3
                 RETURNING payload->'authorizations' AS authorizations`,
          values: [poolId, sub, id],
        })
        const [session] = ended.rows
        if (session !== undefined) {
          await dropGrants(client, poolId, sub, grantsOf(session.authorizations))
          await writeAlongside(client, telling(alongside, poolId, sub, appsOf(session.authorizations)), secrets)
          return ok(undefined)
        }
        const { rows } = await client.query<{ grant_id: string; client_id: string; sid: string | null }>({
          name: 'own-grant-end',
          text: `SELECT a.grant_id, a.client_id, (
                   SELECT max(t.payload->>'sid') FROM oidc_artifact t
                   WHERE t.pool_id = a.pool_id AND t.grant_id = a.grant_id AND t.kind = 'RefreshToken') AS sid
                 FROM oidc_artifact a WHERE a.pool_id = $1 AND a.sub = $2 AND a.kind = 'Grant' AND a.id_hash = $3 FOR UPDATE OF a`,
          values: [poolId, sub, id],
        })
        const [grant] = rows
        if (grant === undefined) return fail('session-missing')
        await dropGrants(client, poolId, sub, [grant.grant_id])
        const app = { clientId: grant.client_id, sid: grant.sid }
        await writeAlongside(client, telling(alongside, poolId, sub, [app]), secrets)
        return ok(undefined)
      }),

    endOthers: (poolId, sub, keep, alongside) =>
      inTransaction(pool, async (client) => {
        await endOtherSessions(client, { poolId, sub, keep, at: now() })
        await writeAlongside(client, alongside, secrets)
      }),
  }
}
