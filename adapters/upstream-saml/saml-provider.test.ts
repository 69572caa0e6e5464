import assert from 'node:assert/strict'
import { createVerify } from 'node:crypto'
import { describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { RSA_SHA256 } from '#adapters/saml/algorithms.ts'
import { verifiedBytes } from '#adapters/saml/verified-bytes.ts'
import { MESSAGE_LIMITS, readXml } from '#adapters/saml/xml/read-xml.ts'
import type { Departure, UpstreamRequest } from '#core/federation/ports.ts'
import { ACS, AT, honestResponse, idpMetadataXml, keys } from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'

const REQUEST: UpstreamRequest = {
  callbackUrl: ACS,
  state: 'a "state" & more',
  locale: 'en',
  loginHint: null,
  forceAuthentication: false,
  asksForAccount: false,
  acr: null,
  now: AT,
}

const begin = async (settings: Record<string, unknown> = {}, request: Partial<UpstreamRequest> = {}) => {
  const begun = await testProvider(settings).provider.begin({ ...REQUEST, ...request })
  assert.ok(begun.ok)
  return begun.value
}

const queryOf = (departure: Departure) => {
  assert.equal(departure.kind, 'redirect')
  return new URL(departure.url).searchParams
}
const inQuery = (departure: Departure) =>
  inflateRawSync(Buffer.from(queryOf(departure).get('SAMLRequest') ?? '', 'base64')).toString()
const inForm = (departure: Departure) => {
  assert.equal(departure.kind, 'post')
  return Buffer.from(departure.fields.SAMLRequest ?? '', 'base64').toString()
}

describe('leaving for a SAML identity provider', () => {
  it('asks for an answer at our address, and remembers what it asked', async () => {
    const { departure, remember } = await begin()
    assert.match(inQuery(departure), new RegExp(`<samlp:AuthnRequest .*ID="${remember.requestId}"`))
    assert.match(inQuery(departure), new RegExp(`AssertionConsumerServiceURL="${ACS}"`))
    assert.match(inQuery(departure), /<saml:Issuer>urn:portico:sp:eu_1<\/saml:Issuer>/)
    assert.equal(queryOf(departure).get('RelayState'), REQUEST.state)
    assert.equal(queryOf(departure).has('Signature'), false)
    assert.deepEqual(remember, { requestId: remember.requestId, relayState: REQUEST.state, acsUrl: ACS, contexts: '' })
  })

  it('signs the query where told to, or where the provider wants it', async () => {
    const wanting = idpMetadataXml({ attributes: ' WantAuthnRequestsSigned="true"' })
    for (const settings of [{ signRequests: true }, { metadataXml: wanting }]) {
      const { departure } = await begin(settings)
      assert.equal(departure.kind, 'redirect')
      const [, signed = '', signature = ''] = /\?(.*)&Signature=(.*)$/.exec(departure.url) ?? []
      assert.equal(queryOf(departure).get('SigAlg'), RSA_SHA256)
      const verify = createVerify('sha256').update(signed)
      assert.ok(verify.verify(keys().pool.certificate, decodeURIComponent(signature), 'base64'))
    }
  })

  it('posts a form with a signature inside the document', async () => {
    const { departure } = await begin({ signRequests: true, binding: 'post' })
    const xml = inForm(departure)
    const root = readXml(xml, MESSAGE_LIMITS)
    assert.ok(root.ok)
    assert.ok(verifiedBytes(xml, root.value, [keys().pool.certificate]).ok)
    assert.equal(departure.kind === 'post' && departure.action, 'https://idp.example/sso/post')
  })

  it('asks for a fresh authentication, a way of it and a format of name where told to', async () => {
    const { departure, remember } = await begin(
      { nameIdFormat: 'persistent' },
      { forceAuthentication: true, acr: 'https://refeds.org/profile/mfa' },
    )
    const xml = inQuery(departure)
    assert.match(xml, /ForceAuthn="true"/)
    assert.match(
      xml,
      /<samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef>https:\/\/refeds\.org\/profile\/mfa</,
    )
    assert.match(
      xml,
      /<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2\.0:nameid-format:persistent" AllowCreate="true"\/>/,
    )
    assert.equal(remember.freshSince, String(AT))
  })

  it('lets nothing of a request become markup', async () => {
    const { departure } = await begin({}, { acr: '"/><evil a="' })
    assert.ok(readXml(inQuery(departure), MESSAGE_LIMITS).ok)
    assert.doesNotMatch(inQuery(departure), /<evil/)
  })
})

describe('coming back from a SAML identity provider', () => {
  it('tells who it is, with attributes by their names and lists in their order', async () => {
    const result = await testProvider().provider.finish(posted(honestResponse()), REMEMBERED)
    assert.ok(result.ok)
    const { session, ...identity } = result.value
    assert.deepEqual(identity, {
      subject: 'ann@fjord-books.example',
      claims: {
        email: 'ann@fjord-books.example',
        groups: ['readers', 'editors'],
        NameID: 'ann@fjord-books.example',
        NameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      },
      amr: ['pwd'],
      acr: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
      authenticatedAt: AT / 1000 - 5,
      nameId: 'ann@fjord-books.example',
    })
    assert.equal(JSON.parse(session ?? '').sessionIndex, 'session-7')
  })

  it('keeps apart names that differ in letter case or in what XML escapes', async () => {
    for (const [nameId, subject] of [
      ['Ann', 'Ann'],
      ['a&amp;b &lt;c&gt;', 'a&b <c>'],
    ] as const) {
      const result = await testProvider().provider.finish(posted(honestResponse({ nameId })), REMEMBERED)
      assert.equal(result.ok && result.value.subject, subject)
    }
  })

  it('takes the subject from the attribute that holds it, also beside a transient name', async () => {
    const transient = { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }
    const { provider } = testProvider({ subjectAttribute: 'email' })
    const result = await provider.finish(posted(honestResponse(transient)), REMEMBERED)
    assert.equal(result.ok && result.value.subject, 'ann@fjord-books.example')
  })

  it('lets an attribute named like a part of every object be an attribute', async () => {
    const attributes = { ['__proto__']: ['x'], constructor: ['y'] }
    const result = await testProvider().provider.finish(posted(honestResponse({ attributes })), REMEMBERED)
    assert.ok(result.ok)
    assert.equal(Object.getPrototypeOf(result.value.claims), Object.prototype)
    assert.equal(result.value.claims.constructor, 'y')
  })

  it('takes a sign-in that began at the provider only where that is on', async () => {
    const unsolicited = honestResponse({ inResponseTo: null, subjectInResponseTo: null })
    const at = (settings: Record<string, unknown>) =>
      testProvider(settings).provider.finish(posted(unsolicited, AT, 'client_id=x'), {})
    assert.equal(outcome(await at({})), 'unsolicited')
    assert.equal(outcome(await at({ idpInitiated: true })), 'accepted')
  })

  it('says with the failure of the provider what the provider said, on one line and not for long', async () => {
    const status = `urn:oasis:names:tc:SAML:2.0:status:Requester`
    const result = await testProvider().provider.finish(posted(honestResponse({ status })), REMEMBERED)
    assert.deepEqual(!result.ok && result.failure, { code: 'upstream-refused', because: 'status-refused: Requester' })
  })

  it('lets one of ten identical responses in', async () => {
    const { provider } = testProvider()
    const all = await Promise.all(
      Array.from({ length: 10 }, () => provider.finish(posted(honestResponse()), REMEMBERED)),
    )
    assert.equal(all.filter(({ ok }) => ok).length, 1)
  })
})

describe('the check of a SAML provider', () => {
  it('says line by line what is right and wrong', async () => {
    const lines = await testProvider({ allowSha1: true, singleLogout: true }).provider.check()
    assert.deepEqual(
      lines.filter(({ ok }) => !ok).map(({ because }) => because),
      ['signatures with SHA-1 are accepted'],
    )
    assert.equal(lines[0]?.line, 'metadata read')
    assert.deepEqual(
      lines.filter(({ isNote }) => isNote).map(({ line, because }) => `${line} (${because})`),
      ['encrypted assertions (refused by the settings)'],
    )
  })

  it('says why metadata cannot be read', async () => {
    const [first] = await testProvider({ metadataXml: '<x/>' }).provider.check()
    assert.deepEqual(first, { line: 'metadata read', ok: false, because: 'metadata-no-provider' })
  })
})
