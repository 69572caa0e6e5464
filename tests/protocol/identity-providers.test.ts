/** What apps see of people's identities, and what is left of a provider that was switched off (attack 26). */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import * as openid from 'openid-client'
import { atAccount, shownAccount } from '#tests/support/account-pages.ts'
import { type FormBrowser, browser as newBrowser } from '#tests/support/form-browser.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'
import { type ToldApp, toldApp } from '#tests/support/told-app.ts'

let app: ToldApp
let house: TestHouse<'shop' | 'shy'>
let shop: RelyingParty
before(async () => {
  app = await toldApp()
  house = await startTestHouse(null, {
    clients: { shop: { backchannelLogoutUrl: `${app.origin}/shop` }, shy: { readAttributes: ['email'] } },
  })
  shop = await house.clients.shop.party()
})
after(async () => {
  await house?.stop()
  await app?.stop()
})
beforeEach(() => {
  Object.assign(app, { calls: [], answer: 200 })
})

let made = 0
const aProvider = async (): Promise<string> => {
  made += 1
  const settings = { kind: 'oidc', name: `Corp${made}`, clientId: 'portico', issuer: 'https://idp.example.com' }
  const { poolId } = house
  return must(await house.admin.providers.create({ poolId, settings, secret: 'shared' })).name
}
const connected = async (provider: string): Promise<TestPerson> => {
  const person = await house.createUser()
  must(await house.admin.users.linkIdentity({ pool: house.pool, sub: person.sub, provider, subject: person.sub }))
  return person
}
const signedIn = async (person: TestPerson, party = shop) => {
  const { tokens, browser } = await signInWith(party, person, { through: newBrowser() })
  return { tokens, browser, claims: tokens.claims() as Readonly<Record<string, unknown>> }
}

describe('the identities of a person', () => {
  it('are in the ID token and in userInfo, in Cognito’s shape; not for an app that may not read them', async () => {
    const provider = await aProvider()
    const ann = await connected(provider)
    const { claims, tokens } = await signedIn(ann)
    const [identity, ...others] = claims.identities as readonly Record<string, unknown>[]
    assert.deepEqual(others, [])
    assert.match(String(identity?.dateCreated), /^\d{13}$/)
    assert.deepEqual(
      { ...identity, dateCreated: '' },
      {
        userId: ann.sub,
        providerName: provider,
        providerType: 'OIDC',
        issuer: 'https://idp.example.com',
        primary: 'false',
        dateCreated: '',
      },
    )
    const userInfo = await openid.fetchUserInfo(shop.config, tokens.access_token, ann.sub)
    assert.deepEqual(userInfo.identities, claims.identities)
    assert.equal(decodeJwt(tokens.access_token).identities, undefined)
    const shy = await signedIn(ann, await house.clients.shy.party())
    assert.equal(shy.claims.identities, undefined)
    const bo = await signedIn(await house.createUser())
    assert.equal(Object.hasOwn(bo.claims, 'identities'), false)
  })
})

const switchOff = async (name: string): Promise<void> => {
  const { settings } = must(await house.admin.providers.find(house.poolId, name))
  must(await house.admin.providers.change({ poolId: house.poolId, name, settings: { ...settings, enabled: false } }))
}
const remove = async (name: string): Promise<void> =>
  must(await house.admin.providers.delete({ poolId: house.poolId, name }))

for (const [how, end] of [
  ['switched off', switchOff],
  ['deleted', remove],
] as const)
  describe(`a provider that is ${how}`, () => {
    it('leaves no session, no refresh token and no access token of its people, and their apps are told', async () => {
      const provider = await aProvider()
      const [ann, bo] = [await connected(provider), await house.createUser()]
      const [hers, his] = [await signedIn(ann), await signedIn(bo)]
      house.travel(2)
      await end(provider)
      const [told] = await app.have(1)
      assert.equal(told === undefined ? null : decodeJwt(told.token).sub, ann.sub)
      await assert.rejects(openid.refreshTokenGrant(shop.config, hers.tokens.refresh_token ?? ''))
      await assert.rejects(openid.fetchUserInfo(shop.config, hers.tokens.access_token, ann.sub))
      await openid.fetchUserInfo(shop.config, his.tokens.access_token, bo.sub)
      await openid.refreshTokenGrant(shop.config, his.tokens.refresh_token ?? '')
      assert.equal(app.calls.length, 1)
    })
  })

describe('the account page of connections', () => {
  const press = (browser: FormBrowser, button: string, filling: Record<string, string>) =>
    browser.submit(filling, { button })

  it('disconnects an account elsewhere, and ends what was given to other browsers', async () => {
    const provider = await aProvider()
    const ann = await connected(provider)
    const elsewhere = await signedIn(ann)
    const browser = await atAccount(house.issuer, ann, { page: 'connections' })
    const { content } = shownAccount(browser, 'connections')
    assert.deepEqual(
      content.identities.map(({ provider: label, isLastWayIn }) => [label, isLastWayIn]),
      [[provider, false]],
    )
    assert.equal(
      content.providers.some(({ name }) => name === provider),
      false,
    )
    await press(browser, 'unlink', { key: 'nothing' })
    assert.equal(shownAccount(browser).failure, 'upstream.identityUnknown')
    await press(browser, 'unlink', { key: content.identities[0]?.key ?? '' })
    assert.equal(shownAccount(browser).notice, 'identityUnlinked')
    assert.deepEqual(shownAccount(browser, 'connections').content.identities, [])
    await assert.rejects(openid.fetchUserInfo(shop.config, elsewhere.tokens.access_token, ann.sub))
    assert.ok((await house.inbox(ann.username)).some(({ purpose }) => purpose === 'identity-unlinked'))
  })

  it('connects only what is offered', async () => {
    const provider = await aProvider()
    await switchOff(provider)
    const browser = await atAccount(house.issuer, await house.createUser(), { page: 'connections' })
    await press(browser, 'connect', { provider })
    assert.equal(shownAccount(browser).failure, 'upstream.providerUnknown')
  })
})

describe('an identity that an administrator takes away', () => {
  it('takes along what its person was given', async () => {
    const provider = await aProvider()
    const ann = await connected(provider)
    const { tokens } = await signedIn(ann)
    house.travel(2)
    const on = { pool: house.pool, sub: ann.sub, provider, subject: ann.sub }
    must(await house.admin.users.unlinkIdentity(on))
    await assert.rejects(openid.fetchUserInfo(shop.config, tokens.access_token, ann.sub))
    const { claims } = await signedIn(ann)
    assert.equal(claims.identities, undefined)
  })
})
