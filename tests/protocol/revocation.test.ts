/** Revocation (RFC 7009) and introspection (RFC 7662). Line 21 of docs/conformance.md; attack 86. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { basic, refusalOf, send } from '#tests/support/refusals.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop' | 'desk' | 'phone' | 'tablet' | 'opaque'>
let shop: RelyingParty
let desk: RelyingParty
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, {
    clients: {
      shop: {},
      desk: {},
      phone: { type: 'public' },
      tablet: { type: 'public' },
      opaque: { accessTokenFormat: 'opaque' },
    },
    users: [{}],
  })
  shop = await house.clients.shop.party()
  desk = await house.clients.desk.party()
  ;[ann] = house.people as [TestPerson]
})
after(() => house?.stop())

const revoke = (name: 'shop' | 'desk', form: Record<string, string>) => {
  const { clientId, clientSecret = '' } = house.clients[name]
  return send(`${house.issuer}/oauth2/revoke`, form, { headers: basic(clientId, clientSecret) })
}

describe('revocation', () => {
  it('takes refresh tokens and access tokens, whatever the hint, and answers 200 with nothing', async () => {
    for (const [kind, hint] of [
      ['refresh_token', undefined],
      ['refresh_token', 'access_token'],
      ['access_token', 'refresh_token'],
      ['access_token', 'unheard_of'],
    ] as const) {
      const { tokens } = await signInWith(shop, ann)
      const form = { token: tokens[kind] ?? '', ...(hint === undefined ? {} : { token_type_hint: hint }) }
      const answer = await revoke('shop', form)
      assert.equal(answer.status, 200)
      assert.equal(answer.text, '')
      assert.equal(await refusalOf(shop.userInfo(tokens.access_token, ann.sub)), 'invalid_token')
      assert.equal(await refusalOf(shop.refresh(tokens.refresh_token ?? '')), 'invalid_grant')
    }
  })

  it('of what was revoked, never was, or belongs to another pool changes nothing and answers 200', async () => {
    const { tokens } = await signInWith(shop, ann)
    const token = tokens.refresh_token ?? ''
    for (const presented of [token, token, tokens.access_token, 'unknown', 'a.b.c', 'x'.repeat(10_000)])
      assert.equal((await revoke('shop', { token: presented })).status, 200)
    const other = await house.createPool()
    const party = await (await other.createClient()).party()
    const person = await other.createUser()
    const foreign = await signInWith(party, person)
    assert.equal((await revoke('shop', { token: foreign.tokens.access_token })).status, 200)
    assert.equal((await revoke('shop', { token: foreign.tokens.refresh_token ?? '' })).status, 200)
    await party.userInfo(foreign.tokens.access_token, person.sub)
  })

  it('of another app’s token is refused, and the token lives on', async () => {
    const { tokens } = await signInWith(shop, ann)
    for (const token of [tokens.access_token, tokens.refresh_token ?? '']) {
      const answer = await revoke('desk', { token })
      assert.equal(`${answer.status} ${answer.json.error}`, '400 invalid_grant')
    }
    await shop.userInfo(tokens.access_token, ann.sub)
    await shop.refresh(tokens.refresh_token ?? '')
  })

  it('needs the app, and a token, once', async () => {
    const answer = await send(`${house.issuer}/oauth2/revoke`, { token: 'x' })
    assert.equal(`${answer.status} ${answer.json.error}`, '400 invalid_request')
    const wrong = await send(
      `${house.issuer}/oauth2/revoke`,
      { token: 'x' },
      { headers: basic(house.clients.shop.clientId, 'no') },
    )
    assert.equal(`${wrong.status} ${wrong.json.error}`, '401 invalid_client')
    assert.equal((await revoke('shop', {})).json.error, 'invalid_request')
    const { clientId, clientSecret = '' } = house.clients.shop
    const twice = await send(`${house.issuer}/oauth2/revoke`, 'token=a&token=b', {
      headers: basic(clientId, clientSecret),
    })
    assert.equal(`${twice.status} ${twice.json.error}`, '400 invalid_request')
  })

  it('is open to a public app by its name', async () => {
    const phone = await house.clients.phone.party()
    const { tokens } = await signInWith(phone, ann)
    await phone.revoke(tokens.refresh_token ?? '')
    assert.equal(await refusalOf(phone.refresh(tokens.refresh_token ?? '')), 'invalid_grant')
  })
})

describe('introspection', () => {
  it('tells of a live access token whose it is, for whom, for what and until when', async () => {
    for (const name of ['shop', 'opaque'] as const) {
      const party = await house.clients[name].party()
      const { tokens } = await signInWith(party, ann)
      const told = await party.introspect(tokens.access_token)
      assert.equal(told.active, true)
      assert.equal(told.sub, ann.sub)
      assert.equal(told.client_id, house.clients[name].clientId)
      assert.equal(told.scope, 'openid email profile')
      assert.equal(told.iss, house.issuer)
      assert.equal(told.token_type, 'Bearer')
      assert.equal(Number(told.exp) - Number(told.iat), 3600)
    }
  })

  it('tells of a refresh token too', async () => {
    const { tokens } = await signInWith(shop, ann)
    assert.equal((await shop.introspect(tokens.refresh_token ?? '')).active, true)
    await shop.refresh(tokens.refresh_token ?? '')
    await shop.revoke(tokens.access_token)
    assert.equal((await shop.introspect(tokens.refresh_token ?? '')).active, false)
  })

  it('says no more than “not active” of everything else', async () => {
    const { tokens } = await signInWith(shop, ann)
    await shop.revoke(tokens.access_token)
    for (const token of [tokens.access_token, tokens.id_token ?? '', 'unknown', 'a.b.c'])
      assert.deepEqual({ ...(await shop.introspect(token)) }, { active: false })
  })

  it('answers a confidential app of the pool about any token, a public one about its own alone', async () => {
    const [phone, tablet] = [await house.clients.phone.party(), await house.clients.tablet.party()]
    const { tokens } = await signInWith(phone, ann)
    assert.equal((await desk.introspect(tokens.access_token)).active, true)
    assert.equal((await phone.introspect(tokens.access_token)).active, true)
    assert.equal((await tablet.introspect(tokens.access_token)).active, false)
  })

  it('of a person who was disabled, signed out everywhere or deleted says “not active”', async () => {
    const { pool } = house
    for (const act of ['disable', 'signOut', 'delete'] as const) {
      const person = await house.createUser()
      const { tokens } = await signInWith(shop, person)
      await house.admin.users[act]({ pool, sub: person.sub })
      assert.equal((await shop.introspect(tokens.access_token)).active, false, act)
      assert.equal((await shop.introspect(tokens.refresh_token ?? '')).active, false, act)
    }
  })

  it('is closed to strangers', async () => {
    assert.equal((await send(`${house.issuer}/oauth2/introspect`, { token: 'x' })).status, 400)
    const wrong = await send(
      `${house.issuer}/oauth2/introspect`,
      { token: 'x' },
      { headers: basic('nobody00000000000000000000', 'x') },
    )
    assert.equal(wrong.status, 401)
  })
})
