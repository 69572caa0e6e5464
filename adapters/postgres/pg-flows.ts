import type { Flow, FlowRequest, FlowState } from '#core/flows/flow.ts'
import type { FlowStep } from '#core/flows/flow-view.ts'
import type { FlowStore } from '#core/flows/ports.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Database } from './database.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'

interface FlowRow {
  pool_id: string
  id: string
  client_id: string
  secret_hash: string
  step: FlowStep
  state: { sealed: string }
  version: number
  created_at: string
  expires_at: string
}

/** What a journey that was opened by an older version lacks. */
const ADDED_LATER: Partial<FlowState> = {
  proofs: [],
  buildsOnSession: false,
  owedPassword: null,
  challenge: null,
  passkeyChallenge: null,
  canMakePasskeys: false,
  enrolment: null,
  judged: null,
  remembers: false,
  firstCode: null,
  departure: null,
  identity: null,
}

/** The same of its request. What is not known of it is taken for the stricter. */
const ASKED_LATER: Partial<FlowRequest> = {
  provider: null,
  mustBeFresh: true,
  foreignLevel: null,
  level: null,
  isLevelEssential: true,
}

const withEverything = (state: FlowState): FlowState => ({
  ...ADDED_LATER,
  ...state,
  request: { ...ASKED_LATER, ...state.request },
})

/** Journeys as rows. What a person typed and half-finished is personal: the state is sealed, bound to its row. */
export const pgFlows = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): FlowStore => {
  const boundTo = (poolId: string, id: string) => `${poolId}|${id}`
  const sealed = (flow: Flow) =>
    JSON.stringify({ sealed: secrets.seal('flow', boundTo(flow.poolId, flow.id), JSON.stringify(flow.state)) })
  return {
    open: (flow, alongside) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query({
          name: 'flow-open',
          text: `INSERT INTO flow (pool_id, id, client_id, secret_hash, step, state, version, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9) ON CONFLICT DO NOTHING`,
          values: [
            flow.poolId,
            flow.id,
            flow.clientId,
            flow.secretHash,
            flow.step,
            sealed(flow),
            flow.version,
            flow.createdAt,
            flow.expiresAt,
          ],
        })
        if (rowCount !== 1) return false
        await writeAlongside(client, alongside, secrets)
        return true
      }),
    async find(poolId, flowId) {
      const { rows } = await pool.query<FlowRow>({
        name: 'flow-find',
        text: 'SELECT pool_id, id, client_id, secret_hash, step, state, version, created_at, expires_at FROM flow WHERE pool_id = $1 AND id = $2',
        values: [poolId, flowId],
      })
      const [row] = rows
      if (row === undefined) return null
      return {
        poolId: row.pool_id,
        id: row.id,
        clientId: row.client_id,
        secretHash: row.secret_hash,
        step: row.step,
        version: row.version,
        createdAt: Number(row.created_at),
        expiresAt: Number(row.expires_at),
        state: withEverything(JSON.parse(secrets.open('flow', boundTo(poolId, flowId), row.state.sealed)) as FlowState),
      }
    },
    async save(flow, alongside) {
      const update = {
        name: 'flow-save',
        text: 'UPDATE flow SET step = $4, state = $5::jsonb, version = version + 1, expires_at = $6 WHERE pool_id = $1 AND id = $2 AND version = $3',
        values: [flow.poolId, flow.id, flow.version, flow.step, sealed(flow), flow.expiresAt],
      }
      if (alongside.events.length === 0 && (alongside.messages ?? []).length === 0)
        return (await pool.query(update)).rowCount === 1
      return inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(update)
        if (rowCount !== 1) return false
        await writeAlongside(client, alongside, secrets)
        return true
      })
    },
    finish: (poolId, flowId, alongside) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query({
          name: 'flow-finish',
          text: 'DELETE FROM flow WHERE pool_id = $1 AND id = $2',
          values: [poolId, flowId],
        })
        if (rowCount !== 1) return false
        await writeAlongside(client, alongside, secrets)
        return true
      }),
  }
}
