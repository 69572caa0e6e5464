import { type AppClient, ClientSettings } from '#core/clients/client-settings.ts'
import type { LinkedIdentity } from '#core/federation/federated-profile.ts'
import type { TokenAccount, TokenAccounts } from '#core/tokens/account.ts'
import type { Database } from './database.ts'
import { toUser, USER_COLUMNS, type UserRow } from './user-row.ts'

interface AccountRow extends UserRow {
  groups: { name: string; roleArn: string | null; precedence: number | null }[] | null
  /** The moment is epoch milliseconds: JSON has no dates. */
  identities: (Omit<LinkedIdentity, 'poolId' | 'linkedAt'> & { linkedAt: number })[] | null
}

/** People, their groups and their identities in one prepared statement: the read of every token. */
export const pgTokenAccounts = ({ pool }: Pick<Database, 'pool'>): TokenAccounts => ({
  async find(poolId, sub): Promise<TokenAccount | null> {
    const { rows } = await pool.query<AccountRow>({
      name: 'token-account',
      text: `SELECT ${USER_COLUMNS},
               (SELECT json_agg(json_build_object('name', g.name, 'roleArn', g.role_arn, 'precedence', g.precedence) ORDER BY g.precedence NULLS LAST, g.name)
                FROM membership m JOIN user_group g ON g.pool_id = m.pool_id AND g.name = m.group_name
                WHERE m.pool_id = u.pool_id AND m.sub = u.sub) AS groups,
               (SELECT json_agg(json_build_object('provider', i.provider, 'subject', i.subject, 'providerType', i.provider_type, 'issuer', i.issuer,
                  'isPrimary', i.is_primary, 'linkedAt', round(extract(epoch FROM i.linked_at) * 1000)))
                FROM linked_identity i WHERE i.pool_id = u.pool_id AND i.sub = u.sub) AS identities
             FROM user_account u WHERE u.pool_id = $1 AND u.sub = $2 AND u.enabled AND u.status <> 'DELETING'`,
      values: [poolId, sub],
    })
    const [row] = rows
    if (row === undefined) return null
    const identities = (row.identities ?? []).map((each) => ({ ...each, poolId, linkedAt: new Date(each.linkedAt) }))
    return { user: toUser(row), groups: row.groups ?? [], identities }
  },
})

/** A client with the hashes of its live secrets. */
export interface ClientForProtocol {
  client: AppClient
  secretHashes: readonly string[]
}

interface ClientRow {
  name: string
  enabled: boolean
  settings: unknown
  created_at: Date
  updated_at: Date
  secret_hashes: string[] | null
}

const MAX_PARSED = 1000

/** Reads a client at each use — whether it is enabled must be today's answer — and parses its settings once per change. */
export const pgProtocolClients = ({ pool }: Pick<Database, 'pool'>) => {
  const parsed = new Map<string, { updatedAt: number; settings: ClientSettings }>()
  const settingsOf = (poolId: string, id: string, row: ClientRow): ClientSettings => {
    const key = `${poolId}|${id}`
    const known = parsed.get(key)
    if (known?.updatedAt === row.updated_at.getTime()) return known.settings
    const settings = ClientSettings.parse(row.settings)
    if (parsed.size >= MAX_PARSED) parsed.delete(parsed.keys().next().value ?? '')
    parsed.set(key, { updatedAt: row.updated_at.getTime(), settings })
    return settings
  }
  return {
    /** Null when unknown, disabled, or of another pool. */
    async find(poolId: string, id: string): Promise<ClientForProtocol | null> {
      const { rows } = await pool.query<ClientRow>({
        name: 'protocol-client',
        text: `SELECT c.name, c.enabled, c.settings, c.created_at, c.updated_at,
                 (SELECT array_agg(s.secret_hash) FROM client_secret s WHERE s.pool_id = c.pool_id AND s.client_id = c.id) AS secret_hashes
               FROM app_client c WHERE c.pool_id = $1 AND c.id = $2`,
        values: [poolId, id],
      })
      const [row] = rows
      if (row === undefined || !row.enabled) return null
      const settings = settingsOf(poolId, id, row)
      return {
        client: {
          poolId,
          id,
          name: row.name,
          enabled: true,
          settings,
          createdAt: row.created_at,
          updatedAt: row.updated_at,
        },
        secretHashes: row.secret_hashes ?? [],
      }
    },
    /** A secret recognised under the master secret before this one: its hash is renewed, so that the old one can be dropped. */
    async renewSecret(poolId: string, clientId: string, from: string, to: string): Promise<void> {
      await pool.query({
        name: 'client-secret-renew',
        text: 'UPDATE client_secret SET secret_hash = $4 WHERE pool_id = $1 AND client_id = $2 AND secret_hash = $3',
        values: [poolId, clientId, from, to],
      })
    },
  }
}
