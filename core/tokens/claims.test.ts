import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PoolSettings, quirksOf } from '#core/pools/pool-settings.ts'
import { readableAttributes } from '#core/users/index.ts'
import type { UserGroup } from '#core/users/ports.ts'
import { anIdentity, aUser, NOON } from '#tests/support/builders.ts'
import {
  accessTokenExtras,
  attributeClaims,
  clientTokenExtras,
  groupsOf,
  identityClaims,
  idTokenExtras,
  withTriggerClaims,
} from './claims.ts'

const settings = PoolSettings.parse({
  attributes: { 'custom:age': { type: 'number' }, 'custom:vip': { type: 'boolean' }, 'custom:team': {} },
})
const standard = quirksOf(settings)
const cognito = quirksOf(PoolSettings.parse({ compatibility: { preset: 'cognito' } }))
const attributes = {
  email: 'ann@example.com',
  email_verified: true,
  phone_number_verified: false,
  updated_at: '1893456000',
  address: '{"locality":"Here"}',
  nickname: '',
  'custom:age': '42',
  'custom:vip': 'true',
  'custom:team': '7',
}
const all = new Set(Object.keys(attributes))
const claimsOf = (
  given: Record<string, string | boolean>,
  quirks = standard,
  use: 'id_token' | 'userinfo' = 'userinfo',
) => attributeClaims(given, settings.attributes, all, quirks, use)

const aGroup = (name: string, precedence: number | null = null, roleArn: string | null = null): UserGroup => ({
  name,
  precedence,
  roleArn,
})
const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`
const withGroups = (...groups: UserGroup[]) => groupsOf({ groups })
const facts = {
  eventId: 'event',
  originJti: 'origin',
  jti: 'jti',
  authTime: 1893456000,
  acr: 'urn:portico:acr:multi-factor',
  amr: ['pwd', 'otp', 'mfa'],
}

describe('attributes as claims', () => {
  it('have the types of OpenID Connect, no empty values, and only what the client may read', () => {
    assert.deepEqual(claimsOf(attributes), {
      email: 'ann@example.com',
      email_verified: true,
      phone_number_verified: false,
      updated_at: 1893456000,
      address: { locality: 'Here' },
      'custom:age': 42,
      'custom:vip': true,
      'custom:team': '7',
    })
    assert.deepEqual(attributeClaims(attributes, settings.attributes, new Set(['email']), standard, 'id_token'), {
      email: 'ann@example.com',
    })
  })

  it('of userInfo say "true" in quotes with Cognito’s behaviour, and nowhere else', () => {
    const flags = { email_verified: true, phone_number_verified: false }
    assert.deepEqual(claimsOf(flags, cognito, 'userinfo'), { email_verified: 'true', phone_number_verified: 'false' })
    assert.deepEqual(claimsOf(flags, cognito, 'id_token'), flags)
    assert.deepEqual(claimsOf(flags, standard, 'userinfo'), flags)
  })

  it('of the pool’s own kind stay text with Cognito’s behaviour', () => {
    const own = { 'custom:age': '42', 'custom:vip': 'true' }
    assert.deepEqual(claimsOf(own, cognito), own)
  })

  it('survive values that are not what their name says', () => {
    assert.deepEqual(claimsOf({ updated_at: 'yesterday', address: 'Main Street 1', 'custom:age': '' }), {
      updated_at: 'yesterday',
      address: { formatted: 'Main Street 1' },
    })
    assert.deepEqual(claimsOf({ address: '{broken' }), { address: { formatted: '{broken' } })
    assert.deepEqual(claimsOf({ address: '["a"]' }), { address: { formatted: '["a"]' } })
  })

  it('do not become the prototype of anything', () => {
    const polluted = JSON.parse('{"__proto__":"x","constructor":"y"}')
    const claims = attributeClaims(
      polluted,
      settings.attributes,
      new Set(['__proto__', 'constructor']),
      standard,
      'userinfo',
    )
    assert.equal(Object.getPrototypeOf(claims), Object.prototype)
  })
})

describe('groups in tokens', () => {
  it('prefer the role of the lowest precedence', () => {
    assert.deepEqual(withGroups(aGroup('admins', 0, role('a')), aGroup('staff', 1, role('b')), aGroup('none')), {
      groups: ['admins', 'staff', 'none'],
      roles: [role('a'), role('b')],
      preferredRole: role('a'),
    })
  })

  it('prefer no role when the first ones disagree, and the shared one when they agree', () => {
    assert.equal(withGroups(aGroup('a', 1, role('a')), aGroup('b', 1, role('b'))).preferredRole, null)
    assert.equal(withGroups(aGroup('a', 1, role('a')), aGroup('b', 1, role('a'))).preferredRole, role('a'))
    assert.equal(withGroups(aGroup('a', 1), aGroup('b', 1, role('b'))).preferredRole, role('b'))
  })

  it('are absent rather than empty', () => {
    const account = { user: aUser('pool', { username: 'ann' }), groups: [], identities: [] }
    assert.deepEqual(
      idTokenExtras(account, groupsOf(account), {
        ...facts,
        eventId: null,
        authTime: undefined,
        acr: undefined,
        amr: undefined,
      }),
      {
        token_use: 'id',
        'cognito:username': 'ann',
        origin_jti: 'origin',
        jti: 'jti',
      },
    )
  })
})

describe('identities as a claim', () => {
  const account = { identities: [anIdentity('pool', { subject: '1', isPrimary: true })] }
  const member = {
    userId: '1',
    providerName: 'Corp',
    providerType: 'OIDC',
    issuer: 'https://idp.example.com',
    primary: 'true',
    dateCreated: String(NOON.getTime()),
  }
  const everything = readableAttributes(settings, {})

  it('have Cognito’s shape, and are one text in its userInfo', () => {
    assert.deepEqual(identityClaims(account, everything, standard, 'id_token'), { identities: [member] })
    assert.deepEqual(identityClaims(account, everything, standard, 'userinfo'), { identities: [member] })
    assert.deepEqual(identityClaims(account, everything, cognito, 'id_token'), { identities: [member] })
    assert.deepEqual(identityClaims(account, everything, cognito, 'userinfo'), { identities: JSON.stringify([member]) })
  })

  it('are absent for who has none, and for a client that may not read them', () => {
    assert.deepEqual(identityClaims({ identities: [] }, everything, standard, 'id_token'), {})
    const some = readableAttributes(settings, { readAttributes: ['email'] })
    assert.deepEqual(identityClaims(account, some, standard, 'id_token'), {})
    const listed = readableAttributes(settings, { readAttributes: ['identities'] })
    assert.deepEqual(identityClaims(account, listed, standard, 'id_token'), { identities: [member] })
  })
})

describe('what Cognito adds', () => {
  const account = {
    user: aUser('pool', { username: 'ann', attributes }),
    groups: [aGroup('staff', 1, role('a'))],
    identities: [],
  }

  it('to an ID token: who, groups, roles, and where the sign-in is told of', () => {
    assert.deepEqual(idTokenExtras(account, groupsOf(account), facts), {
      token_use: 'id',
      auth_time: 1893456000,
      acr: 'urn:portico:acr:multi-factor',
      amr: ['pwd', 'otp', 'mfa'],
      'cognito:username': 'ann',
      'cognito:groups': ['staff'],
      'cognito:roles': [role('a')],
      'cognito:preferred_role': role('a'),
      event_id: 'event',
      origin_jti: 'origin',
      jti: 'jti',
    })
  })

  it('to an access token: no attribute and no role', () => {
    const claims = accessTokenExtras(account, groupsOf(account), facts)
    assert.deepEqual(claims, {
      token_use: 'access',
      version: 2,
      username: 'ann',
      'cognito:groups': ['staff'],
      auth_time: 1893456000,
      event_id: 'event',
      origin_jti: 'origin',
      jti: 'jti',
    })
  })

  it('to a client’s own token: nothing of a person', () => {
    assert.deepEqual(clientTokenExtras('jti', 5), { token_use: 'access', version: 2, auth_time: 5, jti: 'jti' })
  })
})

describe('a trigger’s claims', () => {
  const reserved = [
    'iss',
    'sub',
    'aud',
    'exp',
    'iat',
    'nbf',
    'jti',
    'nonce',
    'auth_time',
    'amr',
    'acr',
    'azp',
    'at_hash',
    'sid',
    'scope',
    'client_id',
    'token_use',
    'username',
    'event_id',
    'origin_jti',
    'version',
    'identities',
    'device_key',
    'cnf',
    'cognito:username',
    'cognito:groups',
    'cognito:roles',
    'aws:admin',
    'dev:custom',
  ]

  it('never touch a reserved one, by adding or by suppressing', () => {
    const claims = Object.fromEntries(reserved.map((name) => [name, 'ours']))
    const change = { add: Object.fromEntries(reserved.map((name) => [name, 'theirs'])), suppress: reserved }
    assert.deepEqual(withTriggerClaims(claims, change), claims)
  })

  it('are added and suppressed otherwise; both at once is suppressed', () => {
    const change = { add: { tier: 'gold', email: 'x' }, suppress: ['email', 'phone_number'] }
    assert.deepEqual(withTriggerClaims({ email: 'a', phone_number: 'b', name: 'c' }, change), {
      name: 'c',
      tier: 'gold',
    })
  })

  it('change nothing of what they are given, and are no way to a prototype', () => {
    const claims = { a: 1 }
    const add = JSON.parse('{"__proto__":{"admin":true}}')
    const changed = withTriggerClaims(claims, { add, suppress: ['a'] })
    assert.deepEqual(claims, { a: 1 })
    assert.equal((changed as { admin?: boolean }).admin, undefined)
    assert.equal(Object.getPrototypeOf(changed), Object.prototype)
  })
})
