import type { Pool } from 'pg'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import type { ProviderReader } from '#core/federation/ports.ts'
import { ProviderSettings } from '#core/federation/provider-settings.ts'

interface ProviderRow {
  pool_id: string
  name: string
  settings: unknown
  created_at: Date
  updated_at: Date
}

const COLUMNS = 'pool_id, name, settings, created_at, updated_at'

const MAX_PARSED = 1000

/** Reads at each use, so that a provider that was switched off is off, and parses settings once per change. */
export const providerReader = (pool: Pool): ProviderReader => {
  const parsed = new Map<string, { updatedAt: number; settings: ProviderSettings }>()
  const toProvider = (row: ProviderRow): IdentityProvider => {
    const key = `${row.pool_id}|${row.name}`
    const updatedAt = row.updated_at.getTime()
    const known = parsed.get(key)
    const settings = known?.updatedAt === updatedAt ? known.settings : ProviderSettings.parse(row.settings)
    if (known?.updatedAt !== updatedAt) {
      if (parsed.size >= MAX_PARSED) parsed.delete(parsed.keys().next().value ?? '')
      parsed.set(key, { updatedAt, settings })
    }
    return { poolId: row.pool_id, name: row.name, settings, createdAt: row.created_at, updatedAt: row.updated_at }
  }
  return {
    async list(poolId) {
      const { rows } = await pool.query<ProviderRow>({
        name: 'provider-list',
        text: `SELECT ${COLUMNS} FROM identity_provider WHERE pool_id = $1
               ORDER BY (settings->>'position')::int, name COLLATE "C"`,
        values: [poolId],
      })
      return rows.map(toProvider)
    },
    async find(poolId, name) {
      // No provider has one in its name, and no text of the database either.
      if (name.includes('\0')) return null
      const { rows } = await pool.query<ProviderRow>({
        name: 'provider-find',
        text: `SELECT ${COLUMNS} FROM identity_provider WHERE pool_id = $1 AND name = $2`,
        values: [poolId, name],
      })
      return rows[0] === undefined ? null : toProvider(rows[0])
    },
  }
}
