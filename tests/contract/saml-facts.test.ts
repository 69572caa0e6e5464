import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgAssertionIds, pgKeptMetadata, sweepUsedAssertions } from '#adapters/postgres/pg-saml-facts.ts'
import type { AssertionIds, KeptMetadata } from '#core/federation/ports.ts'
import { aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { memoryAssertionIds, memoryKeptMetadata } from '#tests/support/memory/federation.ts'

interface Facts {
  ids: AssertionIds
  kept: KeptMetadata
  /** Null: nothing is ever forgotten. */
  sweep: ((now: Date) => Promise<number>) | null
  close(): Promise<void>
}

const inMemory = async (): Promise<Facts> => ({
  ids: memoryAssertionIds(),
  kept: memoryKeptMetadata(),
  sweep: null,
  close: async () => {},
})

const inPostgres = async (): Promise<Facts> => {
  const { connectionString, drop } = await freshDatabase()
  const database = openDatabase({ connectionString, maxConnections: 10, onError: () => {} })
  return {
    ids: pgAssertionIds(database),
    kept: pgKeptMetadata(database),
    sweep: (now) => sweepUsedAssertions(database, now),
    async close() {
      await database.close()
      await drop()
    },
  }
}

for (const [where, open] of [
  ['memory', inMemory],
  ['PostgreSQL', inPostgres],
] as const)
  describe(`facts about SAML providers, in ${where}`, () => {
    let facts: Facts
    before(async () => {
      facts = await open()
    })
    after(() => facts.close())

    const use = (poolId: string, id: string, providerId = 'corp') =>
      facts.ids.use(poolId, providerId, id, secondsLater(300))

    it('let an assertion be used once', async () => {
      const poolId = aPoolId()
      assert.equal(await use(poolId, '_a'), true)
      assert.equal(await use(poolId, '_a'), false)
      assert.equal(await use(poolId, '_b'), true)
    })

    it('let exactly one of twenty have it that come at once', async () => {
      const poolId = aPoolId()
      const answers = await Promise.all(Array.from({ length: 20 }, () => use(poolId, '_a')))
      assert.equal(answers.filter(Boolean).length, 1)
    })

    it('keep pools and providers apart, whatever an id is made of', async () => {
      const [here, there] = [aPoolId(), aPoolId()]
      assert.equal(await use(here, '_a'), true)
      assert.equal(await use(there, '_a'), true)
      assert.equal(await use(here, '_a', 'other'), true)
      assert.equal(await use(here, '_'.repeat(10_000)), true)
      assert.equal(await use(here, '_'.repeat(10_000)), false)
    })

    it('remember an assertion for as long as it could be used', async () => {
      if (facts.sweep === null) return
      const poolId = aPoolId()
      await use(poolId, '_a')
      await facts.sweep(secondsLater(299))
      assert.equal(await use(poolId, '_a'), false)
      assert.ok((await facts.sweep(secondsLater(301))) >= 1)
    })

    it('keep the metadata that was fetched last, whichever was written last', async () => {
      const poolId = aPoolId()
      assert.equal(await facts.kept.load(poolId, 'corp'), null)
      await facts.kept.keep(poolId, 'corp', '<new/>', secondsLater(60))
      await facts.kept.keep(poolId, 'corp', '<old/>', NOON)
      assert.equal(await facts.kept.load(poolId, 'corp'), '<new/>')
      assert.equal(await facts.kept.load(aPoolId(), 'corp'), null)
    })
  })
