import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '#adapters/postgres/database.ts'
import { signingKeyBoundTo } from '#adapters/postgres/prisma-signing-keys.ts'
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

/**
 * Seals anew what was sealed under the previous secret and lives long: signing keys and the canary. Once every process has
 * started so, PORTICO_SECRET_PREVIOUS may be dropped; clients' secrets follow as they are used.
 */
export const renewSealed = async (pool: Pool, ring: KeyRing): Promise<number> => {
  const { rows } = await pool.query<{ pool_id: string; kid: string; private_sealed: string }>(
    'SELECT pool_id, kid, private_sealed FROM signing_key',
  )
  const old = rows.filter((row) => !ring.isCurrent(row.private_sealed))
  for (const { pool_id, kid, private_sealed } of old) {
    const boundTo = signingKeyBoundTo(pool_id, kid)
    const renewed = ring.seal('signing-key', boundTo, ring.open('signing-key', boundTo, private_sealed))
    await pool.query(
      'UPDATE signing_key SET private_sealed = $4 WHERE pool_id = $1 AND kid = $2 AND private_sealed = $3',
      [pool_id, kid, private_sealed, renewed],
    )
  }
  await pool.query('UPDATE canary SET sealed = $1 WHERE id = 1', [ring.seal('canary', '1', PLAIN)])
  return old.length
}

export const ringOf = (config: Config): KeyRing => {
  const { secret, previous } = masterSecret(config)
  return keyRing(secret, previous)
}
