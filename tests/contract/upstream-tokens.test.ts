import assert from 'node:assert/strict'
import { it } from 'node:test'
import { alongside, aNewUser, anIdentity, aPool, aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const nothing = { events: [] }
const NO_GROUPS = { into: [], outOf: [] }
const first = { accessToken: 'a1', refreshToken: 'r1', expiresAt: 5 }
const second = { accessToken: 'a2', refreshToken: 'r2', expiresAt: null }

inEveryStore('tokens of providers', (stores) => {
  const ann = async (settings: Record<string, unknown> = { keepsTokens: true }) => {
    const { pools, providers, users, identities } = stores()
    const pool = aPool()
    await pools.create(pool, alongside(pool.id, 'pool.changed'))
    await providers.create(aProvider(pool.id, { settings }), null, nothing)
    await users.create(aNewUser(pool.id, ['ann@example.com'], { sub: 'ann' }), nothing)
    const key = anIdentity(pool.id)
    await identities.link(key, 'ann', nothing)
    return {
      key,
      note: (tokens: typeof first | typeof second | null, seconds = 0) =>
        identities.note(key, { claims: { a: 1 }, tokens, at: secondsLater(seconds) }, NO_GROUPS),
      tokens: async () => (await identities.record(key))?.tokens ?? null,
      change: (more: Record<string, unknown>) =>
        providers.change(
          { ...aProvider(pool.id, { settings: { ...settings, ...more } }), updatedAt: secondsLater(99) },
          undefined,
          nothing,
        ),
    }
  }

  it('are not kept where the provider’s settings do not say so, or it is switched off', async () => {
    for (const settings of [{}, { keepsTokens: true, enabled: false }]) {
      const { note, tokens, key } = await ann(settings)
      await note(first)
      assert.equal(await tokens(), null)
      assert.equal(await stores().identities.keepTokens(key, second, NOON), false)
      assert.equal(await tokens(), null)
      assert.deepEqual((await stores().identities.record(key))?.claims, { a: 1 })
    }
  })

  it('are not kept for an identity that is nobody’s, has never signed in, or has signed in since', async () => {
    const { identities } = stores()
    const { key, note, tokens } = await ann()
    for (const subject of ['', 'a\0b', 'nobody'])
      assert.equal(await identities.keepTokens({ ...key, subject }, second, NOON), false)
    assert.equal(await identities.keepTokens(key, second, NOON), false)
    assert.equal(await identities.record(key), null)
    await note(first, 7)
    assert.equal(await identities.keepTokens(key, second, NOON), false)
    assert.deepEqual(await tokens(), first)
  })

  it('take the place of those of the sign-in, which stays when it was', async () => {
    const { identities } = stores()
    const { key, note } = await ann()
    await note(first, 3)
    assert.equal(await identities.keepTokens(key, second, secondsLater(3)), true)
    assert.deepEqual(await identities.record(key), { claims: { a: 1 }, tokens: second, at: secondsLater(3) })
  })

  it('are dropped when they are the ones that are meant, and no others', async () => {
    const { identities } = stores()
    const { key, note, tokens } = await ann()
    for (const subject of ['', 'a\0b', 'nobody']) await identities.dropTokens({ ...key, subject }, first)
    await note(second)
    await identities.dropTokens(key, first)
    assert.deepEqual(await tokens(), second)
    await identities.dropTokens(key, second)
    assert.equal(await tokens(), null)
    await identities.dropTokens(key, second)
    assert.equal(await identities.keepTokens(key, first, NOON), true)
    assert.deepEqual(await tokens(), first)
  })

  it('go in the change that switches the provider off, or keeps none any more, or makes it another', async () => {
    for (const change of [{ enabled: false }, { keepsTokens: false }, { issuer: 'https://next.example' }]) {
      const { note, tokens, change: changeTo, key } = await ann()
      await note(first)
      await changeTo({ displayName: 'Corporation' })
      assert.deepEqual(await tokens(), first)
      await changeTo(change)
      assert.equal(await tokens(), null)
      assert.deepEqual((await stores().identities.record(key))?.claims, { a: 1 })
    }
  })

  it('are none once all is said, of sign-ins, refreshes and a switch-off at once', async () => {
    for (let round = 0; round < 10; round++) {
      const { identities } = stores()
      const { note, tokens, change, key } = await ann()
      await note(first)
      await Promise.all([
        ...Array.from({ length: 5 }, () => note(second)),
        change({ keepsTokens: false }),
        ...Array.from({ length: 5 }, () => identities.keepTokens(key, second, NOON)),
      ])
      assert.equal(await tokens(), null)
    }
  })
})
