/** The claims parameter is not a way around the consent page (OpenID Connect Core §5.5; attack 78). */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import * as openid from 'openid-client'
import { signInWith } from '#tests/support/relying-party.ts'
import { CALLBACK, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const CLAIMS = JSON.stringify({ userinfo: { email: { essential: true }, name: null }, id_token: { email: null } })

let house: TestHouse
let ann: TestPerson
before(async () => {
  house = await startTestHouse(null, { settings: { signInNames: ['email'] } })
  ann = await house.createUser({ attributes: { email: 'ann@example.com', email_verified: true, name: 'Ann Example' } })
})
after(() => house.stop())

const userInfoFor = async (firstParty: boolean) => {
  const client = await house.createClient({
    callbackUrls: [CALLBACK],
    firstParty,
    scopes: ['openid', 'email', 'profile'],
  })
  const party = await client.party()
  const { tokens } = await signInWith(party, ann, { asked: { scope: 'openid', claims: CLAIMS } })
  return {
    idToken: (tokens.claims() ?? {}) as Readonly<Record<string, unknown>>,
    userInfo: await openid.fetchUserInfo(party.config, tokens.access_token, ann.sub),
  }
}

describe('claims asked for one by one', () => {
  it('give a third-party app nothing that the person was not asked about', async () => {
    const { idToken, userInfo } = await userInfoFor(false)
    assert.equal(userInfo.email, undefined)
    assert.equal(userInfo.name, undefined)
    assert.equal(idToken.email, undefined)
  })

  it('give an app of our own what it may read', async () => {
    const { userInfo } = await userInfoFor(true)
    assert.equal(userInfo.name, 'Ann Example')
    assert.equal(typeof userInfo.email, 'string')
  })
})
