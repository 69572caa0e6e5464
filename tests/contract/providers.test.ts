import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Result } from '#core/shared/result.ts'
import { alongside, aNewUser, anIdentity, aPool, aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)
const changed = (poolId: string) => alongside(poolId, 'provider.changed')
const nothing = { events: [] }

inEveryStore('identity providers', (stores) => {
  const somePool = async () => {
    const pool = aPool()
    await stores().pools.create(pool, alongside(pool.id, 'pool.changed'))
    return pool.id
  }
  const create = async (
    poolId: string,
    ...given: Parameters<typeof aProvider> extends [string, ...infer R] ? R : never
  ) => codeOf(await stores().providers.create(aProvider(poolId, ...given), null, changed(poolId)))

  it('are none under an unknown name or pool, whatever is in it', async () => {
    const { providers } = stores()
    const poolId = await somePool()
    for (const name of ['', 'Corp', 'a\0b', '%', 'x'.repeat(5000)]) {
      assert.equal(await providers.find(poolId, name), null)
      assert.equal(await providers.secret(poolId, name.replace('\0', '')), null)
    }
    assert.deepEqual(await providers.list(poolId), [])
    assert.equal(codeOf(await providers.create(aProvider('eu_nothere1'), null, changed(poolId))), 'pool-unknown')
  })

  it('are told apart whatever their letter case, and their identifiers too; of twenty at once exactly one wins', async () => {
    const { providers } = stores()
    const poolId = await somePool()
    const names = ['Corp', 'corp', 'CORP', 'cOrp']
    const byName = await Promise.all(Array.from({ length: 20 }, (_, n) => create(poolId, { name: names[n % 4] ?? '' })))
    assert.deepEqual(byName.toSorted(), [...Array(19).fill('already-exists'), 'ok'])
    const byWord = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        create(poolId, {
          name: `Other${n}`,
          settings: { identifiers: [n % 2 ? 'Example.com' : 'example.COM', `own-${n}`] },
        }),
      ),
    )
    assert.deepEqual(byWord.toSorted(), [...Array(19).fill('already-exists'), 'ok'])
    assert.equal((await providers.list(poolId)).length, 2)
  })

  it('may say an identifier twice, and give it away', async () => {
    const { providers } = stores()
    const poolId = await somePool()
    assert.equal(await create(poolId, { name: 'One', settings: { identifiers: ['a.example', 'A.example'] } }), 'ok')
    assert.equal(await create(poolId, { name: 'Two', settings: { identifiers: ['b.example'] } }), 'ok')
    const wanting = aProvider(poolId, { name: 'Two', settings: { identifiers: ['a.EXAMPLE'] } })
    assert.equal(codeOf(await providers.change(wanting, undefined, changed(poolId))), 'already-exists')
    assert.deepEqual((await providers.find(poolId, 'Two'))?.settings.identifiers, ['b.example'])
    assert.equal(codeOf(await providers.change(aProvider(poolId, { name: 'One' }), undefined, changed(poolId))), 'ok')
    assert.equal(codeOf(await providers.change(wanting, undefined, changed(poolId))), 'ok')
    assert.equal(codeOf(await providers.delete(poolId, 'Two', changed(poolId))), 'ok')
    assert.equal(await create(poolId, { name: 'Three', settings: { identifiers: ['a.example'] } }), 'ok')
  })

  it('come in the order of their places, then of their names, those that are switched off among them', async () => {
    const poolId = await somePool()
    await create(poolId, { name: 'Zeta' })
    await create(poolId, { name: 'Beta', settings: { enabled: false } })
    await create(poolId, { name: 'Last', settings: { position: 200 } })
    await create(poolId, { name: 'First', settings: { position: 1 } })
    const names = (await stores().providers.list(poolId)).map(({ name }) => name)
    assert.deepEqual(names, ['First', 'Beta', 'Zeta', 'Last'])
  })

  it('come back as they were given, and their secret by itself', async () => {
    const { providers, pools, written } = stores()
    const poolId = await somePool()
    const provider = aProvider(poolId, { settings: { scopes: ['openid'], clockSkewSeconds: 5 } })
    assert.deepEqual(await providers.create(provider, 'first secret', changed(poolId)), { ok: true, value: undefined })
    assert.deepEqual(await providers.find(poolId, 'Corp'), provider)
    assert.deepEqual(await providers.list(poolId), [provider])
    assert.equal(await providers.find(poolId, 'corp'), null)
    assert.equal(await providers.secret(poolId, 'Corp'), 'first secret')
    const off = aProvider(poolId, { settings: { enabled: false } })
    await providers.change({ ...off, updatedAt: secondsLater(5) }, undefined, changed(poolId))
    assert.equal(await providers.secret(poolId, 'Corp'), 'first secret')
    assert.equal((await providers.find(poolId, 'Corp'))?.settings.enabled, false)
    await providers.change({ ...provider, updatedAt: secondsLater(6) }, 'second secret', changed(poolId))
    assert.equal(await providers.secret(poolId, 'Corp'), 'second secret')
    assert.deepEqual(await providers.find(poolId, 'Corp'), { ...provider, updatedAt: secondsLater(6) })
    assert.equal((await pools.find(poolId))?.version, 4)
    assert.equal(codeOf(await providers.delete(poolId, 'Corp', changed(poolId))), 'ok')
    assert.equal(await providers.secret(poolId, 'Corp'), null)
    assert.equal(codeOf(await providers.delete(poolId, 'Corp', changed(poolId))), 'provider-unknown')
    assert.equal(codeOf(await providers.change(provider, 'third', changed(poolId))), 'provider-unknown')
    assert.deepEqual((await written(poolId)).events.toSorted(), ['pool.changed', ...Array(4).fill('provider.changed')])
  })

  it('of two pools never meet: the same name, words and secret are each its own', async () => {
    const { providers } = stores()
    const [here, there] = [await somePool(), await somePool()]
    const settings = { identifiers: ['example.com'] }
    await providers.create(aProvider(here, { settings }), 'ours', changed(here))
    await providers.create(aProvider(there, { settings }), 'theirs', changed(there))
    await providers.delete(here, 'Corp', changed(here))
    assert.equal(await providers.secret(there, 'Corp'), 'theirs')
    assert.equal((await providers.find(there, 'Corp'))?.poolId, there)
  })

  it('have secrets that open in no other row', async () => {
    const { providers, meddle } = stores()
    const poolId = await somePool()
    await providers.create(aProvider(poolId, { name: 'Corp' }), 'ours', changed(poolId))
    await providers.create(aProvider(poolId, { name: 'Other' }), 'theirs', changed(poolId))
    const isDatabase = await meddle(
      `UPDATE identity_provider p SET secret = o.secret FROM identity_provider o
       WHERE p.pool_id = $1 AND p.name = 'Corp' AND o.pool_id = $1 AND o.name = 'Other'`,
      [poolId],
    )
    if (isDatabase) await assert.rejects(providers.secret(poolId, 'Corp'))
  })

  it('forget the metadata of where they no longer come from', async () => {
    const { providers, meddle } = stores()
    const poolId = await somePool()
    const settings = { kind: 'saml', metadataUrl: 'https://idp.example.com/metadata' }
    await providers.create(aProvider(poolId, { settings }), null, changed(poolId))
    const isDatabase = await meddle(
      `INSERT INTO upstream_metadata (pool_id, provider_id, document, kept_at) VALUES ($1, 'Corp', '<old/>', $2)`,
      [poolId, NOON],
    )
    if (!isDatabase) return
    const kept = `SELECT 1 / count(*) FROM upstream_metadata WHERE pool_id = $1`
    await providers.change(aProvider(poolId, { settings: { ...settings, enabled: false } }), undefined, changed(poolId))
    await meddle(kept, [poolId])
    const moved = aProvider(poolId, { settings: { ...settings, metadataUrl: 'https://other.example.com/metadata' } })
    await providers.change(moved, undefined, changed(poolId))
    await assert.rejects(meddle(kept, [poolId]), /division by zero/)
  })

  it('end what those were given who have an identity there, and nobody else', async () => {
    const { providers, identities, users } = stores()
    const poolId = await somePool()
    await create(poolId)
    await create(poolId, { name: 'Other' })
    for (const sub of ['ann', 'bo', 'cy'])
      await users.create(aNewUser(poolId, [`${sub}@example.com`], { sub }), alongside(poolId, 'user.created'))
    await identities.link(anIdentity(poolId, { subject: 'ann' }), 'ann', nothing)
    await identities.link(anIdentity(poolId, { subject: 'bo', provider: 'Other' }), 'bo', nothing)
    const cutOff = async (sub: string) => (await users.findBySub(poolId, sub))?.user.sessionsValidAfter
    await providers.endSessionsBy(poolId, 'Corp', secondsLater(60))
    assert.deepEqual([await cutOff('ann'), await cutOff('bo'), await cutOff('cy')], [secondsLater(60), NOON, NOON])
    await providers.endSessionsBy(poolId, 'Corp', secondsLater(30))
    assert.deepEqual(await cutOff('ann'), secondsLater(60))
    const off = aProvider(poolId, { settings: { enabled: false } })
    await providers.change(off, undefined, changed(poolId), secondsLater(90))
    assert.deepEqual(await cutOff('ann'), secondsLater(90))
    await providers.delete(poolId, 'Other', changed(poolId))
    assert.deepEqual([await cutOff('bo'), await identities.list(poolId, 'bo')], [NOON, []])
    assert.notEqual(await users.findBySub(poolId, 'bo'), null)
  })
})
