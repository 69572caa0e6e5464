import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '#adapters/postgres/database.ts'
import { samlKeyBoundTo } from '#adapters/postgres/pg-saml-keys.ts'
import { signingKeyBoundTo } from '#adapters/postgres/prisma-signing-keys.ts'
import { renewFactorSecrets } from '#adapters/postgres/renew-factor-secrets.ts'
import { renewFederationSecrets } from '#adapters/postgres/renew-federation-secrets.ts'
import { type KeyRing, keyRing } from '#adapters/secrets/key-ring.ts'
import { type Config, ConfigError } from './config.ts'

type Pool = Database['pool']

/** The master secret: configured, or — in development alone — made once and kept in the data folder. */
export const masterSecret = (config: Config): { secret: string; previous: string | null } => {
  const previous = config.PORTICO_SECRET_PREVIOUS ?? null
  if (config.PORTICO_SECRET !== undefined) return { secret: config.PORTICO_SECRET, previous }
  mkdirSync(config.PORTICO_DATA_DIR, { recursive: true })
  const file = join(config.PORTICO_DATA_DIR, 'development-secret')
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return { secret: readFileSync(file, 'utf8').trim(), previous }
}

const PLAIN = 'portico'

/**
 * Checks that this is the secret the database was written under, before anything is written: a wrong one would make every
 * sealed value unreadable and every stored hash useless. Throws a ConfigError (exit 78).
 */
export const checkCanary = async (pool: Pool, ring: KeyRing): Promise<void> => {
  await pool.query('INSERT INTO canary (id, sealed) VALUES (1, $1) ON CONFLICT DO NOTHING', [
    ring.seal('canary', '1', PLAIN),
  ])
  const { rows } = await pool.query<{ sealed: string }>('SELECT sealed FROM canary WHERE id = 1')
  try {
    if (ring.open('canary', '1', rows[0]?.sealed ?? '') === PLAIN) return
  } catch {
    // Told below, without what the cipher said.
  }
  throw new ConfigError([
    'PORTICO_SECRET: not the secret this database was written under (PORTICO_SECRET_PREVIOUS opens an older one)',
  ])
}

/** Rows of a table that were sealed under the previous secret, sealed anew. Returns how many. */
const renewRows = async (
  pool: Pool,
  ring: KeyRing,
  { table, column, purpose, boundTo }: { table: string; column: string; purpose: string; boundTo(row: Row): string },
): Promise<number> => {
  const { rows } = await pool.query<Row>(`SELECT * FROM ${table}`)
  const old = rows.filter((row) => !ring.isCurrent(row[column] ?? ''))
  for (const row of old) {
    const [bound, sealed] = [boundTo(row), row[column] ?? '']
    const renewed = ring.seal(purpose, bound, ring.open(purpose, bound, sealed))
    await pool.query(`UPDATE ${table} SET ${column} = $3 WHERE pool_id = $1 AND ${column} = $2`, [
      row.pool_id,
      sealed,
      renewed,
    ])
  }
  return old.length
}

type Row = Record<string, string>

/** Every table whose rows outlive a change of secret. */
const LONG_LIVED = [
  {
    table: 'signing_key',
    column: 'private_sealed',
    purpose: 'signing-key',
    boundTo: ({ pool_id = '', kid = '' }: Row) => signingKeyBoundTo(pool_id, kid),
  },
  {
    table: 'saml_key',
    column: 'private_sealed',
    purpose: 'saml-key',
    boundTo: ({ pool_id = '', use = '' }: Row) => samlKeyBoundTo(pool_id, use),
  },
  {
    table: 'pairwise_secret',
    column: 'sealed',
    purpose: 'pairwise-secret',
    boundTo: ({ pool_id = '' }: Row) => pool_id,
  },
]

/**
 * Seals anew what was sealed under the previous secret and lives long: keys, what names are derived from, secrets of authenticator
 * apps, what identity providers keep, and the canary. Once every process has started so, PORTICO_SECRET_PREVIOUS may be dropped;
 * clients' secrets follow as they are used.
 */
export const renewSealed = async (pool: Pool, ring: KeyRing): Promise<number> => {
  let renewed = 0
  for (const table of LONG_LIVED) renewed += await renewRows(pool, ring, table)
  renewed += await renewFactorSecrets(pool, ring)
  renewed += await renewFederationSecrets(pool, ring)
  await pool.query('UPDATE canary SET sealed = $1 WHERE id = 1', [ring.seal('canary', '1', PLAIN)])
  return renewed
}

export const ringOf = (config: Config): KeyRing => {
  const { secret, previous } = masterSecret(config)
  return keyRing(secret, previous)
}
