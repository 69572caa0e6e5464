import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import { fail } from '#core/shared/result.ts'
import { aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import { memoryAssertionIds, memoryKeptMetadata } from '#tests/support/memory/federation.ts'
import { type FederationEngine, federationEngines, type SamlKeys } from './engines.ts'

const setUp = () => {
  const called: string[] = []
  const keys: { now: SamlKeys } = { now: { signing: null, decryption: [] } }
  const engines = federationEngines({
    secretOf: async () => null,
    samlKeys: async () => keys.now,
    links: { base: (poolId) => `https://id.example.com/${poolId}` },
    async call({ url }) {
      called.push(url)
      return fail('upstream-unreachable', { because: 'nothing is there' })
    },
    kept: memoryKeptMetadata(),
    ids: memoryAssertionIds(),
    clock: { now: () => NOON },
    random: systemRandom,
  })
  return { ...engines, called, keys }
}

const saml = (poolId: string): IdentityProvider =>
  aProvider(poolId, { settings: { kind: 'saml', metadataUrl: 'https://idp.example.com/metadata' } })
const oauth = (poolId: string): IdentityProvider =>
  aProvider(poolId, {
    settings: {
      ...{ kind: 'oauth', clientId: 'c', scopes: ['user'], subjectClaim: 'id' },
      endpoints: { authorization: 'https://idp.example.com/authorize', token: 'https://idp.example.com/token' },
      auth: { method: 'client_secret_post' },
      profile: [{ url: 'https://idp.example.com/user' }],
    },
  })
const failedLines = async (engine: FederationEngine) => (await engine.check()).filter(({ ok }) => !ok).length

describe('engines of identity providers', () => {
  it('speak what their provider speaks, and say so when there is no secret', async () => {
    const { engineFor, called } = setUp()
    assert.ok((await failedLines(await engineFor(aProvider('eu_1')))) > 0)
    assert.ok((await failedLines(await engineFor(saml('eu_2')))) > 0)
    assert.ok((await failedLines(await engineFor(oauth('eu_3')))) > 0)
    assert.ok(called.includes('https://idp.example.com/.well-known/openid-configuration'))
    assert.ok(called.includes('https://idp.example.com/metadata'))
  })

  it('stay the same until their provider changes, each pool’s its own', async () => {
    const { engineFor } = setUp()
    const first = await engineFor(aProvider('eu_1'))
    assert.equal(await engineFor(aProvider('eu_1')), first)
    assert.notEqual(await engineFor(aProvider('eu_2')), first)
    assert.equal(await engineFor(aProvider('eu_1')), first)
    const changed = await engineFor({ ...aProvider('eu_1'), updatedAt: secondsLater(1) })
    assert.notEqual(changed, first)
  })

  it('take the new keys of their pool', async () => {
    const { engineFor, keys } = setUp()
    const first = await engineFor(saml('eu_1'))
    assert.equal(await engineFor(saml('eu_1')), first)
    keys.now = { signing: { privateKey: 'k', certificate: 'c' }, decryption: [] }
    assert.notEqual(await engineFor(saml('eu_1')), first)
  })

  it('are so many at most: the one asked for least recently is made anew', async () => {
    const { engineFor } = setUp()
    const [first, second] = [await engineFor(aProvider('eu_first')), await engineFor(aProvider('eu_second'))]
    for (let n = 0; n < 499; n++) {
      await engineFor(aProvider(`eu_${n}`))
      if (n === 250) assert.equal(await engineFor(aProvider('eu_first')), first)
    }
    assert.equal(await engineFor(aProvider('eu_first')), first)
    assert.notEqual(await engineFor(aProvider('eu_second')), second)
  })
})
