// Attacks 39 and 72: an honest signature over something that is not for us, not for now, not for this browser, or not for the first time.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusesAll } from '#tests/support/saml/adversary.ts'
import { ACS, AT, canonicalConditions, honestResponse } from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'

const MINUTE = 60_000

refusesAll('SAML responses for somebody else', [
  {
    title: 'audience of another service provider',
    because: 'audience-mismatch',
    response: () => honestResponse({ audience: 'urn:portico:sp:eu_2' }),
  },
  { title: 'no audience', because: 'audience-missing', response: () => honestResponse({ audience: null }) },
  {
    title: 'a second audience restriction without us',
    because: 'audience-mismatch',
    response: () => honestResponse({ conditions: canonicalConditions.anotherAudience }),
  },
  {
    title: 'recipient of another service provider',
    because: 'recipient-mismatch',
    response: () => honestResponse({ recipient: 'https://other.example/acs' }),
  },
  { title: 'no recipient', because: 'recipient-mismatch', response: () => honestResponse({ recipient: null }) },
  {
    title: 'recipient that only begins like ours',
    because: 'recipient-mismatch',
    response: () => honestResponse({ recipient: `${ACS}.attacker.example` }),
  },
  {
    title: 'destination of another service provider',
    because: 'destination-mismatch',
    response: () => honestResponse({ destination: 'https://other.example/acs' }),
  },
  {
    title: 'signed without a destination',
    because: 'destination-mismatch',
    response: () => honestResponse({ destination: null }),
  },
  {
    title: 'assertion by another issuer',
    because: 'issuer-mismatch',
    response: () => honestResponse({ issuer: 'https://other.example/metadata' }),
  },
  {
    title: 'response by another issuer',
    because: 'issuer-mismatch',
    response: () => honestResponse({ responseIssuer: 'https://other.example/metadata' }),
  },
  {
    title: 'a condition nobody knows',
    because: 'condition-unknown',
    response: () => honestResponse({ conditions: canonicalConditions.unknown }),
  },
  {
    title: 'confirmation by holder of key',
    because: 'confirmation-missing',
    response: () => honestResponse({ confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
  },
])

refusesAll('SAML responses for another time', [
  {
    title: 'expired, six minutes and the skew later',
    because: 'expired',
    response: () => honestResponse(),
    now: AT + 6 * MINUTE,
  },
  {
    title: 'expired confirmation in conditions that hold',
    because: 'expired',
    response: () => honestResponse({ confirmationEnd: -61 }),
  },
  { title: 'not yet valid', because: 'not-yet-valid', response: () => honestResponse({ notBefore: 61 }) },
  {
    title: 'a clock that is ten minutes ahead',
    because: 'not-yet-valid',
    response: () => honestResponse(),
    now: AT - 10 * MINUTE,
  },
  {
    title: 'a confirmation without an end',
    because: 'lifetime-missing',
    response: () => honestResponse({ confirmationEnd: null }),
  },
  {
    title: 'a confirmation that holds for two days',
    because: 'lifetime-too-long',
    response: () => honestResponse({ confirmationEnd: 172_800, notOnOrAfter: 172_800 }),
  },
  {
    title: 'a session there that is over',
    because: 'expired',
    response: () => honestResponse({ sessionEnd: -61 }),
  },
  {
    title: 'an old authentication where a fresh one was asked for',
    because: 'authentication-not-fresh',
    remembered: { ...REMEMBERED, freshSince: String(AT) },
    response: () => honestResponse({ authenticatedAt: -3600 }),
  },
  {
    title: 'a password where two factors were asked for',
    because: 'authentication-context',
    remembered: { ...REMEMBERED, contexts: 'https://refeds.org/profile/mfa' },
    response: () => honestResponse(),
  },
])

refusesAll('SAML responses for another browser, for none, or for the second time', [
  { title: 'replayed', because: 'replayed', after: honestResponse, response: honestResponse },
  {
    title: 'the same assertion in another response',
    because: 'replayed',
    after: honestResponse,
    response: () => honestResponse({ responseId: '_another-response' }),
  },
  {
    title: 'unsolicited: no journey of this browser',
    because: 'unsolicited',
    remembered: {},
    response: () => honestResponse({ inResponseTo: null, subjectInResponseTo: null }),
  },
  {
    title: 'unsolicited, in a browser that did ask',
    because: 'unsolicited',
    response: () => honestResponse({ inResponseTo: null, subjectInResponseTo: null }),
  },
  {
    title: 'InResponseTo of another browser',
    because: 'answers-another-request',
    response: () => honestResponse({ inResponseTo: '_request-of-another', subjectInResponseTo: '_request-of-another' }),
  },
  {
    title: 'InResponseTo of another browser in the subject alone',
    because: 'answers-another-request',
    response: () => honestResponse({ subjectInResponseTo: '_request-of-another' }),
  },
  {
    title: 'an answer to a request, slipped in as unsolicited where that is allowed',
    because: 'answers-another-request',
    settings: { idpInitiated: true },
    remembered: {},
    relayState: null,
    response: () => honestResponse(),
  },
  {
    title: 'RelayState of another journey',
    because: 'relay-state-mismatch',
    relayState: 'state-of-another-journey',
    response: () => honestResponse(),
  },
  { title: 'no RelayState', because: 'relay-state-mismatch', relayState: null, response: () => honestResponse() },
])

refusesAll('SAML subjects that are nobody, or not for long', [
  { title: 'an empty NameID', because: 'subject-missing', response: () => honestResponse({ nameId: ' ' }) },
  {
    title: 'an element inside NameID',
    because: 'subject-missing',
    response: () => honestResponse({ nameId: 'ann<saml:x></saml:x>@fjord-books.example' }),
  },
  {
    title: 'a transient NameID',
    because: 'subject-transient',
    response: () => honestResponse({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
  },
  {
    title: 'two values of the attribute that is the subject',
    because: 'subject-missing',
    settings: { subjectAttribute: 'email' },
    response: () => honestResponse({ attributes: { email: ['ann@fjord-books.example', 'bo@fjord-books.example'] } }),
  },
  {
    title: 'a value of seventy thousand characters',
    because: 'values-too-large',
    response: () => honestResponse({ attributes: { email: ['x'.repeat(70_000)] } }),
  },
  {
    title: 'the provider says no',
    because: 'status-refused',
    response: () => honestResponse({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }),
  },
])

describe('SAML responses for us and for now', () => {
  const finish = async (xml: string, now = AT) =>
    outcome(await testProvider().provider.finish(posted(xml, now), REMEMBERED))

  it('are accepted when a clock is off by no more than the skew, either way', async () => {
    assert.equal(await finish(honestResponse(), AT + 5 * MINUTE + 59_999), 'accepted')
    assert.equal(await finish(honestResponse(), AT - MINUTE), 'accepted')
    assert.equal(await finish(honestResponse(), AT + 6 * MINUTE), 'expired')
    assert.equal(await finish(honestResponse(), AT - MINUTE - 1), 'not-yet-valid')
  })

  it('are remembered pool by pool and provider by provider, and for as long as they could be used', async () => {
    const { provider } = testProvider({ clockSkewSeconds: 300 })
    const at = (now: number) => provider.finish(posted(honestResponse(), now), REMEMBERED).then(outcome)
    assert.equal(await at(AT), 'accepted')
    assert.equal(await at(AT + 10 * MINUTE - 1), 'replayed')
    assert.equal(await at(AT + 10 * MINUTE), 'expired')
  })
})
