import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgFactors } from '#adapters/postgres/pg-factors.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { ConfigError, readConfig } from './config.ts'
import { checkCanary, masterSecret, renewSealed } from './secret.ts'

const [first, second] = ['a'.repeat(43), 'b'.repeat(43)]

describe('the master secret', () => {
  it('is the configured one, and then nothing is written', () => {
    const config = readConfig({
      PORTICO_SECRET: first,
      PORTICO_SECRET_PREVIOUS: second,
      PORTICO_DATA_DIR: '/nonexistent',
    })
    assert.deepEqual(masterSecret(config), { secret: first, previous: second })
  })

  it('is made once in development, for its owner’s eyes, and kept', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-secret-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const config = readConfig({ PORTICO_DATA_DIR: join(folder, 'data') })
    const { secret } = masterSecret(config)
    assert.equal(Buffer.from(secret, 'base64url').length, 32)
    assert.deepEqual(masterSecret(config), { secret, previous: null })
    const file = join(folder, 'data', 'development-secret')
    assert.equal(readFileSync(file, 'utf8'), secret)
    assert.equal(statSync(file).mode & 0o077, 0)
  })
})

describe('the canary', () => {
  it('lets the database’s own secret in, and that alone, before anything is written', async (t) => {
    const { connectionString, drop } = await freshDatabase()
    const { pool, close } = openDatabase({ connectionString, maxConnections: 2, onError: () => {} })
    t.after(async () => {
      await close()
      await drop()
    })
    await checkCanary(pool, keyRing(first))
    await checkCanary(pool, keyRing(first))
    const sealed = async () => (await pool.query('SELECT sealed FROM canary')).rows
    const before = await sealed()
    await assert.rejects(checkCanary(pool, keyRing(second)), (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      assert.match(error.message, /PORTICO_SECRET/)
      assert.ok(!error.message.includes(second) && !error.message.includes(first))
      return true
    })
    assert.deepEqual(await sealed(), before)
    await checkCanary(pool, keyRing(second, first))
  })
})

describe('a change of the master secret', () => {
  it('leaves people their authenticator apps once the former secret is destroyed', async (t) => {
    const { connectionString, drop } = await freshDatabase()
    const { pool, close } = openDatabase({ connectionString, maxConnections: 2, onError: () => {} })
    t.after(async () => {
      await close()
      await drop()
    })
    const factor = { poolId: 'eu_1', sub: 'ann', id: 'totp', kind: 'totp', name: null, address: null } as const
    const rest = { credentialId: null, passkey: null, counter: 0, createdAt: new Date(0), secret: 'GEZDGNBV' }
    await pgFactors({ pool }, keyRing(first)).enrol({ ...factor, ...rest }, { events: [] })
    assert.equal(await renewSealed(pool, keyRing(second, first)), 1)
    assert.equal(await renewSealed(pool, keyRing(second, first)), 0)
    assert.equal(await pgFactors({ pool }, keyRing(second)).secretOf('eu_1', 'ann', 'totp'), 'GEZDGNBV')
  })
})
