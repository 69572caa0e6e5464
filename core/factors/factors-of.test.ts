import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Factor, FactorKind } from './factor.ts'
import { factorsOf, recoveryChannels, type WhoseFactors } from './factors-of.ts'

const NOON = new Date('2030-06-15T12:00:00Z')
const PHONE = '+4930123456'
const MAIL = 'ann@example.com'

const ann = (overrides: Partial<WhoseFactors> = {}): WhoseFactors => ({
  poolId: 'eu-test-1_AbCdEfGhI',
  sub: 'ann',
  attributes: { email: MAIL, email_verified: true, phone_number: PHONE, phone_number_verified: true },
  createdAt: NOON,
  mfa: 'required',
  allowed: ['passkey', 'totp', 'sms', 'email'],
  ...overrides,
})

const a = (kind: FactorKind, address: string | null = null): Factor => ({
  poolId: 'eu-test-1_AbCdEfGhI',
  sub: 'ann',
  id: kind,
  kind,
  name: null,
  address,
  credentialId: null,
  passkey: null,
  counter: 0,
  createdAt: NOON,
  lastUsedAt: null,
})

const usable = (person: WhoseFactors, ...enrolled: Factor[]): string[] =>
  factorsOf(person, enrolled).map(({ kind, address }) => `${kind} ${address}`)

describe('what a person can be asked for as a second factor', () => {
  it('is a proven phone or address where the pool asks everybody and nothing was set up', () => {
    assert.deepEqual(usable(ann()), [`sms ${PHONE}`, `email ${MAIL}`])
    assert.deepEqual(usable(ann({ allowed: ['totp', 'sms'] })), [`sms ${PHONE}`])
    assert.deepEqual(usable(ann({ allowed: ['totp'] })), [])
  })

  it('is no address that nobody proved', () => {
    assert.deepEqual(
      usable(ann({ attributes: { email: MAIL, phone_number: PHONE, phone_number_verified: false } })),
      [],
    )
    assert.deepEqual(usable(ann({ attributes: { email_verified: true } })), [])
  })

  it('is nothing beside what was set up: a mailbox is no way around an authenticator app', () => {
    assert.deepEqual(usable(ann(), a('totp')), ['totp null'])
    assert.deepEqual(usable(ann(), a('sms', '+491111111')), ['sms +491111111'])
  })

  it('is what was set up alone where the pool leaves it to the person', () => {
    for (const mfa of ['off', 'optional'] as const) assert.deepEqual(usable(ann({ mfa })), [])
  })

  it('is no code to an address where the pool asks nobody: the same address resets the password (attack 52)', () => {
    const enrolled = [a('totp'), a('email', MAIL), a('sms', PHONE)]
    assert.deepEqual(usable(ann({ mfa: 'off' }), ...enrolled), ['totp null'])
    assert.equal(usable(ann({ mfa: 'optional' }), ...enrolled).length, 3)
  })

  it('is nothing of a kind the pool does not allow any more', () => {
    assert.deepEqual(usable(ann({ allowed: ['email'] }), a('totp')), [`email ${MAIL}`])
  })
})

describe('the channels a forgotten password is reset by', () => {
  const mail = { channel: 'email', address: MAIL } as const
  const phone = { channel: 'sms', address: PHONE } as const
  const left = (...factors: Factor[]) => recoveryChannels([mail, phone], factors)

  it('are all that are proven for whoever has no second factor, or one that is no address', () => {
    assert.deepEqual(left(), [mail, phone])
    assert.deepEqual(left(a('totp'), a('passkey')), [mail, phone])
  })

  it('are never one whose codes are the second factor', () => {
    assert.deepEqual(left(a('email', MAIL)), [phone])
    assert.deepEqual(left(a('sms', PHONE)), [mail])
    assert.deepEqual(left(a('sms', PHONE), a('email', MAIL)), [])
  })

  it('are not saved by a stronger factor beside it, for a sign-in may choose the weaker', () => {
    assert.deepEqual(left(a('totp'), a('email', MAIL)), [phone])
  })

  it('are judged by the address: a factor at another mailbox or phone is something else', () => {
    assert.deepEqual(left(a('email', 'ann@work.example'), a('sms', '+4989654321')), [mail, phone])
  })
})
