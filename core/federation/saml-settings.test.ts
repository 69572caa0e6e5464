import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SamlProviderSettings, samlEntityId, samlWeaknesses } from './saml-settings.ts'

const metadataUrl = 'https://idp.example/metadata'
const problemsOf = (input: unknown) =>
  SamlProviderSettings.safeParse({ kind: 'saml', name: 'Corp', ...(input as object) }).error?.issues.map(({ path }) =>
    path.join('.'),
  ) ?? []

describe('the settings of a SAML provider', () => {
  it('refuse an address that is not https', () => {
    assert.deepEqual(problemsOf({ metadataUrl: 'http://idp.example/metadata' }), ['metadataUrl'])
  })

  it('want the metadata once: by address or as text', () => {
    assert.deepEqual(problemsOf({}), ['metadataUrl'])
    assert.deepEqual(problemsOf({ metadataUrl, metadataXml: '<x/>' }), ['metadataUrl'])
  })

  it('never let the response and the assertion both go unsigned', () => {
    assert.deepEqual(problemsOf({ metadataUrl, requireSignedResponse: false, requireSignedAssertion: false }), [
      'requireSignedAssertion',
    ])
  })

  it('want a lasting attribute as the subject where the NameID is transient', () => {
    assert.deepEqual(problemsOf({ metadataUrl, nameIdFormat: 'transient' }), ['subjectAttribute'])
    assert.deepEqual(problemsOf({ metadataUrl, nameIdFormat: 'transient', subjectAttribute: 'employeeId' }), [])
  })

  it('bound the clock skew to five minutes', () => {
    assert.deepEqual(problemsOf({ metadataUrl, clockSkewSeconds: 301 }), ['clockSkewSeconds'])
  })

  it('refuse names they do not know', () => {
    assert.equal(problemsOf({ metadataUrl, requireSignedResponses: false }).length, 1)
  })

  it('are strict unless told otherwise, and name every weakness that was chosen', () => {
    const strict = SamlProviderSettings.parse({ kind: 'saml', name: 'Corp', metadataUrl })
    assert.deepEqual(samlWeaknesses(strict), [])
    const weak = { ...strict, allowSha1: true, requireSignedResponse: false, idpInitiated: true }
    assert.equal(samlWeaknesses(weak).length, 3)
  })

  it('name the pool as ours, or as Cognito names it', () => {
    assert.equal(samlEntityId('eu_1', 'portico'), 'urn:portico:sp:eu_1')
    assert.equal(samlEntityId('eu_1', 'cognito'), 'urn:amazon:cognito:sp:eu_1')
  })
})
