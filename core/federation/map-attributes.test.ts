import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mapAttributes } from './map-attributes.ts'
import type { ProviderTrust } from './provider-common.ts'

const aProvider = (more: Partial<ProviderTrust> = {}): ProviderTrust => ({
  name: 'Corporate',
  enabled: true,
  linkOnly: false,
  attributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name', phone_number: 'phone' },
  requiredAttributes: [],
  groupRules: [],
  trustsEmail: 'if-verified',
  emailDomains: null,
  trustsPhone: false,
  trustsAmr: false,
  ...more,
})
const mapped = (claims: Record<string, unknown>, more: Partial<ProviderTrust> = {}) =>
  mapAttributes(aProvider(more), claims)

describe('mapping what a provider says to attributes', () => {
  it('takes what the settings name and nothing else', () =>
    assert.deepEqual(mapped({ name: 'Ann', admin: true, sub: '1', 'custom:role': 'boss' }).attributes, { name: 'Ann' }))

  it('leaves out what is missing, so that the old value stays', () => {
    for (const missing of [undefined, null, '', []]) assert.deepEqual(mapped({ name: missing }).attributes, {})
  })

  it('reads nested members, entries of lists, and claims whose names have dots', () => {
    const attributeMapping = { name: 'a.b', nickname: 'emails.0.value', 'custom:role': 'https://fjord.example/role' }
    const claims = { a: { b: 'deep' }, emails: [{ value: 'first' }], 'https://fjord.example/role': 'sailor' }
    assert.deepEqual(mapped(claims, { attributeMapping }).attributes, {
      name: 'deep',
      nickname: 'first',
      'custom:role': 'sailor',
    })
    assert.deepEqual(mapped({ 'a.b': 'named', a: { b: 'deep' } }, { attributeMapping }).attributes, { name: 'named' })
  })

  it('does not take what every object has for a claim', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'constructor.name', 'name.length'])
      assert.deepEqual(mapped({ name: 'x' }, { attributeMapping: { nickname: name } }).attributes, {}, name)
  })

  it('writes numbers and truths as text, and several values as Cognito does', () => {
    const attributeMapping = { nickname: 'v' }
    const written = (v: unknown) => mapped({ v }, { attributeMapping }).attributes.nickname
    assert.equal(written(42), '42')
    assert.equal(written(true), 'true')
    assert.equal(written(['one']), 'one')
    assert.equal(written(['a', 'b-c']), '[a, b-c]')
    assert.equal(written(['a b', 'c,d', 'ü']), '[a+b, c%2Cd, %C3%BC]')
  })

  it('keeps the printed lines of an address', () => {
    const attributeMapping = { address: 'address' }
    const { attributes } = mapped({ address: { formatted: 'Quay 1\nBergen', country: 'NO' } }, { attributeMapping })
    assert.deepEqual(attributes, { address: 'Quay 1\nBergen' })
  })

  it('names claims that cannot be stored, and stores the others', () => {
    const attributeMapping = { name: 'a', nickname: 'b', website: 'c', profile: 'd' }
    const { attributes, unusable } = mapped(
      { a: 'x'.repeat(2049), b: { any: 1 }, c: 'x\r\nSet-Cookie: y', d: 'good' },
      { attributeMapping },
    )
    assert.deepEqual(attributes, { profile: 'good' })
    assert.deepEqual(unusable, [
      { attribute: 'name', because: 'too-long' },
      { attribute: 'nickname', because: 'no-text' },
      { attribute: 'website', because: 'control-characters' },
    ])
  })

  it('names required attributes that nothing came for, unusable ones among them', () => {
    const { missing } = mapped({ name: 'a\u0000b' }, { requiredAttributes: ['email', 'name', 'phone_number'] })
    assert.deepEqual(missing, ['email', 'name', 'phone_number'])
  })
})

describe('believing addresses of a provider', () => {
  const verified = (claims: Record<string, unknown>, more: Partial<ProviderTrust> = {}) =>
    mapped({ email: 'ann@fjord.example', ...claims }, more).attributes.email_verified

  it('believes a verified address of a trusted provider, said as a truth or as a text', () => {
    assert.equal(verified({ email_verified: true }), true)
    assert.equal(verified({ email_verified: 'true' }), true)
  })

  it('takes anything but a plain yes for a no', () => {
    for (const said of [undefined, null, false, 'false', 'TRUE', 1, '1', 'yes', {}, [true], ['true']])
      assert.equal(verified({ email_verified: said }), false, JSON.stringify(said))
  })

  it('believes no address of a provider that is not trusted with them', () =>
    assert.equal(verified({ email_verified: true }, { trustsEmail: 'never' }), false))

  it('believes nothing of a flag that is not mapped', () =>
    assert.equal(verified({ email_verified: true }, { attributeMapping: { email: 'email' } }), false))

  it('believes addresses of the named domains alone', () => {
    const emailDomains = ['fjord.example']
    assert.equal(verified({ email_verified: true }, { emailDomains }), true)
    for (const email of ['ann@evil-fjord.example', 'ann@x.fjord.example', 'ann@fjord.example.evil', 'fjord.example'])
      assert.equal(verified({ email, email_verified: true }, { emailDomains }), false, email)
    assert.equal(verified({ email: '"x@fjord.example"@evil.example', email_verified: true }, { emailDomains }), false)
  })

  it('believes a directory that hands addresses out, within its domains', () => {
    const always = { trustsEmail: 'always' as const, emailDomains: ['fjord.example'] }
    assert.equal(verified({}, always), true)
    assert.equal(verified({ email: 'ann@elsewhere.example' }, always), false)
    assert.equal(verified({}, { trustsEmail: 'always', emailDomains: null }), false)
  })

  it('unsets an old flag with every new address', () =>
    assert.deepEqual(mapped({ email: 'new@fjord.example' }).attributes, {
      email: 'new@fjord.example',
      email_verified: false,
    }))

  it('writes no flag without an address', () =>
    assert.deepEqual(mapped({ email_verified: true, phone_number_verified: true }).attributes, {}))

  it('asks for trust of its own for telephone numbers', () => {
    const attributeMapping = { phone_number: 'phone', phone_number_verified: 'phone_ok' }
    const claims = { phone: '+4712345678', phone_ok: true }
    assert.equal(mapped(claims, { attributeMapping }).attributes.phone_number_verified, false)
    assert.equal(mapped(claims, { attributeMapping, trustsPhone: true }).attributes.phone_number_verified, true)
  })
})

describe('groups by rules', () => {
  const groupRules = [
    { claim: 'groups', equals: 'cn=crew', group: 'crew' },
    { claim: 'groups', equals: 'cn=bridge', group: 'captains' },
    { claim: 'realm.roles', equals: 'admin', group: 'captains' },
  ]
  const groups = (claims: Record<string, unknown>) => mapped(claims, { groupRules }).groups

  it('puts people into the groups whose rules hold, once', () => {
    assert.deepEqual(groups({ groups: ['cn=crew', 'cn=bridge'], realm: { roles: 'admin' } }), ['crew', 'captains'])
    assert.deepEqual(groups({ groups: 'cn=crew' }), ['crew'])
  })

  it('compares whole values, letter by letter', () => {
    for (const value of ['cn=Crew', 'cn=crew ', 'cn=crew,ou=x', ['CN=CREW'], { 'cn=crew': true }, undefined])
      assert.deepEqual(groups({ groups: value }), [], JSON.stringify(value))
  })

  it('names every group it decides about, so that people leave those they lost', () =>
    assert.deepEqual(mapped({}, { groupRules }).managedGroups, ['crew', 'captains']))
})
