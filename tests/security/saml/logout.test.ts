// Attacks 66, 73 and 74 at single logout: what ends somebody's session is as sure as what began it.
import assert from 'node:assert/strict'
import { createSign } from 'node:crypto'
import { describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import type { ReceivedLogout } from '#adapters/saml/logout.ts'
import type { PoolKey } from '#adapters/saml/sign-message.ts'
import { writeSession } from '#adapters/upstream-saml/read-identity.ts'
import { canonical, STANDARD, signatureOver } from '#tests/support/saml/canonical-xml.ts'
import { AT, IDP_ENTITY, keys, LOGOUT } from '#tests/support/saml/test-idp.ts'
import { outcome, testProvider } from '#tests/support/saml/test-provider.ts'

const PROTOCOL = { 'xmlns:samlp': 'urn:oasis:names:tc:SAML:2.0:protocol' }
const ASSERTION = { 'xmlns:saml': 'urn:oasis:names:tc:SAML:2.0:assertion' }
const ID = '_logout-1'

const wishXml = ({
  issuer = IDP_ENTITY,
  destination = LOGOUT,
  at = AT,
  nameId = 'ann',
  signature = '',
  inside = '',
} = {}) =>
  canonical(
    'samlp:LogoutRequest',
    { ...PROTOCOL, Destination: destination, ID, IssueInstant: new Date(at).toISOString(), Version: '2.0' },
    canonical('saml:Issuer', ASSERTION, issuer),
    signature,
    inside,
    canonical('saml:NameID', ASSERTION, nameId),
    canonical('samlp:SessionIndex', {}, 'session-7'),
  )

const answerXml = (inResponseTo: string, status = 'Success') =>
  canonical(
    'samlp:LogoutResponse',
    {
      ...PROTOCOL,
      Destination: LOGOUT,
      ID,
      InResponseTo: inResponseTo,
      IssueInstant: new Date(AT).toISOString(),
      Version: '2.0',
    },
    canonical('saml:Issuer', ASSERTION, IDP_ENTITY),
    canonical(
      'samlp:Status',
      {},
      canonical('samlp:StatusCode', { Value: `urn:oasis:names:tc:SAML:2.0:status:${status}` }),
    ),
  )

interface QueryRecipe {
  key?: PoolKey | null
  algorithm?: string
  hash?: string
  field?: string
  suffix?: string
}

const byQuery = (
  xml: string | Buffer,
  {
    key = keys().idp,
    algorithm = STANDARD.signatureMethod,
    hash = 'sha256',
    field = 'SAMLRequest',
    suffix = '',
  }: QueryRecipe = {},
): ReceivedLogout => {
  const message = `${field}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}&RelayState=state`
  const signed = `${message}&SigAlg=${encodeURIComponent(algorithm)}`
  const signature = key && createSign(hash).update(signed).sign(key.privateKey, 'base64')
  const query = signature === null ? message : `${signed}&Signature=${encodeURIComponent(signature)}`
  return { method: 'GET', url: `${LOGOUT}?${query}${suffix}`, parameters: {}, now: AT }
}

const byForm = (xml: string): ReceivedLogout => ({
  method: 'POST',
  url: LOGOUT,
  parameters: { SAMLRequest: Buffer.from(xml).toString('base64') },
  now: AT,
})

const signedWish = (more: Parameters<typeof wishXml>[0] = {}, key = keys().idp) =>
  wishXml({ ...more, signature: signatureOver(wishXml(more), ID, key) })

const swapped = (received: ReceivedLogout, from: RegExp, to: string): ReceivedLogout => ({
  ...received,
  url: received.url.replace(from, to),
})

const ATTACKS: [title: string, because: string, received: () => ReceivedLogout][] = [
  ['unsigned, in the query', 'message-missing', () => byQuery(wishXml(), { key: null })],
  ['unsigned, in a form', 'response-not-signed', () => byForm(wishXml())],
  ['signed by another provider, in the query', 'signature-invalid', () => byQuery(wishXml(), { key: keys().other })],
  ['signed by another provider, in a form', 'certificate-unknown', () => byForm(signedWish({}, keys().other))],
  [
    'a signature over another RelayState',
    'signature-invalid',
    () => swapped(byQuery(wishXml()), /RelayState=state/, 'RelayState=other'),
  ],
  ['a parameter twice', 'message-missing', () => byQuery(wishXml(), { suffix: '&RelayState=other' })],
  ['the message under another spelling beside', 'message-missing', () => byQuery(wishXml(), { field: 'SAMLRequestX' })],
  [
    'SHA-1',
    'signature-sha1',
    () => byQuery(wishXml(), { algorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', hash: 'sha1' }),
  ],
  ['HMAC', 'signature-hmac', () => byQuery(wishXml(), { algorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1' })],
  ['a deflate bomb', 'message-too-large', () => byQuery(Buffer.alloc(20_000_000, 32))],
  ['a document type', 'xml-dtd', () => byQuery(`<!DOCTYPE x>${wishXml()}`)],
  ['a comment in the name', 'xml-comment', () => byForm(signedWish({ nameId: 'ann<!---->bo' }))],
  [
    'the signed request inside an evil one',
    'signature-misplaced',
    () =>
      byForm(
        wishXml({ nameId: 'bo', inside: canonical('samlp:Extensions', {}, signedWish().replaceAll(ID, '_other')) }),
      ),
  ],
  [
    'the signature of another message',
    'signature-invalid',
    () => byForm(wishXml({ nameId: 'bo', signature: signatureOver(wishXml(), ID, keys().idp) })),
  ],
  ['another issuer', 'issuer-mismatch', () => byQuery(wishXml({ issuer: 'https://other.example/' }))],
  ['another destination', 'destination-mismatch', () => byQuery(wishXml({ destination: 'https://other.example/slo' }))],
  ['ten minutes old', 'expired', () => byQuery(wishXml({ at: AT - 600_000 }))],
  ['from the future', 'not-yet-valid', () => byQuery(wishXml({ at: AT + 600_000 }))],
  ['nobody named', 'subject-missing', () => byQuery(wishXml({ nameId: '' }))],
  ['an answer instead of a wish', 'wrong-message', () => byQuery(answerXml('_x'))],
]

describe('a SAML logout that the provider wishes', () => {
  for (const [title, because, received] of ATTACKS)
    it(`is refused: ${title}`, async (test) => {
      const result = await testProvider().provider.wished(received())
      test.diagnostic(`${title} → ${because} → ${outcome(result)}`)
      assert.equal(outcome(result), because)
    })

  for (const [how, received] of [
    ['in the query', () => byQuery(wishXml())],
    ['in a form', () => byForm(signedWish())],
  ] as const)
    it(`says whose session it is, once, when it is signed ${how}`, async () => {
      const { provider } = testProvider()
      const wish = await provider.wished(received())
      assert.deepEqual(wish.ok && [wish.value.id, wish.value.nameId, wish.value.sessionIndexes], [
        ID,
        'ann',
        ['session-7'],
      ])
      assert.equal(outcome(await provider.wished(received())), 'replayed')
    })

  it('is answered with a signature, at the provider', async () => {
    const { provider } = testProvider()
    const wish = await provider.wished(byQuery(wishXml()))
    assert.ok(wish.ok)
    const away = await provider.answer(wish.value, true, 'state')
    assert.ok(away?.kind === 'redirect')
    assert.match(away.url, /^https:\/\/idp\.example\/slo\?SAMLResponse=[^&]+&RelayState=state&SigAlg=[^&]+&Signature=/)
  })
})

describe('a SAML logout that we wish', () => {
  const session = writeSession({
    nameId: 'ann',
    format: null,
    nameQualifier: null,
    spNameQualifier: null,
    sessionIndex: 'session-7',
  })

  it('is sent signed, and only where the settings want it', async () => {
    const leave = (settings: Record<string, unknown>) => testProvider(settings).provider.leave(session, 'state')
    assert.equal(await leave({}), null)
    const left = await leave({ singleLogout: true })
    assert.ok(left?.departure.kind === 'redirect')
    assert.match(left.departure.url, /^https:\/\/idp\.example\/slo\?SAMLRequest=.*&Signature=/)
  })

  it('has ended when the provider answers this very wish, signed', async () => {
    const { provider } = testProvider()
    const field = 'SAMLResponse'
    const left = (xml: string, recipe: QueryRecipe = {}) =>
      provider.left(byQuery(xml, { field, ...recipe }), '_our-wish').then(outcome)
    assert.equal(await left(answerXml('_our-wish')), 'accepted')
    assert.equal(await left(answerXml('_another')), 'answers-another-request')
    assert.equal(await left(answerXml('_our-wish', 'Responder')), 'status-refused')
    assert.equal(await left(answerXml('_our-wish'), { key: null }), 'message-missing')
    assert.equal(await left(wishXml()), 'wrong-message')
  })
})
