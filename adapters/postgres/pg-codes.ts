import type { CodeAnswer, CodePurpose, CodeStore, NewCode } from '#core/flows/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './pg-flows.ts'

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

export const pgCodes = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): CodeStore => {
  /** Using one code or link ends its siblings: they were sent for the same thing. */
  const endSiblings = (code: NewCode, at: Date) =>
    pool.query({
      name: 'code-end-siblings',
      text: 'UPDATE one_time_code SET consumed_at = $4 WHERE pool_id = $1 AND purpose = $2 AND subject = $3 AND consumed_at IS NULL',
      values: [code.poolId, code.purpose, code.subject, at],
    })

  const answer = async (consumed: CodeRow | undefined, present: () => Promise<CodeRow | undefined>, at: Date): Promise<CodeAnswer> => {
    if (consumed !== undefined) {
      const code = toCode(consumed)
      await endSiblings(code, at)
      return { kind: 'consumed', code }
    }
    const row = await present()
    if (row === undefined) return { kind: 'mismatch' }
    return row.consumed_at !== null ? { kind: 'used' } : { kind: 'expired' }
  }

  return {
    issue: (code, alongside) =>
      inTransaction(pool, async (client) => {
        await client.query({
          name: 'code-issue',
          text: `INSERT INTO one_time_code (id, pool_id, purpose, subject, code_hash, link_hash, flow_id, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          values: [code.id, code.poolId, code.purpose, code.subject, code.codeHash, code.linkHash, code.flowId, code.createdAt, code.expiresAt],
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
        text: `UPDATE one_time_code SET consumed_at = $5
               WHERE pool_id = $1 AND purpose = $2 AND subject = $3 AND code_hash = $4 AND consumed_at IS NULL AND expires_at > $5
               RETURNING ${COLUMNS}`,
        values: [poolId, purpose, subject, codeHash, at],
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
      return answer(rows[0], present, at)
    },
    async findByLink(poolId, linkHash) {
      const { rows } = await pool.query<CodeRow>({
        name: 'code-by-link',
        text: `SELECT ${COLUMNS} FROM one_time_code WHERE pool_id = $1 AND link_hash = $2`,
        values: [poolId, linkHash],
      })
      return rows[0] === undefined ? null : { ...toCode(rows[0]), consumedAt: rows[0].consumed_at }
    },
    async consumeByLink(poolId, linkHash, at) {
      const { rows } = await pool.query<CodeRow>({
        name: 'code-consume-by-link',
        text: `UPDATE one_time_code SET consumed_at = $3
               WHERE pool_id = $1 AND link_hash = $2 AND consumed_at IS NULL AND expires_at > $3 RETURNING ${COLUMNS}`,
        values: [poolId, linkHash, at],
      })
      const present = async () => {
        const found = await pool.query<CodeRow>({
          name: 'code-by-link',
          text: `SELECT ${COLUMNS} FROM one_time_code WHERE pool_id = $1 AND link_hash = $2`,
          values: [poolId, linkHash],
        })
        return found.rows[0]
      }
      return answer(rows[0], present, at)
    },
  }
}
