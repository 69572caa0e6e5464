// Attacks 11, 16 and 60 at our own identity provider: what goes back with an answer, and who carries it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { arrivedAt, authnRequestXml, clientOf, redirected, testSp } from '#tests/support/saml/test-sp.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const EVIL = 'https://evil.example/acs'
let house: TestHouse
let ann: TestPerson
let ssoUrl: string
const [wiki, desk] = [testSp('wiki'), testSp('desk')]
before(async () => {
  house = await startTestHouse(null, { settings: { production: false }, users: [{}] })
  ;[ann] = house.people as [TestPerson]
  ssoUrl = `${house.issuer}/saml2/idp/sso`
  await house.createClient(clientOf(wiki))
})
after(() => house?.stop())

const signIn = async (through: FormBrowser, relayState: string | null = null) => {
  await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null, relayState }))
  await through.submit({ username: ann.username, password: ann.password })
}

describe('an honest request', () => {
  it('is answered through the same settings', async () => {
    const through = browser()
    await signIn(through)
    await through.submit({})
    assert.equal(through.departure?.url.href, wiki.acs)
  })

  it('has its state given back as text, whatever it looks like (attack 11)', async () => {
    for (const relayState of [
      'https://evil.example/',
      'javascript:alert(1)',
      '"><script>alert(1)</script>',
      '\u202e &amp; é',
    ]) {
      const through = browser()
      await signIn(through, relayState)
      assert.ok(!through.page.body.includes('<script>alert'))
      assert.ok(through.page.trail.every(({ origin }) => origin === new URL(house.issuer).origin))
      await through.submit({})
      assert.equal(through.departure?.url.href, wiki.acs)
      assert.equal(through.departure && arrivedAt(through.departure).relayState, relayState)
    }
  })
})

describe('the way back from a journey', () => {
  const continued = (through: FormBrowser): URL => {
    const at = through.page.trail.find(({ pathname }) => pathname.endsWith('/saml2/idp/continue'))
    assert.ok(at)
    return at
  }

  it('is gone once, and by the browser that began it', async () => {
    const through = browser()
    await signIn(through)
    const url = continued(through)
    for (const who of [through, browser()]) {
      await who.open(url)
      assert.equal(who.page.status, 400)
      assert.match(who.page.text, /problem expired/)
    }
  })

  it('is gone once of ten that come at once, as a request is taken once', async () => {
    const through = browser()
    const once = redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null })
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => (await fetch(once, { redirect: 'manual' })).status),
    )
    assert.deepEqual(statuses.toSorted(), [303, ...Array.from({ length: 9 }, () => 400)])
    // A session, so that the way back is one redirect that can be held up.
    await signIn(through)
    const fresh = redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null })
    const hop = async (url: string, extra = '') => {
      const cookie = (await through.cookiesFor(url)).map(({ name, value }) => `${name}=${value}`).join('; ')
      return fetch(url, { redirect: 'manual', headers: { cookie: [cookie, extra].filter(Boolean).join('; ') } })
    }
    const begun = await hop(fresh)
    const proof = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const back = await hop(new URL(begun.headers.get('location') ?? '', house.issuer).href, proof)
    const answers = await Promise.all(Array.from({ length: 10 }, () => hop(back.headers.get('location') ?? '', proof)))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 400)])
  })

  it('takes no code of somebody else, and no other app’s', async () => {
    const mallory = await house.createUser()
    const theirs = browser()
    await theirs.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null }))
    await theirs.submit({ username: mallory.username, password: mallory.password })
    const code = continued(theirs).searchParams.get('code') ?? ''
    const victim = browser()
    await victim.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(wiki, ssoUrl), { key: null }))
    const state = await victim.cookiesFor(`${house.issuer}/saml2/idp/continue`)
    assert.ok(
      state.some(
        ({ name, httpOnly, path }) => name.startsWith('portico_saml_') && httpOnly && path?.endsWith('/saml2/idp'),
      ),
    )
    const pending = victim.page.trail
      .find(({ pathname }) => pathname.endsWith('/oauth2/authorize'))
      ?.searchParams.get('state')
    await victim.open(`${house.issuer}/saml2/idp/continue?${new URLSearchParams({ code, state: pending ?? '' })}`)
    assert.match(victim.page.text, /problem expired/)
    assert.equal(victim.departure, null)
  })

  it('is the only one: the client gets no token, and its codes go nowhere else', async () => {
    const client = (await house.admin.clients.list(house.poolId)).find(
      ({ settings }) => settings.saml?.entityId === wiki.entityId,
    )
    const authorize = (redirect: string) =>
      `${house.issuer}/oauth2/authorize?${new URLSearchParams({ client_id: client?.id ?? '', response_type: 'code', scope: 'openid', redirect_uri: redirect, code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' })}`
    for (const redirect of [
      wiki.acs,
      EVIL,
      `${house.issuer}/saml2/idp/continue/`,
      `${house.issuer}/account/callback`,
    ]) {
      const through = browser()
      await through.open(authorize(redirect))
      assert.equal(through.page.status, 400, redirect)
      assert.equal(through.departure, null)
    }
    const stolen = browser()
    await signIn(stolen)
    const code = continued(stolen).searchParams.get('code') ?? ''
    const answer = await fetch(`${house.issuer}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: client?.id ?? '',
        code,
        redirect_uri: `${house.issuer}/saml2/idp/continue`,
        code_verifier: 'x'.repeat(43),
      }),
    })
    assert.equal(answer.status, 400)
    for (const secret of ['', 'none', 'undefined']) {
      const asMachine = await fetch(`${house.issuer}/oauth2/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client?.id}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
      assert.ok([400, 401].includes(asMachine.status))
    }
  })

  it('ends where the client was disabled meanwhile', async () => {
    const made = await house.createClient(clientOf({ ...desk, entityId: 'https://gone.example/saml' }))
    const gone = { ...desk, entityId: 'https://gone.example/saml' }
    const through = browser()
    await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(gone, ssoUrl), { key: null }))
    await house.admin.clients.change({ poolId: house.poolId, clientId: made.clientId, enabled: false })
    await through.submit({ username: ann.username, password: ann.password })
    assert.equal(through.departure, null)
    await through.open(redirected(ssoUrl, 'SAMLRequest', authnRequestXml(gone, ssoUrl), { key: null }))
    assert.equal(/app-unknown/.test(through.page.text), true)
  })
})
