/**
 * Signing in through a SAML identity provider, as an app sees it. The provider's answers are made without any XML library; the
 * refusals of single responses are in tests/security/saml.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { SamlProviderSettings } from '#core/federation/saml-settings.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { AT, honestResponse, idpMetadataXml, type Said } from '#tests/support/saml/test-idp.ts'
import { must, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
let acs: string

const putProvider = async (name: string, more: Record<string, unknown> = {}): Promise<void> => {
  const settings = SamlProviderSettings.parse({
    kind: 'saml',
    name,
    metadataXml: idpMetadataXml(),
    attributeMapping: { email: 'email' },
    ...more,
  })
  const now = new Date()
  const provider = { poolId: house.poolId, name, settings, createdAt: now, updatedAt: now }
  must(await house.house.federation.providers.create(provider, null, { events: [] }))
}

before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
  shop = await house.clients.shop.party()
  acs = `${house.issuer}/saml2/idpresponse`
  await putProvider('Corporate')
})
after(() => house?.stop())

/** What the provider posts, by the clock of now. */
const responseTo = (requestId: string | null, more: Partial<Said> = {}): string => {
  const shift = Math.floor((Date.now() - AT) / 1000)
  const id = Math.random().toString(36).slice(2)
  const response = honestResponse({
    assertionId: `_a${id}`,
    responseId: `_r${id}`,
    destination: acs,
    recipient: acs,
    audience: `urn:portico:sp:${house.poolId}`,
    inResponseTo: requestId,
    subjectInResponseTo: requestId,
    notBefore: shift - 60,
    notOnOrAfter: shift + 300,
    confirmationEnd: shift + 300,
    issuedAt: shift,
    authenticatedAt: shift - 5,
    ...more,
  })
  return Buffer.from(response).toString('base64')
}

/** Leaves for the provider: the id of the request, and what has to come back with the answer. */
const leave = async (through: FormBrowser, provider = 'Corporate') => {
  const attempt = await shop.begin({ identity_provider: provider })
  await through.open(attempt.url)
  const asked = through.departure?.url.searchParams ?? assert.fail(through.page.text)
  const xml = inflateRawSync(Buffer.from(asked.get('SAMLRequest') ?? '', 'base64')).toString('utf8')
  const requestId = /ID="([^"]+)"/.exec(xml)?.[1] ?? assert.fail(xml)
  return { attempt, requestId, RelayState: asked.get('RelayState') ?? '' }
}

const subOf = async (through: FormBrowser, attempt: Awaited<ReturnType<RelyingParty['begin']>>) =>
  (await shop.finish(attempt, through.callback())).claims()?.sub

describe('signing in through a SAML identity provider', () => {
  it('gives the app plain OpenID Connect: one person, the first time and the second', async () => {
    const subs: (string | undefined)[] = []
    for (let n = 0; n < 2; n++) {
      const through = browser()
      const { attempt, requestId, RelayState } = await leave(through)
      await through.send('POST', acs, { SAMLResponse: responseTo(requestId), RelayState })
      subs.push(await subOf(through, attempt))
    }
    assert.ok(subs[0])
    assert.equal(subs[0], subs[1])
  })

  it('takes an answer once, and from the browser that left alone (attacks 38, 39)', async () => {
    const through = browser()
    const { attempt, requestId, RelayState } = await leave(through)
    const posted = { SAMLResponse: responseTo(requestId), RelayState }
    const thief = browser()
    await thief.send('POST', acs, posted)
    assert.equal(thief.page.status, 400)
    assert.equal(thief.departure, null)
    await through.send('POST', acs, posted)
    assert.equal(through.page.status, 400)
    const again = browser()
    const second = await leave(again)
    await again.send('POST', acs, { SAMLResponse: posted.SAMLResponse, RelayState: second.RelayState })
    assert.match(again.page.text, /upstream\.invalid/)
    assert.ok(attempt)
  })

  it('refuses an answer that nobody asked for', async () => {
    const through = browser()
    const relay = new URLSearchParams({ client_id: house.clients.shop.clientId, redirect_uri: shop.redirectUri })
    await through.send('POST', acs, { SAMLResponse: responseTo(null), RelayState: relay.toString() })
    assert.equal(through.page.status, 400)
    assert.match(through.page.text, /providerReturn/)
  })

  it('says what it is to the provider’s operator', async () => {
    const through = browser()
    await through.open(`${house.issuer}/saml2/metadata?provider=Corporate`)
    assert.equal(through.page.status, 200)
    assert.match(through.page.body, new RegExp(`entityID="urn:portico:sp:${house.poolId}"`))
    assert.ok(through.page.body.includes(`Location="${acs}"`))
    await through.open(`${house.issuer}/saml2/metadata?provider=Nobody`)
    assert.equal(through.page.status, 404)
  })
})

describe('a sign-in that the provider begins', () => {
  before(async () => {
    // Another that may do that too, and comes first.
    const metadataXml = idpMetadataXml({ entityId: 'https://annex.example/metadata' })
    await putProvider('Annex', { idpInitiated: true, metadataXml })
    await putProvider('Portal', { idpInitiated: true })
  })

  const relayOf = (more: Record<string, string> = {}) =>
    new URLSearchParams({
      identity_provider: 'Portal',
      client_id: house.clients.shop.clientId,
      redirect_uri: shop.redirectUri,
      response_type: 'code',
      scope: 'openid email',
      state: 'from-the-portal',
      ...more,
    }).toString()

  it('ends at the app that RelayState names, where the provider may do that', async () => {
    const through = browser()
    await through.open(`${house.issuer}/logout/success`)
    await through.send('POST', acs, { SAMLResponse: responseTo(null), RelayState: relayOf() })
    const callback = through.callback()
    assert.equal(callback.searchParams.get('state'), 'from-the-portal')
    assert.ok(callback.searchParams.get('code'))
  })

  it('is taken from the provider that issued it, where RelayState names none', async () => {
    const { identity_provider: _, ...relay } = Object.fromEntries(new URLSearchParams(relayOf()))
    const through = browser()
    await through.open(`${house.issuer}/logout/success`)
    const posted = { SAMLResponse: responseTo(null), RelayState: new URLSearchParams(relay).toString() }
    await through.send('POST', acs, posted)
    assert.ok(through.callback().searchParams.get('code'))
    const other = browser()
    await other.send('POST', acs, {
      SAMLResponse: responseTo(null),
      RelayState: relayOf({ identity_provider: 'Annex' }),
    })
    assert.equal(other.page.status, 400)
  })

  it('is refused a second time, without an app, for an address that is not registered, and in another browser', async () => {
    const SAMLResponse = responseTo(null)
    const through = browser()
    await through.open(`${house.issuer}/logout/success`)
    await through.send('POST', acs, { SAMLResponse, RelayState: relayOf() })
    through.callback()
    for (const posted of [
      { SAMLResponse, RelayState: relayOf() },
      { SAMLResponse: responseTo(null), RelayState: '' },
      { SAMLResponse: responseTo(null), RelayState: relayOf({ client_id: 'nobody' }) },
      { SAMLResponse: responseTo(null), RelayState: relayOf({ redirect_uri: 'https://evil.example/' }) },
    ]) {
      const other = browser()
      await other.send('POST', acs, posted)
      assert.equal(other.page.status, 400, posted.RelayState)
      assert.equal(other.departure, null)
    }
  })
})
