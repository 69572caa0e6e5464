/** Single logout with identity providers: begun there, or here (SAML 2.0 Profiles §4.4, OpenID Connect RP-Initiated Logout 1.0). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ProviderSettings } from '#core/federation/index.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { type HostileProvider, startHostileProvider } from '#tests/support/hostile-provider.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { type CorporateProvider, corporateProvider } from '#tests/support/saml/corporate-provider.ts'
import { signedXml } from '#tests/support/saml/signed-xml.ts'
import { keys } from '#tests/support/saml/test-idp.ts'
import { arrivedAt, logoutResponseXml, posted, redirected, type TestSp } from '#tests/support/saml/test-sp.ts'
import { must, SIGNED_OUT, startTestHouse, type TestHouse, type TestPool } from '#tests/support/test-house.ts'

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'
let house: TestHouse<'shop'>
let other: TestPool
let shop: RelyingParty
let upstream: HostileProvider
let corporate: CorporateProvider
let idp: TestSp
let slo: string
let comeBy: CorporateProvider['comeBy']
let wish: CorporateProvider['wish']

before(async () => {
  upstream = await startHostileProvider(() => Math.floor(Date.now() / 1000), 'client')
  house = await startTestHouse(null, { clients: { shop: {} } })
  other = await house.createPool()
  shop = await house.clients.shop.party()
  corporate = await corporateProvider(house)
  ;({ idp, slo, comeBy, wish } = corporate)
  const given = { kind: 'oidc', name: 'Open', clientId: 'client', issuer: upstream.issuer }
  const settings = ProviderSettings.parse({ ...given, signsOutUpstream: true, attributeMapping: { email: 'email' } })
  const open = { ...corporate.provider, name: 'Open', settings }
  must(await house.house.federation.providers.create(open, 'secret', { events: [] }))
})
after(async () => {
  await house?.stop()
  await upstream?.close()
})

const isSignedIn = async (through: FormBrowser): Promise<boolean> => {
  await through.open((await shop.begin({ prompt: 'none' })).url)
  return through.callback().searchParams.get('code') !== null
}

const arrived = (through: FormBrowser) => arrivedAt(through.departure ?? assert.fail(through.page.text))

const eventsOf = async (sub: string, type: string) => {
  const { rows } = await house.house.database.pool.query<{ outcome: string; detail: Record<string, string> }>(
    'SELECT outcome, detail FROM auth_event WHERE pool_id = $1 AND sub = $2 AND type = $3 ORDER BY created_at',
    [house.poolId, sub, type],
  )
  return rows
}

describe('a provider’s wish to end somebody’s session', () => {
  const stranger = (): TestSp => ({ ...idp, entityId: 'https://stranger.example/metadata' })
  const byQuery =
    (xml: string, key: TestSp['key'] | null = idp.key) =>
    (through: FormBrowser) =>
      through.open(redirected(slo, 'SAMLRequest', xml, { key }))
  const REFUSED: Record<string, (nameId: string) => (through: FormBrowser) => Promise<unknown>> = {
    'unsigned, in the query': (name) => byQuery(wish(name), null),
    'unsigned, in a form': (name) => (through) => through.send('POST', slo, posted(wish(name))),
    'signed by another': (name) => byQuery(wish(name), keys().other),
    'of an issuer that is no provider': (name) => byQuery(wish(name, {}, stranger())),
    'for another pool': (name) => byQuery(wish(name, { destination: `${other.issuer}/saml2/logout` })),
    'ten minutes old': (name) => byQuery(wish(name, { issuedAt: new Date(Date.now() - 600_000).toISOString() })),
    'no XML at all': () => byQuery('wish'),
  }

  it('is refused where it does not hold, and ends nothing', async () => {
    const through = browser()
    const { nameId } = await comeBy(through, 'ann')
    for (const [title, send] of Object.entries(REFUSED)) {
      const carrier = browser()
      await send(nameId)(carrier)
      assert.equal(carrier.page.status, 400, title)
      assert.equal(carrier.departure, null, title)
    }
    const elsewhere = browser()
    await elsewhere.open(redirected(`${other.issuer}/saml2/logout`, 'SAMLRequest', wish(nameId), { key: idp.key }))
    assert.equal(elsewhere.page.status, 400)
    assert.equal(await isSignedIn(through), true)
  })

  it('is refused while the provider is switched off', async () => {
    const through = browser()
    const { nameId } = await comeBy(through, 'bo')
    const { providers } = house.house.federation
    const set = async (enabled: boolean) => {
      const settings = { ...corporate.provider.settings, enabled }
      must(
        await providers.change({ ...corporate.provider, settings, updatedAt: new Date() }, undefined, { events: [] }),
      )
    }
    await set(false)
    const carrier = browser()
    await carrier.open(redirected(slo, 'SAMLRequest', wish(nameId), { key: idp.key }))
    await set(true)
    assert.equal(carrier.page.status, 400)
    assert.equal(await isSignedIn(through), true)
  })

  it('hears that it failed where it names nobody, also by what is somebody’s subject', async () => {
    const through = browser()
    await comeBy(through, 'cy')
    for (const name of ['nobody', 'cy']) {
      const carrier = browser()
      await carrier.open(redirected(slo, 'SAMLRequest', wish(name), { key: idp.key }))
      assert.deepEqual(arrived(carrier).all('StatusCode', 'Value'), [`${STATUS}Responder`])
    }
    assert.equal(await isSignedIn(through), true)
  })

  it('ends everything of the person by the name of the moment, once, and the event says by whom', async () => {
    const [through, elsewhere] = [browser(), browser()]
    await comeBy(elsewhere, 'dee')
    const { nameId, sub } = await comeBy(through, 'dee')
    const asked = redirected(slo, 'SAMLRequest', wish(nameId, { id: '_wish-1' }), {
      key: idp.key,
      relayState: 'https://evil.example/',
    })
    await through.open(asked)
    const answer = arrived(through)
    assert.deepEqual([answer.to, answer.relayState], [idp.slo, 'https://evil.example/'])
    assert.equal(answer.one('LogoutResponse', 'InResponseTo'), '_wish-1')
    assert.deepEqual(answer.all('StatusCode', 'Value'), [`${STATUS}Success`])
    assert.deepEqual([await isSignedIn(through), await isSignedIn(elsewhere)], [false, false])
    assert.deepEqual(await eventsOf(sub, 'sign_out.everywhere'), [
      { outcome: 'success', detail: { by: 'provider', provider: 'Corporate' } },
    ])
    await comeBy(through, 'dee')
    const again = browser()
    await again.open(asked)
    assert.equal(again.page.status, 400)
    assert.equal(await isSignedIn(through), true)
  })

  it('may come by form, from its own site, without a cookie of ours', async () => {
    const through = browser()
    const { nameId } = await comeBy(through, 'eve')
    const carrier = browser()
    await carrier.send('POST', slo, posted(signedXml(wish(nameId), idp.key), 'where it was'), {
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    const answer = arrived(carrier)
    assert.equal(answer.relayState, 'where it was')
    assert.deepEqual(answer.all('StatusCode', 'Value'), [`${STATUS}Success`])
    assert.equal(await isSignedIn(through), false)
  })
})

describe('a sign-out here of somebody who came by a provider', () => {
  const leave = (through: FormBrowser, idToken: string) =>
    through.open(shop.logoutUrl({ id_token_hint: idToken, post_logout_redirect_uri: SIGNED_OUT }))
  const OWN_PAGE = /\/logout\/success/

  const leaveBySaml = async (employee: string) => {
    const through = browser()
    const known = await comeBy(through, employee)
    await leave(through, known.idToken)
    const told = arrived(through)
    return { through, known, told, requestId: told.one('LogoutRequest', 'ID') ?? assert.fail('no request') }
  }

  it('leads by the SAML provider, by its name of the moment, to where it was going', async () => {
    const { through, known, told, requestId } = await leaveBySaml('fay')
    assert.equal(told.to, idp.slo)
    assert.deepEqual([told.one('NameID'), told.one('SessionIndex')], [known.nameId, 'session-7'])
    const answer = logoutResponseXml(idp, slo, requestId)
    const { relayState } = told
    await through.open(redirected(slo, 'SAMLResponse', answer, { key: idp.key, relayState }))
    assert.equal(through.departure?.url.href, SIGNED_OUT)
    assert.equal(await isSignedIn(through), false)
    assert.deepEqual(await eventsOf(known.sub, 'sign_out.told'), [
      { outcome: 'success', detail: { by: 'saml', provider: 'Corporate' } },
    ])
    await through.open(redirected(slo, 'SAMLResponse', answer, { key: idp.key, relayState }))
    assert.equal(through.departure, null)
    assert.match(through.page.url.pathname, OWN_PAGE)
  })

  it('is one here whatever the provider answers, goes where we said, and says in the events what became of it', async () => {
    const evil = 'https://evil.example/'
    const say = (xml: string, key: TestSp['key'] | null = idp.key) =>
      redirected(slo, 'SAMLResponse', xml, { key, relayState: evil })
    const ANSWERS: [employee: string, because: string, address: (requestId: string) => string][] = [
      ['gus', 'status-refused', (id) => say(logoutResponseXml(idp, slo, id, 'Responder'))],
      ['hal', 'message-missing', (id) => say(logoutResponseXml(idp, slo, id), null)],
      ['ida', 'answers-another-request', () => say(logoutResponseXml(idp, slo, '_other'))],
      ['leo', 'signature-invalid', (id) => say(logoutResponseXml(idp, slo, id)).replace('evil', 'other')],
    ]
    for (const [employee, because, address] of ANSWERS) {
      const { through, known, requestId } = await leaveBySaml(employee)
      await through.open(address(requestId))
      assert.equal(through.departure?.url.href, SIGNED_OUT, employee)
      assert.deepEqual(await eventsOf(known.sub, 'sign_out.told'), [
        { outcome: 'failure', detail: { by: 'saml', provider: 'Corporate', because } },
      ])
      assert.equal(await isSignedIn(through), false)
    }
  })

  it('finds its way where the provider answers by form, whose post brings no cookie', async () => {
    const { through, requestId } = await leaveBySaml('jan')
    const answer = posted(signedXml(logoutResponseXml(idp, slo, requestId), idp.key), null, 'SAMLResponse')
    const post = await fetch(slo, { method: 'POST', body: new URLSearchParams(answer), redirect: 'manual' })
    assert.equal(post.headers.get('location'), new URL(slo).pathname)
    assert.equal(post.headers.get('set-cookie'), null)
    await through.open(slo)
    assert.equal(through.departure?.url.href, SIGNED_OUT)
  })

  it('leads by the end_session_endpoint of an OpenID Connect provider, and back', async () => {
    const through = browser()
    const attempt = await shop.begin({ identity_provider: 'Open' })
    await through.open(attempt.url)
    const brought = upstream.signIn(through.departure?.url.href ?? assert.fail(through.page.text))
    await through.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`)
    const tokens = await shop.finish(attempt, through.callback())
    await leave(through, tokens.id_token ?? '')
    const away = through.departure?.url ?? assert.fail(through.page.text)
    const back = `${house.issuer}/oauth2/logout`
    assert.equal(`${away.origin}${away.pathname}`, `${upstream.issuer}/end`)
    assert.equal(away.searchParams.get('post_logout_redirect_uri'), back)
    assert.equal(away.searchParams.get('client_id'), 'client')
    assert.match(away.searchParams.get('id_token_hint') ?? '', /^ey/)
    await through.open(back)
    assert.equal(through.departure?.url.href, SIGNED_OUT)
    assert.equal(await isSignedIn(through), false)
  })

  it('goes to nowhere that this pool did not seal, neither by the address nor by the cookie', async () => {
    const through = browser()
    const { idToken } = await comeBy(through, 'kim')
    const logout = shop.logoutUrl({ id_token_hint: idToken, post_logout_redirect_uri: SIGNED_OUT })
    const cookies = (await through.cookiesFor(logout)).map(({ name, value }) => `${name}=${value}`).join('; ')
    const { headers } = await fetch(logout, { headers: { cookie: cookies }, redirect: 'manual' })
    const leaving = new URL(headers.get('location') ?? '', house.issuer)
    const sealed = leaving.searchParams.get('to') ?? assert.fail(leaving.href)
    await through.open(leaving)
    assert.equal(arrived(through).to, idp.slo)
    for (const [issuer, to] of [
      [house.issuer, 'https://evil.example/'],
      [house.issuer, Buffer.from('{"to":"https://evil.example/","session":"s"}').toString('base64url')],
      [house.issuer, `${sealed.slice(0, -2)}AA`],
      [house.issuer, ''],
      [other.issuer, sealed],
    ] as const) {
      const victim = browser()
      await victim.open(`${issuer}/logout/provider?${new URLSearchParams({ to })}`)
      assert.equal(victim.departure, null)
      assert.match(victim.page.url.pathname, OWN_PAGE)
    }
    const [cookie] = (await through.cookiesFor(slo)).filter(({ name }) => name.endsWith('portico_leaving'))
    const away = (issuer: string) =>
      fetch(`${issuer}/saml2/logout`, { headers: { cookie: `${cookie?.name}=${cookie?.value}` }, redirect: 'manual' })
    assert.match((await away(other.issuer)).headers.get('location') ?? '', OWN_PAGE)
    assert.equal((await away(house.issuer)).headers.get('location'), SIGNED_OUT)
  })
})
