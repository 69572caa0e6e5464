import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aClient, aPool } from '#tests/support/builders.ts'
import { clientOf, testSp } from '#tests/support/saml/test-sp.ts'
import { asAuthorizationClient, checkEntityId } from './saml-client.ts'

const { id: poolId } = aPool()
const wiki = aClient(poolId, { settings: clientOf(testSp()) })
const among = (...clients: (typeof wiki)[]) => ({ list: async () => clients })

describe('a SAML client', () => {
  it('does not speak for a service provider that another one speaks for', async () => {
    const check = (clients: ReturnType<typeof among>, id: string | null) =>
      checkEntityId(clients, poolId, wiki.settings, id)
    assert.equal((await check(among(wiki), null)).ok, false)
    assert.equal((await check(among(wiki), wiki.id)).ok, true)
    assert.equal((await check(among(), null)).ok, true)
    assert.equal((await check(among(aClient(poolId)), null)).ok, true)
  })

  it('comes back to us alone from a journey, with a verifier', () => {
    const { settings } = asAuthorizationClient(wiki, 'https://id.example/eu_1')
    assert.deepEqual(settings.callbackUrls, ['https://id.example/eu_1/saml2/idp/continue'])
    assert.deepEqual([settings.flows, settings.pkce], [['authorization_code'], 'required'])
  })

  it('is the only kind that is changed so', () => {
    const app = aClient(poolId)
    assert.equal(asAuthorizationClient(app, 'https://id.example/eu_1'), app)
  })
})
