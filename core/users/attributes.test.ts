import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PoolSettings } from '../pools/pool-settings.ts'
import {
  type AttributeWriter,
  attributeChanges,
  attributesOfNewUser,
  checkAttribute,
  emailDomainAllowed,
  readableAttributes,
  writableAttributes,
} from './attributes.ts'

const pool = PoolSettings.parse({
  attributes: {
    name: { required: true, maxLength: 20 },
    birthdate: { mutable: false },
    'custom:team': { minLength: 2, maxLength: 8 },
    'custom:seats': { type: 'number', min: 1, max: 10 },
    'custom:vip': { type: 'boolean' },
    'custom:since': { type: 'datetime' },
    'custom:badge': { mutable: false },
  },
})
const administrator: AttributeWriter = { kind: 'administrator' }
const everyone: AttributeWriter = {
  kind: 'client',
  writable: writableAttributes(pool, {
    writeAttributes: [...writableAttributes(pool, {}), ...Object.keys(pool.attributes), 'email_verified'],
  }),
}

const codeOf = (result: { ok: boolean; failure?: { code: string; field?: string } }) =>
  result.ok ? 'ok' : `${result.failure?.code} ${result.failure?.field}`

describe('an attribute value', () => {
  const refused: [string, string][] = [
    ['email', 'ann'],
    ['phone_number', '030 123'],
    ['birthdate', '1990-02-30'],
    ['birthdate', '1990-2-3'],
    ['birthdate', '03/02/1990'],
    ['updated_at', '-1'],
    ['updated_at', 'today'],
    ['name', 'x'.repeat(21)],
    ['given_name', 'x'.repeat(2049)],
    ['given_name', 'Ann\r\nX-Admin: true'],
    ['address', 'Main Street\u0000'],
    ['custom:team', 'a'],
    ['custom:team', 'abcdefghi'],
    ['custom:seats', '0'],
    ['custom:seats', '11'],
    ['custom:seats', '1e1'],
    ['custom:seats', 'NaN'],
    ['custom:vip', 'yes'],
    ['custom:since', 'yesterday'],
    ['custom:since', '2026-13-01'],
    ['email_verified', 'maybe'],
  ]
  for (const [name, value] of refused) {
    it(`is refused: ${name} ${JSON.stringify(value.slice(0, 24))}`, () =>
      assert.equal(codeOf(checkAttribute(pool, name, value)), `attribute-format ${name}`))
  }

  it('is refused under a name the pool does not know', () => {
    for (const name of ['custom:other', 'nonsense', '__proto__', 'constructor', 'toString', 'dev:x']) {
      assert.equal(codeOf(checkAttribute(pool, name, 'x')), `attribute-unknown ${name}`)
    }
  })

  const accepted: [string, string | boolean, string | boolean][] = [
    ['email', ' Ann@EXAMPLE.com ', 'Ann@example.com'],
    ['phone_number', '0049 (30) 123456', '+4930123456'],
    ['birthdate', '1992-02-29', '1992-02-29'],
    ['birthdate', '0000-12-24', '0000-12-24'],
    ['updated_at', '1700000000', '1700000000'],
    ['name', '😀'.repeat(20), '😀'.repeat(20)],
    ['address', 'Main Street 1\n12345 Town', 'Main Street 1\n12345 Town'],
    ['custom:seats', '1.5', '1.5'],
    ['custom:vip', true, 'true'],
    ['custom:since', '2026-11-21T10:00:00+01:00', '2026-11-21T10:00:00+01:00'],
    ['phone_number_verified', 'false', false],
  ]
  for (const [name, given, stored] of accepted) {
    it(`is stored as ${JSON.stringify(stored).slice(0, 30)}: ${name} ${JSON.stringify(given).slice(0, 30)}`, () =>
      assert.deepEqual(checkAttribute(pool, name, given), { ok: true, value: stored }))
  }
})

describe('the attributes of a new person', () => {
  it('must have what the pool requires', () => {
    assert.equal(
      codeOf(attributesOfNewUser(pool, { given_name: 'Ann', name: '  ' }, everyone)),
      'attribute-missing name',
    )
  })
  it('may lack them when an administrator creates the person', () => {
    assert.deepEqual(attributesOfNewUser(pool, { given_name: 'Ann' }, administrator), {
      ok: true,
      value: { given_name: 'Ann' },
    })
  })
  it('never carry a proof that the person made up', () => {
    assert.equal(
      codeOf(attributesOfNewUser(pool, { name: 'Ann', email_verified: true }, everyone)),
      'attribute-immutable email_verified',
    )
  })
  it('never carry a chosen sub, not even by an administrator', () => {
    assert.equal(codeOf(attributesOfNewUser(pool, { sub: 'x' }, administrator)), 'attribute-immutable sub')
    assert.equal(
      codeOf(attributesOfNewUser(pool, { identities: '[]' }, administrator)),
      'attribute-immutable identities',
    )
  })
  it('keep within what the client may write', () => {
    const narrow: AttributeWriter = {
      kind: 'client',
      writable: writableAttributes(pool, { writeAttributes: ['name'] }),
    }
    assert.equal(
      codeOf(attributesOfNewUser(pool, { name: 'Ann', nickname: 'A' }, narrow)),
      'attribute-immutable nickname',
    )
  })
})

describe('changing attributes', () => {
  const current = { name: 'Ann', email: 'ann@example.com', email_verified: true, birthdate: '1990-01-01' }

  it('never removes what the pool requires', () => {
    assert.equal(codeOf(attributeChanges(pool, current, { name: '' }, everyone)), 'attribute-missing name')
    assert.equal(codeOf(attributeChanges(pool, current, { name: null }, administrator)), 'attribute-missing name')
  })
  it('leaves alone what cannot change, but lets it be set once', () => {
    assert.equal(
      codeOf(attributeChanges(pool, current, { birthdate: '1991-01-01' }, administrator)),
      'attribute-immutable birthdate',
    )
    assert.equal(
      codeOf(attributeChanges(pool, current, { birthdate: null }, administrator)),
      'attribute-immutable birthdate',
    )
    assert.deepEqual(attributeChanges(pool, current, { birthdate: '1990-01-01', 'custom:badge': 'B1' }, everyone), {
      ok: true,
      value: { 'custom:badge': 'B1' },
    })
  })
  it('takes the proof away with the address', () => {
    assert.deepEqual(attributeChanges(pool, current, { email: 'new@example.com' }, everyone), {
      ok: true,
      value: { email: 'new@example.com', email_verified: false },
    })
    assert.deepEqual(attributeChanges(pool, current, { email: '' }, everyone), {
      ok: true,
      value: { email: null, email_verified: null },
    })
  })
  it('keeps the proof when the address stays', () => {
    assert.deepEqual(attributeChanges(pool, current, { email: 'ann@EXAMPLE.com' }, everyone), { ok: true, value: {} })
  })
  it('lets an administrator vouch for a new address', () => {
    assert.deepEqual(
      attributeChanges(pool, current, { email: 'new@example.com', email_verified: 'true' }, administrator),
      {
        ok: true,
        value: { email: 'new@example.com' },
      },
    )
  })
  it('refuses unknown names, also to remove them', () => {
    assert.equal(
      codeOf(attributeChanges(pool, current, { 'custom:other': null }, administrator)),
      'attribute-unknown custom:other',
    )
  })
})

describe('what a client may see and write', () => {
  it('reads everything when it has no list, and what is on it when it has one', () => {
    assert.equal(readableAttributes(pool, {}).has('custom:team'), true)
    assert.equal(readableAttributes(pool, {}).has('email_verified'), true)
    assert.deepEqual(
      [...readableAttributes(pool, { readAttributes: ['email', 'email_verified', 'custom:gone'] })],
      ['email', 'email_verified'],
    )
  })
  it('writes no custom attribute unless it is listed, and no verification flag even then', () => {
    assert.equal(writableAttributes(pool, {}).has('custom:team'), false)
    assert.equal(writableAttributes(pool, {}).has('name'), true)
    assert.deepEqual(
      [...writableAttributes(pool, { writeAttributes: ['custom:team', 'email_verified', 'sub'] })],
      ['custom:team'],
    )
  })
})

describe('allowed e-mail domains', () => {
  const only = (...allowedEmailDomains: string[]) => ({ allowedEmailDomains })
  it('refuse other domains, subdomains and look-alikes', () => {
    for (const email of ['ann@evil.test', 'ann@mail.example.com', 'ann@notexample.com', 'ann@example.com.evil.test']) {
      assert.equal(emailDomainAllowed(only('example.com'), email), false, email)
    }
  })
  it('admit their own, in either spelling of an international name, and everyone when there are none', () => {
    assert.equal(emailDomainAllowed(only('bücher.example'), 'ann@xn--bcher-kva.example'), true)
    assert.equal(emailDomainAllowed(only(), 'ann@anything.test'), true)
  })
})
