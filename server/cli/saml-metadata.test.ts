import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientSettings } from '#core/clients/client-settings.ts'
import { spMetadataXml } from '#tests/support/saml/sp-metadata.ts'
import { testSp } from '#tests/support/saml/test-sp.ts'
import type { CommandInput } from './command.ts'
import { withDeclaredMetadata, withNamedMetadata } from './saml-metadata.ts'

const sp = testSp()

const imported = async (document: string, present: object = {}) => {
  const input = { values: { 'saml-metadata': 'sp.xml' }, readFile: () => document } as unknown as CommandInput
  const read = await withNamedMetadata(input, present)
  assert.ok(read.ok, JSON.stringify(read))
  return ClientSettings.parse(read.value)
}

describe('metadata of a service provider, imported', () => {
  it('makes a client that can be used', async () => {
    const { type, saml } = await imported(spMetadataXml(sp))
    assert.equal(type, 'saml')
    assert.equal(saml?.entityId, sp.entityId)
    assert.deepEqual(saml?.assertionConsumers, [{ url: sp.acs, index: 0 }])
  })

  it('never takes back that requests have to be signed (attack 70), nor what an administrator chose', async () => {
    const strict = await imported(spMetadataXml(sp, { signsRequests: true }))
    assert.equal(strict.saml?.requireSignedRequests, true)
    const chosen = {
      ...strict,
      saml: { ...strict.saml, nameIdFormats: ['email'], attributes: { sub: { name: 'uid' } } },
    }
    const again = await imported(spMetadataXml(sp, { signsRequests: false, acs: 'https://wiki.example/new' }), chosen)
    assert.equal(again.saml?.requireSignedRequests, true)
    assert.deepEqual(again.saml?.nameIdFormats, ['email'])
    assert.equal(again.saml?.attributes.sub?.name, 'uid')
    assert.equal(again.saml?.assertionConsumers[0]?.url, 'https://wiki.example/new')
  })

  it('is refused by name where it is none', async () => {
    const input = { values: { 'saml-metadata': 'sp.xml' }, readFile: () => '<a/>' } as unknown as CommandInput
    const read = await withNamedMetadata(input, {})
    assert.equal(read.ok ? '' : read.failure.because, 'saml: the metadata describes no service provider')
  })
})

describe('metadata that a configuration file names', () => {
  const contentOf = (client: object) => ({ pools: [{ name: 'Shop', clients: [client] }] })

  it('says what the file leaves out', async () => {
    const client = {
      name: 'Wiki',
      samlMetadata: { file: 'wiki.xml' },
      settings: { saml: { nameIdFormats: ['email'], requireSignedRequests: false } },
    }
    const content = contentOf(client)
    const text = async () => spMetadataXml(sp, { signsRequests: true })
    assert.deepEqual(await withDeclaredMetadata(content, { text }), [])
    const { saml } = ClientSettings.parse(client.settings)
    assert.deepEqual([saml?.entityId, saml?.nameIdFormats, saml?.requireSignedRequests], [sp.entityId, ['email'], true])
  })

  it('is missed with its place, and whatever has another form is left for the check of forms', async () => {
    const content = contentOf({ name: 'Wiki', samlMetadata: { file: 'wiki.xml' } })
    const paths = (await withDeclaredMetadata(content, { text: async () => null })).map(({ path }) => path)
    assert.deepEqual(paths, ['pools.0.clients.0.samlMetadata'])
    for (const odd of [null, [], { pools: {} }, { pools: [null] }, { pools: [{ clients: [7, { samlMetadata: 1 }] }] }])
      assert.deepEqual(await withDeclaredMetadata(odd, { text: async () => null }), [])
  })
})
