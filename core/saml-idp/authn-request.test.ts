import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Result } from '../shared/result.ts'
import { type AuthnRequest, acceptRequest } from './authn-request.ts'
import { SamlAppSettings } from './saml-app-settings.ts'

const SSO = 'https://id.example/eu_1/saml2/idp/sso'
const NOW = Date.parse('2026-11-21T12:00:00Z')
const ACS = 'https://wiki.example/acs'
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

const settings = SamlAppSettings.parse({
  entityId: 'https://wiki.example/saml',
  assertionConsumers: [
    { url: ACS, index: 3 },
    { url: `${ACS}/second`, index: 7 },
  ],
})
const request: AuthnRequest = {
  id: '_1',
  issuer: 'https://wiki.example/saml',
  isSigned: false,
  destination: SSO,
  issuedAt: NOW,
  acsUrl: null,
  acsIndex: null,
  protocolBinding: null,
  nameIdFormat: null,
  forceAuthn: false,
  isPassive: false,
  contexts: [],
  comparison: 'exact',
  subject: null,
}
const judge = (changes: Partial<AuthnRequest>, app = settings, relayState: string | null = null): Result<string> =>
  acceptRequest(app, { ...request, ...changes }, { ssoUrl: SSO, relayState, now: NOW })
const because = (result: Result<string>): string => (result.ok ? result.value : (result.failure.because ?? ''))

describe('a request of a service provider', () => {
  for (const [title, changes, expected] of [
    ['an address of the attacker’s choice', { acsUrl: 'https://evil.example/acs' }, 'consumer-unknown'],
    ['a registered address with more behind it', { acsUrl: `${ACS}?x` }, 'consumer-unknown'],
    ['a registered address in other letters', { acsUrl: ACS.toUpperCase() }, 'consumer-unknown'],
    ['no address at all, said aloud', { acsUrl: '' }, 'consumer-unknown'],
    ['an index that nobody registered', { acsIndex: 4 }, 'consumer-unknown'],
    ['an index that is none', { acsIndex: -1 }, 'consumer-unknown'],
    ['an address and an index', { acsUrl: ACS, acsIndex: 3 }, 'consumer-ambiguous'],
    ['another binding', { protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' }, 'response-binding'],
    ['another destination', { destination: 'https://other.example/sso' }, 'request-destination'],
    ['no destination, signed', { destination: null, isSigned: true }, 'request-destination'],
    ['an hour ago', { issuedAt: NOW - 3_600_000 }, 'request-too-old'],
    ['the future', { issuedAt: NOW + 61_000 }, 'request-too-old'],
  ] as const)
    it(`is refused for ${title}`, () => assert.equal(because(judge(changes)), expected))

  it('is refused without a signature where the client must sign', () => {
    const strict = { ...settings, requireSignedRequests: true, certificates: [PEM] }
    assert.equal(because(judge({}, strict)), 'request-not-signed')
    assert.equal(because(judge({ isSigned: true }, strict)), ACS)
  })

  it('is refused with a state that nobody can carry', () => {
    assert.equal(because(judge({}, settings, 'x'.repeat(2049))), 'relay-state-too-long')
    assert.equal(because(judge({}, settings, 'x'.repeat(2048))), ACS)
  })

  it('is answered at the address it names, at the one behind its index, or at the first', () => {
    assert.equal(because(judge({ acsUrl: `${ACS}/second` })), `${ACS}/second`)
    assert.equal(because(judge({ acsIndex: 7 })), `${ACS}/second`)
    assert.equal(because(judge({})), ACS)
    assert.equal(because(judge({ destination: null })), ACS)
  })
})
