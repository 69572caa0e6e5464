import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { Client } from 'pg'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { migrate, migrationStates, readMigrations, SchemaRefused } from '#adapters/postgres/migrate.ts'
import { freshDatabase } from '#tests/support/database.ts'

/** An empty database and a folder of migrations of the test's own. */
const setUp = async (t: TestContext) => {
  const { connectionString } = await freshDatabase(t)
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const query = async (sql: string) => {
    const client = new Client({ connectionString })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }
  await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  const add = (name: string, sql: string) => {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'migration.sql'), sql)
  }
  const run = () => migrate({ connectionString, clock: systemClock, log: () => {}, folder })
  const states = async () =>
    (await migrationStates({ connectionString, folder })).map(({ name, state }) => `${name} ${state}`)
  return { add, run, query, states, folder }
}

const refusedWith = (words: RegExp) => (error: unknown) => error instanceof SchemaRefused && words.test(error.message)

describe('migrating a database', () => {
  it('applies what is pending, in order, once', async (t) => {
    const { add, run, states } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    add('20300102000000_two', 'ALTER TABLE one ADD COLUMN name text')
    assert.deepEqual(await states(), ['20300101000000_one pending', '20300102000000_two pending'])
    assert.deepEqual(await run(), ['20300101000000_one', '20300102000000_two'])
    assert.deepEqual(await run(), [])
    assert.deepEqual(await states(), ['20300101000000_one applied', '20300102000000_two applied'])
  })

  it('lets one of many starting processes do the work', async (t) => {
    const { add, run } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    const applied = await Promise.all(Array.from({ length: 8 }, run))
    assert.equal(applied.flat().length, 1)
  })

  it('changes nothing when a migration fails, and goes on once it is mended', async (t) => {
    const { add, run, query, states } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE one (id int); CREATE TABLE one (id int)')
    await assert.rejects(run(), /20300101000000_one failed and changed nothing/)
    assert.deepEqual(await query(`SELECT to_regclass('one') AS one`), [{ one: null }])
    assert.deepEqual(await states(), ['20300101000000_one pending'])
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    assert.deepEqual(await run(), ['20300101000000_one'])
  })

  it('refuses a database that holds a migration of a newer build', async (t) => {
    const { add, run, folder } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    add('20300102000000_two', 'CREATE TABLE two (id int)')
    await run()
    rmSync(join(folder, '20300102000000_two'), { recursive: true })
    await assert.rejects(run(), refusedWith(/20300102000000_two was applied by a newer or different build/))
  })

  it('refuses a migration that was edited after it was applied', async (t) => {
    const { add, run, states } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    await run()
    add('20300101000000_one', 'CREATE TABLE one (id bigint)')
    await assert.rejects(run(), refusedWith(/edited after it was applied/))
    assert.deepEqual(await states(), ['20300101000000_one changed'])
  })

  it('refuses a migration that is older than one already applied', async (t) => {
    const { add, run, query } = await setUp(t)
    add('20300102000000_two', 'CREATE TABLE two (id int)')
    await run()
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    await assert.rejects(run(), refusedWith(/20300101000000_one is older/))
    assert.deepEqual(await query(`SELECT to_regclass('one') AS one`), [{ one: null }])
  })

  it('refuses a database where another tool left a migration half-way', async (t) => {
    const { add, run, query } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE one (id int)')
    await run()
    await query('UPDATE _prisma_migrations SET finished_at = NULL')
    await assert.rejects(run(), refusedWith(/failed half-way/))
  })

  it('leaves out of account what another tool has rolled back', async (t) => {
    const { add, run, query } = await setUp(t)
    add('20300101000000_one', 'CREATE TABLE IF NOT EXISTS one (id int)')
    await run()
    await query('UPDATE _prisma_migrations SET finished_at = NULL, rolled_back_at = now()')
    assert.deepEqual(await run(), ['20300101000000_one'])
  })
})

describe('the migrations of this build', () => {
  it('are named by time and intent', () => {
    for (const { name } of readMigrations()) assert.match(name, /^\d{14}_[a-z][a-z0-9_]*$/)
  })

  it('make the schema of prisma/schema.prisma, with nothing left over', async (t) => {
    const { schemaDifference } = await import('../../scripts/schema-difference.ts')
    const { connectionString } = await freshDatabase(t)
    const root = join(import.meta.dirname, '../..')
    const sql = await schemaDifference({
      connectionString,
      schemaFile: join(root, 'prisma/schema.prisma'),
      migrationsFolder: join(root, 'prisma/migrations'),
    })
    assert.equal(sql, '', 'run "npm run db -- new <name>"')
  })
})
