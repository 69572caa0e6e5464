import { RISK_WINDOW_SECONDS } from '#core/risk/index.ts'
import type { ProfileStore, RiskCounters, SignInFeedback } from '#core/risk/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

export const pgProfiles = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): ProfileStore => ({
  async find(poolId, sub) {
    const { rows } = await pool.query<{ profile: unknown; version: number }>({
      name: 'profile-find',
      text: 'SELECT profile, version FROM sign_in_profile WHERE pool_id = $1 AND sub = $2',
      values: [poolId, sub],
    })
    return rows[0] ?? null
  },

  save: (poolId, sub, profile, version, at, alongside = { events: [] }) =>
    inTransaction(pool, async (client) => {
      const values = [poolId, sub, JSON.stringify(profile), version, at]
      const { rowCount } =
        version === 0
          ? await client.query({
              name: 'profile-first',
              text: `INSERT INTO sign_in_profile (pool_id, sub, profile, version, updated_at)
                     VALUES ($1, $2, $3::jsonb, $4::int + 1, $5) ON CONFLICT DO NOTHING`,
              values,
            })
          : await client.query({
              name: 'profile-save',
              text: `UPDATE sign_in_profile SET profile = $3::jsonb, version = version + 1, updated_at = $5
                     WHERE pool_id = $1 AND sub = $2 AND version = $4::int`,
              values,
            })
      if (rowCount !== 1) return false
      await writeAlongside(client, alongside, secrets)
      return true
    }),
})

// One bucket: counts up, or starts anew when its window is over. Used twice in one statement.
const COUNT_UP = `ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN b.reset_at <= $3 THEN 1 ELSE least(b.count, 1000000) + 1 END,
  reset_at = CASE WHEN b.reset_at <= $3 THEN $4 ELSE b.reset_at END`

export const pgRiskCounters = ({ pool }: Pick<Database, 'pool'>, hashes: KeyedHash): RiskCounters => {
  const keyOf = (...parts: string[]) => hashes.of('rate-bucket', parts.join('|'))
  const accountKey = (poolId: string, account: string) => keyOf(poolId, 'risk.account', account)
  const networkKey = (poolId: string, network: string) => keyOf(poolId, 'risk.network', network)
  return {
    async noteFailure(poolId, account, network, at) {
      const until = at.getTime() + RISK_WINDOW_SECONDS * 1000
      await pool.query({
        name: 'risk-note-failure',
        text: `WITH account AS (
                 INSERT INTO rate_bucket AS b (key, count, reset_at) VALUES ($1, 1, $4) ${COUNT_UP}),
               pair AS (
                 INSERT INTO rate_bucket AS b (key, count, reset_at) VALUES ($2, 1, $4) ${COUNT_UP} RETURNING count)
               INSERT INTO rate_bucket AS b (key, count, reset_at) SELECT $5, 1, $4 FROM pair WHERE count = 1 ${COUNT_UP}`,
        values: [
          accountKey(poolId, account),
          keyOf(poolId, 'risk.pair', `${network}|${account}`),
          at.getTime(),
          until,
          networkKey(poolId, network),
        ],
      })
    },
    async read(poolId, account, network, at) {
      const keys = [accountKey(poolId, account), networkKey(poolId, network)]
      const { rows } = await pool.query<{ key: string; count: number }>({
        name: 'risk-read',
        text: 'SELECT key, count FROM rate_bucket WHERE key = ANY($1) AND reset_at > $2',
        values: [keys, at.getTime()],
      })
      const countOf = (key: string | undefined) => rows.find((row) => row.key === key)?.count ?? 0
      return { accountFailures: countOf(keys[0]), networkAccounts: countOf(keys[1]) }
    },
  }
}

interface JudgedRow {
  created_at: Date
  ip: string | null
  user_agent: string | null
  place: { country?: string } | null
}

export const pgSignInFeedback = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): SignInFeedback => ({
  give: (poolId, sub, eventId, feedback, alongside) =>
    inTransaction(pool, async (client) => {
      const { rows } = await client.query<JudgedRow>({
        name: 'event-feedback',
        text: `UPDATE auth_event SET feedback = $4::jsonb
               WHERE pool_id = $1 AND sub = $2 AND id = $3::uuid AND type = 'sign_in' AND feedback IS NULL
               RETURNING created_at, ip, user_agent, place`,
        values: [poolId, sub, eventId, JSON.stringify(feedback)],
      })
      const [row] = rows
      if (row === undefined) return null
      await writeAlongside(client, alongside, secrets)
      return { at: row.created_at, ip: row.ip, userAgent: row.user_agent, country: row.place?.country ?? null }
    }),
})
