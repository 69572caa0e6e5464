/** What changes while a journey is under way, and what no database can hold. Attacks 23, 26, 29 and 96. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { must, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} }, users: [{}] })
})
after(() => house?.stop())

const ann = () => house.people[0] ?? assert.fail('nobody')

describe('while a journey is under way', () => {
  it('an address taken off the client’s list gets no code any more', async () => {
    const { clientId, party } = await house.createClient()
    const attempt = await (await party()).begin()
    const through = browser()
    await through.open(attempt.url)
    const settings = { callbackUrls: ['http://localhost:9/another'] }
    must(await house.admin.clients.change({ poolId: house.poolId, clientId, settings }))
    await through.submit({ username: ann().username, password: ann().password })
    assert.equal(through.departure, null)
    assert.equal(through.page.status, 400)
  })

  it('a temporary password that was replaced sets no other', async () => {
    const invited = await house.createUser({ isTemporary: true })
    const through = browser()
    await through.open((await (await house.clients.shop.party()).begin()).url)
    await through.submit({ username: invited.username, password: invited.password })
    assert.match(through.page.url.pathname, /\/new-password$/)
    const password = { sub: invited.sub, password: 'another temporary lamp 22', isTemporary: true }
    must(await house.admin.users.setPassword({ pool: house.pool, ...password }))
    await through.submit({ password: 'whatever the finder wants' })
    assert.match(through.page.url.pathname, /\/sign-in$/)
    assert.equal(through.departure, null)
  })
})

describe('a zero character', () => {
  const statusOf = async (path: string, body?: string, headers: Record<string, string> = {}): Promise<number> => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = body === undefined ? { headers } : { method: 'POST', body, headers: { ...type, ...headers } }
    return (await fetch(`${house.issuer}${path}`, { redirect: 'manual', ...sent })).status
  }

  it('is the sender’s error wherever it stands', async () => {
    const { clientId } = house.clients.shop
    const basic = { authorization: `Basic ${Buffer.from('%00:x').toString('base64')}` }
    const query = `client_id=${clientId}&redirect_uri=http%3A%2F%2Flocalhost%3A9%2Fcallback&response_type=code&scope=openid`
    for (const name of ['nonce', 'acr_values', 'state', 'login_hint', 'lang'])
      assert.equal(await statusOf(`/oauth2/authorize?${query}&${name}=%00`), 400, name)
    assert.equal(await statusOf('/oauth2/authorize?client_id=%00'), 400)
    assert.equal(await statusOf('/logout?client_id=%00'), 400)
    assert.equal(await statusOf('/oauth2/authorize', 'client_id=\0'), 400)
    for (const path of ['/oauth2/token', '/oauth2/revoke', '/oauth2/introspect', '/logout']) {
      assert.equal(await statusOf(path, 'grant_type=client_credentials&token=x&client_id=%00'), 400, path)
    }
    assert.ok([400, 401].includes(await statusOf('/oauth2/token', 'grant_type=client_credentials', basic)))
  })

  it('or half of one is so in the claims parameter too', async () => {
    const shop = await house.clients.shop.party()
    for (const claims of ['{"userinfo":{"a\\u0000":null}}', '{"id_token":{"\\uD800":null}}']) {
      const { url } = await shop.begin({ claims })
      assert.equal((await fetch(url, { redirect: 'manual' })).status, 400, claims)
    }
  })
})

describe('a posted authorization request', () => {
  it('of characters no header holds goes on as what it says', async () => {
    for (const body of ['client_id=x\r\nSet-Cookie: a=b', 'client_id=中', 'client_id=a b']) {
      const answer = await fetch(`${house.issuer}/oauth2/authorize`, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      assert.equal(answer.status, 303, body)
      assert.match(answer.headers.get('location') ?? '', /^\/[^/]+\/oauth2\/authorize\?client_id=[\w%+.=&-]*$/)
      assert.equal(answer.headers.get('set-cookie'), null)
    }
  })
})
