/** What tokens and userInfo say of a person, claim by claim. Lines 3, 13, 19 and 20 of docs/conformance.md. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { decodeProtectedHeader } from 'jose'
import type { CompatibilitySettings, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import {
  ADDRESS,
  APP,
  CUSTOM,
  EMAIL,
  PHONE,
  PROFILE,
  SCOPE,
  sceneIn,
  signInTo,
} from '#tests/support/ann-known-whole.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

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
      acr: 'urn:portico:acr:single-factor',
      amr: ['pwd'],
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
