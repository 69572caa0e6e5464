/** Where Cognito and the standards disagree: each quirk by itself, and the preset that switches them all. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeProtectedHeader } from 'jose'
import type { CompatibilitySettings, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { CUSTOM_AS_TEXT, SCOPE, sceneIn, signInTo } from '#tests/support/ann-known-whole.ts'
import { browser } from '#tests/support/form-browser.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse
before(async () => {
  house = await startTestHouse(null)
})
after(() => house?.stop())

const scene = (
  compatibility: Partial<CompatibilitySettings> = {},
  app: Record<string, unknown> = {},
  settings: PoolSettingsInput = {},
) => sceneIn(house, compatibility, app, settings)
const signIn = signInTo

describe('Cognito’s quirks, each by itself', () => {
  it('booleans as text in userInfo, and there alone', async () => {
    const here = await scene({ userInfoStringBooleans: true })
    const { tokens, sub, id } = await signIn(here)
    const info = await here.party.userInfo(tokens.access_token, sub)
    assert.equal(info.email_verified, 'true')
    assert.equal(info.phone_number_verified, 'false')
    assert.equal(id.email_verified, true)
  })

  it('openid alone stands for everything the client may read', async () => {
    const here = await scene({ openidMeansAllAttributes: true })
    const { tokens, sub, id } = await signIn(here, { scope: 'openid' })
    const info = await here.party.userInfo(tokens.access_token, sub)
    for (const said of [id, info]) {
      assert.equal(said.name, 'Ann Example')
      assert.equal(said.email, 'ann@example.com')
      assert.equal(said['custom:team'], 'blue')
    }
    const withEmail = await signIn(here, { scope: 'openid email' })
    assert.equal(withEmail.id.name, undefined)
    const narrow = await signIn(await scene({ openidMeansAllAttributes: true }, { readAttributes: ['name'] }), {
      scope: 'openid',
    })
    assert.equal(narrow.id.name, 'Ann Example')
    assert.equal(narrow.id.email, undefined)
  })

  it('a missing scope stands for all of the client’s', async () => {
    const { party, ann } = await scene({ missingScopeMeansAll: true })
    const through = browser()
    const attempt = await party.begin()
    attempt.url.searchParams.delete('scope')
    await through.open(attempt.url)
    await through.submit({ username: ann.username, password: ann.password })
    const tokens = await party.finish(attempt, through.callback())
    assert.equal((await party.verified(tokens.access_token)).scope, SCOPE)
  })

  it('profile claims stay out of the ID token where a pool wants the letter of OpenID Connect', async () => {
    const here = await scene({ profileClaimsInIdToken: false })
    const { tokens, sub, id } = await signIn(here)
    for (const name of ['name', 'email', 'phone_number', 'address', 'custom:team'])
      assert.equal(id[name], undefined, name)
    const info = await here.party.userInfo(tokens.access_token, sub)
    assert.equal(info.name, 'Ann Example')
    const asked = await signIn(here, { claims: JSON.stringify({ id_token: { nickname: null } }) })
    assert.equal(asked.id.nickname, 'annie')
    const both = await scene({ profileClaimsInIdToken: false, openidMeansAllAttributes: true })
    assert.equal((await signIn(both, { scope: 'openid' })).id.name, undefined)
  })

  it('no type in the header', async () => {
    const { tokens } = await signIn(await scene({ omitTyp: true }))
    for (const token of [tokens.id_token ?? '', tokens.access_token])
      assert.deepEqual(Object.keys(decodeProtectedHeader(token)).sort(), ['alg', 'kid'])
  })

  it('a key of its own for access tokens', async () => {
    for (const separateAccessTokenKey of [true, false]) {
      const { tokens } = await signIn(await scene({ separateAccessTokenKey }))
      const [id, access] = [tokens.id_token ?? '', tokens.access_token].map((token) => decodeProtectedHeader(token).kid)
      assert.equal(id !== access, separateAccessTokenKey)
    }
  })

  it('custom attributes as text', async () => {
    const here = await scene({ customAttributesAsStrings: true })
    const { tokens, sub, id } = await signIn(here)
    const info = await here.party.userInfo(tokens.access_token, sub)
    for (const [name, value] of Object.entries(CUSTOM_AS_TEXT)) {
      assert.equal(id[name], value)
      assert.equal(info[name], value)
    }
  })

  it('all of them with the preset “cognito”, any of them switched back', async () => {
    const here = await scene({ preset: 'cognito', customAttributesAsStrings: false })
    const { tokens, sub, id } = await signIn(here, { scope: 'openid' })
    const info = await here.party.userInfo(tokens.access_token, sub)
    assert.equal(info.email_verified, 'true')
    assert.equal(id.name, 'Ann Example')
    assert.equal(id['custom:level'], 7)
    assert.equal(decodeProtectedHeader(tokens.id_token ?? '').typ, undefined)
  })
})
