import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { EncodedPicture, KeptTheme } from '#core/themes/ports.ts'
import { alongside, anEvent, aPool, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const nothing = { events: [] }
const changed = (poolId: string) => alongside(poolId, 'theme.changed')
const aLook = (overrides: Partial<KeptTheme> = {}): KeptTheme => ({
  settings: { hue: 200 },
  cssSource: '.portico-title { color: #123456 }',
  css: '.portico-title{color:#123456}',
  images: [],
  ...overrides,
})
const aPicture = (hash: string): EncodedPicture => ({
  bytes: new Uint8Array([1, 2, 3]),
  contentType: 'image/png',
  width: 1,
  height: 1,
  hash,
})

inEveryStore('looks', (stores) => {
  const inPool = async () => {
    const pool = aPool()
    await stores().pools.create(pool, nothing)
    return pool.id
  }

  it('are none until one is given, and then as given', async () => {
    const poolId = await inPool()
    const { themes } = stores()
    assert.equal(await themes.find(poolId, ''), null)
    await themes.put(poolId, '', aLook(), NOON, nothing)
    const { images: _, ...look } = aLook()
    assert.deepEqual(await themes.find(poolId, ''), look)
    await themes.put(poolId, '', aLook({ settings: {}, cssSource: null, css: null }), secondsLater(1), nothing)
    assert.deepEqual(await themes.find(poolId, ''), { settings: {}, cssSource: null, css: null })
  })

  it('belong to one pool, or to one client of it', async () => {
    const [poolId, other] = [await inPool(), await inPool()]
    const { themes } = stores()
    await themes.put(poolId, 'shop', aLook({ settings: { hue: 1 }, images: [aPicture('a')] }), NOON, nothing)
    assert.deepEqual([await themes.find(poolId, ''), await themes.find(other, 'shop')], [null, null])
    assert.deepEqual((await themes.find(poolId, 'shop'))?.settings, { hue: 1 })
    assert.equal(await themes.image(other, 'a'), null)
  })

  it('bring their pictures, each kept once', async () => {
    const poolId = await inPool()
    const { themes } = stores()
    for (let time = 0; time < 2; time++)
      await themes.put(poolId, '', aLook({ images: [aPicture('a'), aPicture('b')] }), NOON, nothing)
    assert.deepEqual(await themes.image(poolId, 'b'), { contentType: 'image/png', bytes: Buffer.from([1, 2, 3]) })
    assert.equal(await themes.image(poolId, 'c'), null)
  })

  it('bump the version of their pool', async () => {
    const poolId = await inPool()
    const { themes, pools } = stores()
    const before = (await pools.find(poolId))?.version ?? 0
    await themes.put(poolId, '', aLook(), NOON, nothing)
    assert.equal((await pools.find(poolId))?.version, before + 1)
  })

  it('of a pool that is not there are refused, and nothing is written', async () => {
    const { themes, written } = stores()
    const poolId = aPoolId()
    const answer = await themes.put(poolId, '', aLook({ images: [aPicture('a')] }), NOON, changed(poolId))
    assert.equal(answer.ok ? 'ok' : answer.failure.code, 'pool-unknown')
    assert.deepEqual([await themes.find(poolId, ''), await themes.image(poolId, 'a')], [null, null])
    assert.deepEqual((await written(poolId)).events, [])
  })

  it('are written with their event, or not at all', async () => {
    const poolId = await inPool()
    const { themes, written } = stores()
    await themes.put(poolId, '', aLook(), NOON, changed(poolId))
    assert.deepEqual((await written(poolId)).events, ['theme.changed'])
    const impossible = { events: [{ ...anEvent(poolId, 'theme.changed'), id: 'not a uuid' }] }
    // The fake writes any event; a database refuses this one.
    const isWritten = await themes.put(poolId, '', aLook({ settings: { hue: 9 } }), NOON, impossible).then(
      () => true,
      () => false,
    )
    assert.deepEqual((await themes.find(poolId, ''))?.settings, { hue: isWritten ? 9 : 200 })
  })
})
