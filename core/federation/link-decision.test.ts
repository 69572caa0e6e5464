// Attacks 60 to 65: taking over an account by connecting an identity to it.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type LinkableUser,
  type LinkQuestion,
  linkDecision,
  MOST_LINKED_IDENTITIES,
  mayUnlink,
} from './link-decision.ts'

const aUser = (more: Partial<LinkableUser> = {}): LinkableUser => ({
  poolId: 'pool-a',
  sub: 'ann',
  enabled: true,
  status: 'CONFIRMED',
  email: 'ann@fjord.example',
  isEmailVerified: true,
  linkedIdentities: 0,
  ...more,
})
const aProvider = (more: Partial<LinkQuestion['provider']> = {}): LinkQuestion['provider'] => ({
  name: 'Corporate',
  enabled: true,
  linkOnly: false,
  trustsEmail: 'if-verified',
  ...more,
})
const anIdentity = (more: Partial<LinkQuestion['identity']> = {}): LinkQuestion['identity'] => ({
  poolId: 'pool-a',
  provider: 'Corporate',
  subject: '4711',
  email: 'ann@fjord.example',
  isEmailVerified: true,
  ...more,
})
const decided = (more: Partial<LinkQuestion> = {}) =>
  linkDecision({ provider: aProvider(), identity: anIdentity(), owner: null, localUser: aUser(), ...more })

describe('deciding about an identity that nobody has yet', () => {
  it('makes a profile where no account has the address', () =>
    assert.deepEqual(decided({ localUser: null }), { kind: 'create', because: null }))

  it('offers to connect for an address proven on both sides', () =>
    assert.deepEqual(decided(), { kind: 'offer', sub: 'ann' }))

  it('never offers for an address the provider has not verified (attack 60)', () => {
    const expected = { kind: 'create', because: 'address-unproven-there' }
    assert.deepEqual(decided({ identity: anIdentity({ isEmailVerified: false }) }), expected)
    assert.deepEqual(decided({ provider: aProvider({ trustsEmail: 'never' }) }), expected)
  })

  it('never offers an account whose own address is unproven: somebody may be waiting in it', () =>
    assert.deepEqual(decided({ localUser: aUser({ isEmailVerified: false, status: 'UNCONFIRMED' }) }), {
      kind: 'create',
      because: 'address-unproven-here',
    }))

  it('compares whole addresses without regard to letter case, and takes no look-alike', () => {
    assert.equal(decided({ identity: anIdentity({ email: 'ANN@Fjord.Example' }) }).kind, 'offer')
    for (const email of [
      'ann@fjord.example.evil',
      'ann+x@fjord.example',
      'аnn@fjord.example',
      'ann@fjord.example ',
      null,
    ])
      assert.deepEqual(decided({ identity: anIdentity({ email }) }), { kind: 'create', because: 'address-differs' })
    assert.deepEqual(decided({ identity: anIdentity({ email: null }), localUser: aUser({ email: null }) }), {
      kind: 'create',
      because: 'address-differs',
    })
  })

  it('does not let a closed account be left through another door', () => {
    for (const closed of [{ enabled: false }, { status: 'DELETING' as const }])
      assert.deepEqual(decided({ localUser: aUser(closed) }), { kind: 'refuse', because: 'user-disabled' })
  })

  it('connects no more identities than Cognito', () => {
    const full = aUser({ linkedIdentities: MOST_LINKED_IDENTITIES })
    assert.deepEqual(decided({ localUser: full }), { kind: 'create', because: 'account-full' })
    assert.equal(decided({ localUser: aUser({ linkedIdentities: MOST_LINKED_IDENTITIES - 1 }) }).kind, 'offer')
  })
})

describe('deciding about an identity that somebody has', () => {
  it('signs its owner in, whatever address it has by now (attack 65)', () => {
    const owner = aUser({ sub: 'bo', email: 'bo@fjord.example' })
    assert.deepEqual(decided({ owner }), { kind: 'sign-in', sub: 'bo' })
    assert.deepEqual(decided({ owner, identity: anIdentity({ email: null, isEmailVerified: false }) }), {
      kind: 'sign-in',
      sub: 'bo',
    })
  })

  it('refuses an owner who is disabled or leaving, and makes no second profile', () => {
    for (const closed of [{ enabled: false }, { status: 'DELETING' as const }])
      assert.deepEqual(decided({ owner: aUser(closed) }), { kind: 'refuse', because: 'user-disabled' })
  })
})

describe('deciding about providers', () => {
  for (const owner of [null, aUser()]) {
    const whose = owner === null ? 'nobody' : 'somebody'
    it(`refuses a provider that is switched off, for an identity of ${whose}`, () =>
      assert.deepEqual(decided({ owner, provider: aProvider({ enabled: false }) }), {
        kind: 'refuse',
        because: 'provider-disabled',
      }))

    it(`refuses to sign in through a provider for connecting alone, with an identity of ${whose} (attack 62)`, () =>
      assert.deepEqual(decided({ owner, provider: aProvider({ linkOnly: true }) }), {
        kind: 'refuse',
        because: 'link-only',
      }))
  }

  it('refuses what was mixed up between providers or pools (attacks 64 and 65)', () => {
    const mixedUp = { kind: 'refuse', because: 'mixed-up' }
    assert.deepEqual(decided({ identity: anIdentity({ provider: 'Other' }) }), mixedUp)
    assert.deepEqual(decided({ localUser: aUser({ poolId: 'pool-b' }) }), mixedUp)
    assert.deepEqual(decided({ owner: aUser({ poolId: 'pool-b' }) }), mixedUp)
  })
})

describe('every combination', () => {
  const both = [true, false]
  const users = (): (LinkableUser | null)[] => [
    null,
    ...both.flatMap((enabled) =>
      both.flatMap((isEmailVerified) =>
        ['ann@fjord.example', 'other@fjord.example', null].map((email) => aUser({ enabled, isEmailVerified, email })),
      ),
    ),
  ]

  it('offers only what is proven on both sides, and signs in only an owner who may', () => {
    let combinations = 0
    for (const trustsEmail of ['never', 'if-verified', 'always'] as const)
      for (const enabled of both)
        for (const linkOnly of both)
          for (const isEmailVerified of both)
            for (const owner of users())
              for (const localUser of users()) {
                combinations += 1
                const provider = aProvider({ trustsEmail, enabled, linkOnly })
                const decision = linkDecision({ provider, identity: anIdentity({ isEmailVerified }), owner, localUser })
                const mayEnter = enabled && !linkOnly
                const isOffer =
                  mayEnter &&
                  owner === null &&
                  trustsEmail !== 'never' &&
                  isEmailVerified &&
                  localUser?.email === 'ann@fjord.example' &&
                  localUser.isEmailVerified &&
                  localUser.enabled
                assert.equal(decision.kind === 'offer', isOffer, JSON.stringify({ provider, owner, localUser }))
                assert.equal(decision.kind === 'sign-in', mayEnter && owner?.enabled === true)
                if (!mayEnter) assert.equal(decision.kind, 'refuse')
              }
    assert.equal(combinations, 3 * 2 * 2 * 2 * 13 * 13)
  })
})

describe('removing an identity', () => {
  it('keeps the last way in', () => {
    assert.equal(mayUnlink({ hasPassword: false, passkeys: 0, otherIdentities: 0 }), false)
    assert.equal(mayUnlink({ hasPassword: true, passkeys: 0, otherIdentities: 0 }), true)
    assert.equal(mayUnlink({ hasPassword: false, passkeys: 1, otherIdentities: 0 }), true)
    assert.equal(mayUnlink({ hasPassword: false, passkeys: 0, otherIdentities: 1 }), true)
  })
})
