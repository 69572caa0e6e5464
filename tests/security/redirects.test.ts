/** Nobody is sent where no client registered an address. Attacks 1 to 7 and 11. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { CALLBACK, SIGNED_OUT, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

/** Addresses that some parser somewhere takes for the registered one, `http://localhost:9/callback`. */
const LOOK_ALIKES = [
  'http://localhost:9@evil.example/callback',
  'http://localhost:9/callback@evil.example',
  'http://evil.example#@localhost:9/callback',
  'http://evil.example\\@localhost:9/callback',
  'http://user:password@localhost:9/callback',
  'http://a@b@localhost:9/callback',
  'http://localhost:9.evil.example/callback',
  'http://localhost.evil.example:9/callback',
  'http://xlocalhost:9/callback',
  'http://localhost:9/callback/../evil',
  'http://localhost:9/callback/..;/evil',
  'http://localhost:9/callback%2f..%2fevil',
  'http://localhost:9/callback/',
  'http://localhost:9/callback?next=http://evil.example',
  'http://localhost:9/callback#fragment',
  'http://localhost:99/callback',
  'http://localhost/callback',
  'https://localhost:9/callback',
  'http://LOCALHOST:9/callback',
  'http://127.0.0.1:9/callback',
  'HTTP://localhost:9/callback',
  ' http://localhost:9/callback',
  'http://localhost:9/callback\t',
  'http://localhost:9/call\nback',
  'http:localhost:9/callback',
  'http:/localhost:9/callback',
  '//localhost:9/callback',
  '/callback',
  'javascript://localhost:9/callback%0aalert(1)',
  'JaVaScRiPt:alert(1)//http://localhost:9/callback',
  'data:text/html,<script>alert(1)</script>',
  '\u0068ttp://localhost:9/callback\u0000',
  'http://ⓛocalhost:9/callback',
]

let house: TestHouse<'shop' | 'bare'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {}, bare: { logoutUrls: [] } } })
})
after(() => house?.stop())

const ask = async (path: string, query: Record<string, string> | [string, string][]) => {
  const response = await fetch(`${house.issuer}${path}?${new URLSearchParams(query)}`, { redirect: 'manual' })
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}
const authorization = (redirect_uri: string) => ({
  client_id: house.clients.shop.clientId,
  response_type: 'code',
  scope: 'openid',
  redirect_uri,
})

describe('a callback address', () => {
  it('that only looks like the registered one is refused on a page, and nobody is sent anywhere', async () => {
    for (const redirectUri of LOOK_ALIKES) {
      const answer = await ask('/oauth2/authorize', authorization(redirectUri))
      assert.deepEqual([answer.status, answer.location], [400, null], redirectUri)
    }
  })

  it('is not learned from the first request that names one', async () => {
    await ask('/oauth2/authorize', authorization('http://localhost:9/first'))
    assert.equal((await ask('/oauth2/authorize', authorization('http://localhost:9/first'))).status, 400)
  })

  it('must be named, also when there is only one', async () => {
    const { redirect_uri: _, ...without } = authorization(CALLBACK)
    const answer = await ask('/oauth2/authorize', without)
    assert.deepEqual([answer.status, answer.location], [400, null])
  })

  it('that is dangerous cannot be registered either', async () => {
    for (const url of [
      'javascript:alert(1)',
      'JAVASCRIPT:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      'http://evil.example/cb',
      'https://a@evil.example/cb',
      'https://a@b@evil.example/cb',
      'https://*.example.com/cb',
      'https://app.example.com/cb#x',
      'https://app.example.com\\@evil.example/cb',
      '//evil.example/cb',
      '/cb',
    ]) {
      for (const settings of [{ callbackUrls: [url] }, { callbackUrls: [CALLBACK], logoutUrls: [url] }])
        await assert.rejects(house.createClient(settings), /settings-refused/, url)
    }
  })

  it('of a bookmarkable page is checked like any other', async () => {
    for (const page of ['/login', '/signup', '/forgotPassword', '/changePassword']) {
      const through = browser()
      const shown = await through.open(
        `${house.issuer}${page}?${new URLSearchParams(authorization('http://evil.example/'))}`,
      )
      assert.deepEqual([shown.status, through.departure], [400, null], page)
    }
  })
})

describe('a parameter that comes twice', () => {
  it('is refused at the authorization endpoint, whichever of the two is right', async () => {
    const pairs = Object.entries(authorization(CALLBACK))
    for (const [name, value] of pairs) {
      for (const other of [value, 'http://evil.example/', '']) {
        for (const query of [
          [[name, other], ...pairs],
          [...pairs, [name, other]],
        ] as [string, string][][]) {
          const { status, location } = await ask('/oauth2/authorize', query)
          const back = location === null ? null : new URL(location)
          if (back === null) assert.equal(status, 400, `${name}=${other}`)
          else
            assert.deepEqual(
              [back.origin + back.pathname, back.searchParams.get('error')],
              [CALLBACK, 'invalid_request'],
            )
        }
      }
    }
  })

  it('is refused at sign-out, and nobody is sent anywhere', async () => {
    const { clientId } = house.clients.shop
    const answer = await ask('/logout', [
      ['client_id', clientId],
      ['logout_uri', SIGNED_OUT],
      ['logout_uri', 'http://evil.example/'],
    ])
    assert.deepEqual([answer.status, answer.location], [400, null])
  })
})

describe('an address after sign-out', () => {
  const shopLogout = (query: Record<string, string>) =>
    ask('/logout', { client_id: house.clients.shop.clientId, ...query })

  it('is one that the client registered, in each of the three ways to ask', async () => {
    const looks = LOOK_ALIKES.map((uri) => uri.replace('callback', 'signed-out'))
    for (const uri of [...looks, CALLBACK, 'http://evil.example/', '//evil.example', '/\\evil.example']) {
      for (const query of [
        { logout_uri: uri },
        { post_logout_redirect_uri: uri },
        ...(uri === CALLBACK ? [] : [{ redirect_uri: uri, response_type: 'code' }]),
      ]) {
        const answer = await shopLogout(query)
        assert.deepEqual([answer.status, answer.location], [400, null], JSON.stringify(query))
      }
    }
    assert.equal((await shopLogout({ logout_uri: SIGNED_OUT })).location, SIGNED_OUT)
  })

  it('is nobody’s where none is registered, and without a client leads to our own page', async () => {
    const { clientId } = house.clients.bare
    assert.equal((await ask('/logout', { client_id: clientId, logout_uri: SIGNED_OUT })).status, 400)
    const alone = await ask('/logout', { post_logout_redirect_uri: 'http://evil.example/' })
    assert.doesNotMatch(`${alone.location} ${alone.text}`, /evil\.example/)
    assert.equal((await ask('/logout', {})).location, `/${house.poolId}/logout/success`)
  })

  it('cannot be slipped into the confirmation', async () => {
    for (const form of [{ sign_out: 'x', logout: 'yes' }, { logout: 'yes', to: 'http://evil.example/' }, {}]) {
      const response = await fetch(`${house.issuer}/logout/confirm`, {
        method: 'POST',
        body: new URLSearchParams(form),
        redirect: 'manual',
      })
      assert.deepEqual([response.status, response.headers.get('location')], [400, null])
    }
  })
})

describe('an error', () => {
  it('goes back to the registered address alone, and says whose it is', async () => {
    const answer = await ask('/oauth2/authorize', { ...authorization(CALLBACK), scope: 'openid unknown' })
    const back = new URL(answer.location ?? '')
    assert.equal(back.origin + back.pathname, CALLBACK)
    assert.equal(back.searchParams.get('iss'), house.issuer)
  })
})
