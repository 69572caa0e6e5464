/** What tokens and userInfo say of a person, claim by claim. Lines 3, 13, 19 and 20 of docs/conformance.md. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { decodeProtectedHeader } from 'jose'
import type { CompatibilitySettings, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { browser } from '#tests/support/form-browser.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { CALLBACK, must, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const ADDRESS = { formatted: '1 Main Street\nTown', country: 'NO' }
const SCOPE = 'openid profile email phone address'
const ATTRIBUTES = {
  name: 'Ann Example',
  given_name: 'Ann',
  family_name: 'Example',
  middle_name: 'M',
  nickname: 'annie',
  preferred_username: 'ann',
  profile: 'https://example.com/ann',
  picture: 'https://example.com/ann.png',
  website: 'https://ann.example.com',
  gender: 'female',
  birthdate: '1990-01-02',
  zoneinfo: 'Europe/Oslo',
  locale: 'nb-NO',
  updated_at: '1700000000',
  email: 'ann@example.com',
  phone_number: '+4740000001',
  address: JSON.stringify(ADDRESS),
  'custom:level': '7',
  'custom:admin': 'true',
  'custom:team': 'blue',
}
const PROFILE = {
  name: 'Ann Example',
  given_name: 'Ann',
  family_name: 'Example',
  middle_name: 'M',
  nickname: 'annie',
  preferred_username: 'ann',
  profile: 'https://example.com/ann',
  picture: 'https://example.com/ann.png',
  website: 'https://ann.example.com',
  gender: 'female',
  birthdate: '1990-01-02',
  zoneinfo: 'Europe/Oslo',
  locale: 'nb-NO',
  updated_at: 1_700_000_000,
}
const CUSTOM = { 'custom:level': 7, 'custom:admin': true, 'custom:team': 'blue' }
const EMAIL = { email: 'ann@example.com', email_verified: true }
const PHONE = { phone_number: '+4740000001', phone_number_verified: false }
const CUSTOM_AS_TEXT = { 'custom:level': '7', 'custom:admin': 'true', 'custom:team': 'blue' }

const SETTINGS: PoolSettingsInput = {
  signInNames: ['email'],
  attributes: { 'custom:level': { type: 'number' }, 'custom:admin': { type: 'boolean' }, 'custom:team': {} },
}
const APP = { callbackUrls: [CALLBACK], scopes: SCOPE.split(' ') }

let house: TestHouse
before(async () => {
  house = await startTestHouse(null)
})
after(() => house?.stop())

interface Scene {
  party: RelyingParty
  ann: TestPerson
  clientId: string
  poolId: string
  issuer: string
}

/** A pool with these quirks, an app in it, and Ann, of whom everything is known. */
const scene = async (
  compatibility: Partial<CompatibilitySettings> = {},
  app: Record<string, unknown> = {},
  settings: PoolSettingsInput = {},
): Promise<Scene> => {
  const pool = await house.createPool({ settings: { ...SETTINGS, compatibility, ...settings } })
  const client = await pool.createClient({ ...APP, ...app })
  const ann = await pool.createUser({
    attributes: { ...ATTRIBUTES, email_verified: true, phone_number_verified: false },
  })
  const { poolId, issuer } = pool
  return { party: await client.party({ scope: SCOPE }), ann, clientId: client.clientId, poolId, issuer }
}

const signIn = async ({ party, ann }: Scene, asked = {}) => {
  const { tokens, sub } = await signInWith(party, ann, { asked })
  return {
    tokens,
    sub,
    id: await party.verified(tokens.id_token ?? ''),
    access: await party.verified(tokens.access_token),
  }
}

describe('the ID token', () => {
  it('says exactly this of a person with all standard and custom attributes', async () => {
    const here = await scene()
    const { id, tokens } = await signIn(here)
    const { iat, exp, auth_time, nonce, jti, origin_jti, event_id, at_hash, ...claims } = id
    assert.deepEqual(claims, {
      iss: here.issuer,
      sub: here.ann.sub,
      aud: here.clientId,
      token_use: 'id',
      'cognito:username': here.ann.sub,
      ...PROFILE,
      ...EMAIL,
      ...PHONE,
      ...CUSTOM,
      address: ADDRESS,
    })
    for (const id of [jti, origin_jti, event_id]) assert.match(String(id), UUID)
    assert.equal(Number(exp) - Number(iat), 3600)
    assert.equal(typeof auth_time, 'number')
    assert.equal(typeof nonce, 'string')
    const digest = createHash('sha256').update(tokens.access_token).digest()
    assert.equal(at_hash, digest.subarray(0, 16).toString('base64url'))
  })

  it('names the type, and a key and algorithm that are published', async () => {
    const { tokens } = await signIn(await scene({}, {}, { algorithm: 'RS256' }))
    const { kid, ...header } = decodeProtectedHeader(tokens.id_token ?? '')
    assert.deepEqual(header, { alg: 'RS256', typ: 'JWT' })
    assert.ok(kid)
  })

  it('has no claim for what is not known: no null, no empty text, no empty list', async () => {
    const { party } = await scene()
    const pool = await house.createPool()
    const bare = await (await pool.createClient(APP)).party({ scope: SCOPE })
    const { tokens } = await signInWith(bare, await pool.createUser())
    assert.ok(party)
    for (const [name, value] of Object.entries(await bare.verified(tokens.id_token ?? ''))) {
      assert.notEqual(value, null, name)
      assert.notEqual(value, '', name)
      assert.ok(!Array.isArray(value) || value.length > 0, name)
    }
  })

  it('holds what the scopes and the client’s read permission give, no more', async () => {
    const here = await scene({}, { readAttributes: ['email', 'email_verified', 'name'] })
    const { id } = await signIn(here)
    assert.equal(id.name, 'Ann Example')
    assert.equal(id.email, 'ann@example.com')
    for (const name of ['nickname', 'phone_number', 'address', 'custom:level']) assert.equal(id[name], undefined, name)
    const email = await signIn(await scene(), { scope: 'openid email' })
    assert.equal(email.id.email, 'ann@example.com')
    assert.equal(email.id.name, undefined)
    const alone = await signIn(await scene(), { scope: 'openid' })
    assert.equal(alone.id.email, undefined)
  })
})

describe('the access token', () => {
  it('says exactly this', async () => {
    const here = await scene()
    const { id, access } = await signIn(here)
    const { iat, exp, jti, ...claims } = access
    assert.deepEqual(claims, {
      iss: here.issuer,
      sub: here.ann.sub,
      client_id: here.clientId,
      username: here.ann.sub,
      token_use: 'access',
      version: 2,
      scope: SCOPE,
      auth_time: id.auth_time,
      event_id: id.event_id,
      origin_jti: id.origin_jti,
    })
    assert.equal(Number(exp) - Number(iat), 3600)
    assert.notEqual(jti, id.jti)
    assert.match(String(jti), UUID)
  })

  it('lives as long as the client says, and so does the ID token', async () => {
    const { id, access } = await signIn(
      await scene({}, { accessTokenSeconds: 300, idTokenSeconds: 86_400, refreshTokenSeconds: 90_000 }),
    )
    assert.equal(Number(access.exp) - Number(access.iat), 300)
    assert.equal(Number(id.exp) - Number(id.iat), 86_400)
  })
})

describe('the user name', () => {
  it('stands in both tokens where people choose one', async () => {
    const pool = await house.createPool({ settings: { signInNames: ['username', 'email'] } })
    const party = await (await pool.createClient()).party()
    const { tokens } = await signInWith(party, await pool.createUser({ username: 'ann' }))
    assert.equal((await party.verified(tokens.id_token ?? ''))['cognito:username'], 'ann')
    assert.equal((await party.verified(tokens.access_token)).username, 'ann')
  })
})

describe('groups', () => {
  const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`
  const tokensIn = async (groups: Record<string, { precedence?: number; roleArn?: string }>) => {
    const here = await scene()
    for (const [name, settings] of Object.entries(groups)) {
      must(await house.admin.groups.create({ poolId: here.poolId, name, settings }))
      must(await house.admin.groups.addMember({ poolId: here.poolId, name, sub: here.ann.sub }))
    }
    return signIn(here)
  }

  it('stand in both tokens by precedence, their roles in the ID token, the first one preferred', async () => {
    const { id, access } = await tokensIn({
      late: { precedence: 20, roleArn: role('late') },
      unranked: { roleArn: role('unranked') },
      first: { precedence: 1, roleArn: role('first') },
      roleless: { precedence: 5 },
    })
    const order = ['first', 'roleless', 'late', 'unranked']
    assert.deepEqual(id['cognito:groups'], order)
    assert.deepEqual(access['cognito:groups'], order)
    assert.deepEqual(id['cognito:roles'], [role('first'), role('late'), role('unranked')])
    assert.equal(id['cognito:preferred_role'], role('first'))
    assert.equal(access['cognito:roles'], undefined)
    assert.equal(access['cognito:preferred_role'], undefined)
  })

  it('of one rank with different roles prefer none, with the same role that one', async () => {
    const different = await tokensIn({
      a: { precedence: 1, roleArn: role('a') },
      b: { precedence: 1, roleArn: role('b') },
    })
    assert.equal(different.id['cognito:preferred_role'], undefined)
    const same = await tokensIn({ a: { precedence: 1, roleArn: role('x') }, b: { precedence: 1, roleArn: role('x') } })
    assert.equal(same.id['cognito:preferred_role'], role('x'))
  })

  it('are not mentioned for somebody who is in none', async () => {
    const { id, access } = await signIn(await scene())
    for (const name of ['cognito:groups', 'cognito:roles', 'cognito:preferred_role']) {
      assert.equal(id[name], undefined)
      assert.equal(access[name], undefined)
    }
  })
})

describe('userInfo', () => {
  it('answers with the same claims, in the types of OpenID Connect', async () => {
    const here = await scene()
    const { tokens, sub } = await signIn(here)
    const info = await here.party.userInfo(tokens.access_token, sub)
    assert.deepEqual({ ...info }, { sub, ...PROFILE, ...EMAIL, ...PHONE, ...CUSTOM, address: ADDRESS })
  })

  it('answers by scope', async () => {
    const here = await scene()
    const infoFor = async (scope: string) => {
      const { tokens, sub } = await signIn(here, { scope })
      const { sub: _, ...info } = await here.party.userInfo(tokens.access_token, sub)
      return info
    }
    assert.deepEqual(await infoFor('openid'), {})
    assert.deepEqual(await infoFor('openid email'), EMAIL)
    assert.deepEqual(await infoFor('openid phone'), PHONE)
    assert.deepEqual(await infoFor('openid address'), { address: ADDRESS })
    assert.deepEqual(await infoFor('openid profile'), { ...PROFILE, ...CUSTOM })
  })

  it('says what is true today, not at the sign-in', async () => {
    const here = await scene()
    const { tokens, sub } = await signIn(here)
    const pool = must(await house.admin.pools.find(here.poolId))
    must(await house.admin.users.changeAttributes({ pool, sub, attributes: { nickname: 'Anna', website: null } }))
    const info = await here.party.userInfo(tokens.access_token, sub)
    assert.equal(info.nickname, 'Anna')
    assert.equal(info.website, undefined)
  })
})

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
