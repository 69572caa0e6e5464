import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgContactChanges } from '#adapters/postgres/pg-contact-changes.ts'
import { pgDataExports } from '#adapters/postgres/pg-data-exports.ts'
import { pgDeletions } from '#adapters/postgres/pg-deletions.ts'
import { prismaUsers } from '#adapters/postgres/prisma-users.ts'
import { userReader } from '#adapters/postgres/user-reader.ts'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type {
  ContactChange,
  ContactChangeStore,
  DataExport,
  DataExportStore,
  DeletionStore,
} from '#core/account/ports.ts'
import type { UserDirectory, UserWriter } from '#core/users/ports.ts'
import { aNewUser, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { memoryContactChanges, memoryDataExports, memoryDeletions } from '#tests/support/memory/account.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'

interface Stores {
  contactChanges: ContactChangeStore
  dataExports: DataExportStore
  deletions: DeletionStore
  users: UserDirectory & UserWriter
  atRest(): Promise<string>
  close(): Promise<void>
}

const inMemory = async (): Promise<Stores> => {
  const users = memoryUsers()
  return {
    contactChanges: memoryContactChanges(),
    dataExports: memoryDataExports(),
    deletions: memoryDeletions({ find: async (poolId, sub) => (await users.findBySub(poolId, sub))?.user ?? null }),
    users,
    atRest: async () => '',
    close: async () => {},
  }
}

const inPostgres = async (): Promise<Stores> => {
  const { connectionString, drop } = await freshDatabase()
  const database = openDatabase({ connectionString, maxConnections: 10, onError: () => {} })
  const secrets = keyRing(randomBytes(32).toString('base64url'))
  return {
    contactChanges: pgContactChanges(database, secrets),
    dataExports: pgDataExports(database, secrets),
    deletions: pgDeletions(database, secrets),
    users: { ...userReader(database.pool), ...prismaUsers({ prisma: database.prisma, secrets }) },
    async atRest() {
      const { rows } = await database.pool.query<{ row: string }>('SELECT each::text AS row FROM data_export AS each')
      return rows.map(({ row }) => row).join('\n')
    },
    async close() {
      await database.close()
      await drop()
    },
  }
}

const nothing = { events: [] }
const wins = (answers: readonly boolean[]): number => answers.filter(Boolean).length
const fifty = <T>(act: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 50 }, act))

const aChange = (poolId: string, overrides: Partial<ContactChange> = {}): ContactChange => ({
  poolId,
  id: 'change-1',
  sub: 'ann',
  attribute: 'email',
  oldValue: 'ann@example.com',
  newValue: 'ann@example.org',
  createdAt: NOON,
  expiresAt: secondsLater(1800),
  ...overrides,
})

const anExport = (poolId: string, overrides: Partial<DataExport> = {}): DataExport => ({
  poolId,
  id: 'export-1',
  sub: 'ann',
  status: 'queued',
  locale: 'en',
  createdAt: NOON,
  readyAt: null,
  expiresAt: secondsLater(3600),
  ...overrides,
})

for (const [place, open] of Object.entries({ 'in memory': inMemory, 'in PostgreSQL': inPostgres })) {
  describe(`what people ask for in their account, ${place}`, () => {
    let stores: Stores
    before(async () => {
      stores = await open()
    })
    after(() => stores?.close())

    it('a change of address waits for its proof, one per address, until it expires', async () => {
      const { contactChanges } = stores
      const poolId = aPoolId()
      await contactChanges.start(aChange(poolId), nothing)
      await contactChanges.start(aChange(poolId, { id: 'change-2', newValue: 'ann@example.net' }), nothing)
      const waiting = await contactChanges.waiting(poolId, 'ann', 'email', NOON)
      assert.deepEqual(waiting, aChange(poolId, { id: 'change-2', newValue: 'ann@example.net' }))
      assert.equal(await contactChanges.waiting(poolId, 'ann', 'phone_number', NOON), null)
      assert.equal(await contactChanges.waiting(poolId, 'bo', 'email', NOON), null)
      assert.equal(await contactChanges.waiting(aPoolId(), 'ann', 'email', NOON), null)
      assert.equal(await contactChanges.waiting(poolId, 'ann', 'email', secondsLater(1800)), null)
      await contactChanges.drop(poolId, 'ann', 'email')
      assert.equal(await contactChanges.waiting(poolId, 'ann', 'email', NOON), null)
    })

    it('a change of address is confirmed by exactly one of fifty, and taken back by exactly one of fifty', async () => {
      const { contactChanges } = stores
      const poolId = aPoolId()
      await contactChanges.start(aChange(poolId), nothing)
      const confirm = () => contactChanges.confirm(poolId, 'change-1', 'hash', NOON, secondsLater(600))
      assert.equal(wins(await fifty(confirm)), 1)
      assert.equal((await contactChanges.findByUndo(poolId, 'hash', NOON))?.id, 'change-1')
      assert.equal(await contactChanges.findByUndo(aPoolId(), 'hash', NOON), null)
      assert.equal(await contactChanges.findByUndo(poolId, 'hash', secondsLater(600)), null)
      assert.equal(wins(await fifty(() => contactChanges.undo(poolId, 'change-1', NOON))), 1)
      assert.equal(await contactChanges.findByUndo(poolId, 'hash', NOON), null)
    })

    it('a change of address that is taken back takes those with it that were built upon it, and none before', async () => {
      const { contactChanges } = stores
      const poolId = aPoolId()
      for (const [n, about] of [{}, {}, {}, { attribute: 'phone_number' as const }, { sub: 'bo' }].entries()) {
        const at = secondsLater(n)
        await contactChanges.start(aChange(poolId, { id: `change-${n}`, ...about }), nothing)
        await contactChanges.confirm(poolId, `change-${n}`, `hash-${n}`, at, secondsLater(600))
      }
      assert.equal(await contactChanges.undo(poolId, 'change-1', secondsLater(60)), true)
      const live = async (n: number) =>
        (await contactChanges.findByUndo(poolId, `hash-${n}`, secondsLater(60))) !== null
      assert.deepEqual(await Promise.all([0, 1, 2, 3, 4].map(live)), [true, false, false, true, true])
      assert.equal(await contactChanges.undo(poolId, 'change-2', secondsLater(60)), false)
    })

    it('one copy of a person’s data is made at a time, and opens for them alone, sealed, for its time', async () => {
      const { dataExports, users } = stores
      const poolId = aPoolId()
      await users.create(aNewUser(poolId, ['ann@example.com'], { sub: 'ann' }), nothing)
      let asked = 0
      const ask = () => {
        asked += 1
        return dataExports.ask(anExport(poolId, { id: `export-${asked}` }), nothing)
      }
      assert.equal(wins(await fifty(ask)), 1)
      const waiting = await dataExports.latest(poolId, 'ann', NOON)
      assert.equal(waiting?.status, 'queued')
      assert.equal(await dataExports.open(poolId, 'ann', NOON), null)
      const files = { json: '{"name":"a private name"}', csv: 'a private name' }
      const ready = () => dataExports.ready(poolId, waiting?.id ?? '', files, NOON, secondsLater(60), nothing)
      assert.equal(wins(await fifty(ready)), 1)
      assert.deepEqual(await dataExports.open(poolId, 'ann', NOON), files)
      assert.equal(await dataExports.open(poolId, 'bo', NOON), null)
      assert.equal(await dataExports.open(aPoolId(), 'ann', NOON), null)
      assert.equal(await dataExports.open(poolId, 'ann', secondsLater(60)), null)
      assert.doesNotMatch(await stores.atRest(), /a private name/)
    })

    it('a deletion is scheduled once, taken back for its own time alone, and not after it was taken up', async () => {
      const { deletions, users } = stores
      const poolId = aPoolId()
      await users.create(aNewUser(poolId, ['bo@example.com'], { sub: 'bo' }), nothing)
      const until = secondsLater(60)
      const schedule = async () => (await deletions.schedule(poolId, 'bo', until, NOON, nothing)).ok
      assert.equal(wins(await fifty(schedule)), 1)
      assert.equal((await deletions.cancel(poolId, 'bo', secondsLater(61), nothing)).ok, false)
      assert.equal((await deletions.cancel(aPoolId(), 'bo', until, nothing)).ok, false)
      assert.equal((await deletions.cancel(poolId, 'bo', until, nothing)).ok, true)
      assert.equal((await deletions.schedule(poolId, 'bo', until, NOON, nothing)).ok, true)
      const ours = (subs: readonly { sub: string; poolId: string }[]) => subs.filter((each) => each.poolId === poolId)
      assert.deepEqual(ours(await deletions.claimDue(secondsLater(59), 50)), [])
      assert.deepEqual(
        ours(await deletions.claimDue(until, 50)).map(({ sub }) => sub),
        ['bo'],
      )
      assert.equal((await deletions.cancel(poolId, 'bo', until, nothing)).ok, false)
    })
  })
}
