import assert from 'node:assert/strict'
import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Client } from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { isServing, readPostmaster } from './postmaster-file.ts'

/** A Portico that only keeps its database, in a process that can be killed. */
const KEEPER = `
import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))}
const server = await startEmbeddedPostgres({ dataDir: process.argv[2], log: () => {}, isDurable: false })
process.send(server.connectionString)
process.on('message', async () => { await server.stop(); process.exit(0) })
`

const ask = async (connectionString: string, sql: string): Promise<unknown> => {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

const serverOf = (dataDir: string): number => readPostmaster(dataDir)?.pid ?? assert.fail('no server runs')

describe('the embedded PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-'))
  const dataDir = join(folder, 'pg')
  const said: string[] = []
  const start = () => startEmbeddedPostgres({ dataDir, log: (line) => said.push(line), isDurable: false })

  const startKeeper = async (): Promise<{ child: ChildProcess; connectionString: string }> => {
    const program = join(folder, 'keeper.mts')
    writeFileSync(program, KEEPER)
    const child = fork(program, [dataDir])
    const [connectionString] = await once(child, 'message')
    return { child, connectionString: String(connectionString) }
  }

  before(() => chmodSync(folder, 0o755)) // as root, PostgreSQL is someone else and has to pass
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('makes its data, serves a socket in it and no network, and leaves nothing running', async () => {
    const server = await start()
    assert.match(server.connectionString, /^postgresql:\/\/portico@localhost:5432\/portico\?host=/)
    assert.equal(await ask(server.connectionString, 'SHOW listen_addresses'), '')
    assert.equal(await ask(server.connectionString, 'SELECT current_database()'), 'portico')
    const pid = serverOf(dataDir)
    await server.stop()
    assert.equal(isServing(pid, dataDir), false)
    assert.equal(readPostmaster(dataDir), null)
  })

  it('keeps what was written for the next start', async () => {
    const first = await start()
    await ask(first.connectionString, 'CREATE TABLE kept AS SELECT 7 AS seven')
    await first.stop()
    const second = await start()
    assert.equal(await ask(second.connectionString, 'SELECT seven FROM kept'), 7)
    await second.stop()
  })

  it('adopts the server that a killed process left running', async () => {
    const { child } = await startKeeper()
    const pid = serverOf(dataDir)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(isServing(pid, dataDir), true)

    const server = await start()
    assert.equal(serverOf(dataDir), pid)
    assert.equal(await ask(server.connectionString, 'SELECT 1'), 1)
    await server.stop()
    assert.equal(isServing(pid, dataDir), false)
  })

  it('goes on serving while another process uses it', async () => {
    const { child, connectionString } = await startKeeper()
    const server = await start()
    await server.stop()
    assert.equal(await ask(connectionString, 'SELECT 1'), 1)
    child.send('stop')
    await once(child, 'exit')
    assert.equal(readPostmaster(dataDir), null)
  })

  it('gives two starts at the same moment one server', async () => {
    const [one, other] = await Promise.all([start(), start()])
    assert.equal(one.connectionString, other.connectionString)
    await Promise.all([one.stop(), other.stop()])
    assert.equal(readPostmaster(dataDir), null)
  })

  it('starts beside the left-over file of a server whose process number belongs to someone else', async () => {
    const file = join(dataDir, 'postmaster.pid')
    const first = await start()
    const text = readFileSync(file, 'utf8')
    await first.stop()
    writeFileSync(file, text.replace(/^\d+/, String(process.ppid)))
    const second = await start()
    assert.equal(await ask(second.connectionString, 'SELECT 1'), 1)
    await second.stop()
  })

  it('is started again when it is killed under a living process', async () => {
    const server = await start()
    const pid = serverOf(dataDir)
    process.kill(pid, 'SIGKILL')
    for (let answer: unknown; answer !== 1; )
      answer = await ask(server.connectionString, 'SELECT 1').catch(
        () => new Promise((resolve) => setImmediate(resolve)),
      )
    assert.notEqual(serverOf(dataDir), pid)
    await server.stop()
  })

  it('finds a short place for its socket when the path of the data is too long for one', async () => {
    const far = join(folder, 'x'.repeat(100), 'pg')
    const log: string[] = []
    const server = await startEmbeddedPostgres({ dataDir: far, log: (line) => log.push(line), isDurable: false })
    assert.equal(await ask(server.connectionString, 'SELECT 1'), 1)
    assert.ok(log.some((line) => line.includes('too long for a socket')))
    await server.stop()
  })

  it('refuses data of another major version, and says what to do', async () => {
    const old = join(folder, 'old')
    mkdirSync(old)
    writeFileSync(join(old, 'PG_VERSION'), '15\n')
    await assert.rejects(startEmbeddedPostgres({ dataDir: old, log: () => {} }), /made by PostgreSQL 15.*pg_dump/)
  })

  it('clears away an initialisation that was killed half-way', async () => {
    const dataDir = join(folder, 'new')
    const { pid } = spawnSync('true')
    mkdirSync(`${dataDir}.new-${pid}/base`, { recursive: true })
    const server = await startEmbeddedPostgres({ dataDir, log: () => {}, isDurable: false })
    await server.stop()
    assert.equal(existsSync(`${dataDir}.new-${pid}`), false)
  })

  it('writes no statement and no value into its log', async () => {
    const server = await start()
    await assert.rejects(ask(server.connectionString, `SELECT 'ann@example.com'::int`))
    await server.stop()
    assert.ok(existsSync(join(dataDir, 'server.log')))
    assert.doesNotMatch(readFileSync(join(dataDir, 'server.log'), 'utf8'), /ann@example\.com/)
  })
})
