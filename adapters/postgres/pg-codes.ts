import type { CodeAnswer, CodePurpose, CodeStore, NewCode } from '#core/flows/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

/** Codes a person may have in the mail at once; an older one stops working when a fourth is sent. */
const MAX_LIVE = 3

interface CodeRow {
  id: string
  pool_id: string
  purpose: CodePurpose
  subject: string
  code_hash: string
  link_hash: string | null
  flow_id: string | null
  created_at: Date
  expires_at: Date
  consumed_at: Date | null
}

const COLUMNS = 'id, pool_id, purpose, subject, code_hash, link_hash, flow_id, created_at, expires_at, consumed_at'

const toCode = (row: CodeRow): NewCode => ({
  id: row.id,
  poolId: row.pool_id,
  purpose: row.purpose,
  subject: row.subject,
  codeHash: row.code_hash,
  linkHash: row.link_hash,
  flowId: row.flow_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

/**
 * Uses a code and ends its siblings, which were sent for the same thing, in one statement. All live ones are locked in one
 * order: of two siblings presented at once one waits, finds itself ended, and is refused.
 */
const consuming = (which: { siblings: string; right: string }): string => `
  WITH live AS (
    SELECT id, ${which.right} AND expires_at > $2 AS is_right FROM one_time_code
    WHERE pool_id = $1 AND consumed_at IS NULL AND ${which.siblings} ORDER BY id FOR UPDATE),
  used AS (
    UPDATE one_time_code AS code SET consumed_at = $2 FROM live
    WHERE code.pool_id = $1 AND code.id = live.id AND EXISTS (SELECT 1 FROM live WHERE is_right)
    RETURNING code.*, live.is_right)
  SELECT ${COLUMNS} FROM used WHERE is_right LIMIT 1`

const BY_CODE = consuming({ siblings: 'purpose = $3 AND subject = $4', right: 'code_hash = $5' })
const BY_LINK = consuming({
  siblings: '(purpose, subject) = (SELECT purpose, subject FROM one_time_code WHERE pool_id = $1 AND link_hash = $3)',
  right: 'link_hash IS NOT DISTINCT FROM $3',
})

export const pgCodes = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): CodeStore => {
  const answer = async (
    consumed: CodeRow | undefined,
    present: () => Promise<CodeRow | undefined>,
  ): Promise<CodeAnswer> => {
    if (consumed !== undefined) return { kind: 'consumed', code: toCode(consumed) }
    const row = await present()
    if (row === undefined) return { kind: 'mismatch' }
    return row.consumed_at !== null ? { kind: 'used' } : { kind: 'expired' }
  }

  const byLink = async (poolId: string, linkHash: string): Promise<CodeRow | undefined> => {
    const { rows } = await pool.query<CodeRow>({
      name: 'code-by-link',
      text: `SELECT ${COLUMNS} FROM one_time_code WHERE pool_id = $1 AND link_hash = $2`,
      values: [poolId, linkHash],
    })
    return rows[0]
  }

  return {
    issue: (code, alongside) =>
      inTransaction(pool, async (client) => {
        // Two that are sent at once do not see one another; one after the other they are counted right.
        await client.query({
          name: 'code-one-at-a-time',
          text: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))',
          values: [`${code.poolId}|${code.purpose}|${code.subject}`],
        })
        await client.query({
          name: 'code-issue',
          text: `INSERT INTO one_time_code (id, pool_id, purpose, subject, code_hash, link_hash, flow_id, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          values: [
            code.id,
            code.poolId,
            code.purpose,
            code.subject,
            code.codeHash,
            code.linkHash,
            code.flowId,
            code.createdAt,
            code.expiresAt,
          ],
        })
        await client.query({
          name: 'code-cap',
          text: `DELETE FROM one_time_code WHERE pool_id = $1 AND id IN (
                   SELECT id FROM one_time_code WHERE pool_id = $1 AND purpose = $2 AND subject = $3 AND consumed_at IS NULL
                   ORDER BY created_at DESC, id DESC OFFSET ${MAX_LIVE})`,
          values: [code.poolId, code.purpose, code.subject],
        })
        await writeAlongside(client, alongside, secrets)
      }),
    async consume(poolId, purpose, subject, codeHash, at) {
      const { rows } = await pool.query<CodeRow>({
        name: 'code-consume',
        text: BY_CODE,
        values: [poolId, at, purpose, subject, codeHash],
      })
      const present = async () => {
        const found = await pool.query<CodeRow>({
          name: 'code-present',
          text: `SELECT ${COLUMNS} FROM one_time_code WHERE pool_id = $1 AND purpose = $2 AND subject = $3 AND code_hash = $4
                 ORDER BY created_at DESC LIMIT 1`,
          values: [poolId, purpose, subject, codeHash],
        })
        return found.rows[0]
      }
      return answer(rows[0], present)
    },
    async findByLink(poolId, linkHash) {
      const row = await byLink(poolId, linkHash)
      return row === undefined ? null : { ...toCode(row), consumedAt: row.consumed_at }
    },
    async consumeByLink(poolId, linkHash, at) {
      const { rows } = await pool.query<CodeRow>({
        name: 'code-consume-by-link',
        text: BY_LINK,
        values: [poolId, at, linkHash],
      })
      return answer(rows[0], () => byLink(poolId, linkHash))
    },
  }
}
