import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { fail } from '#core/shared/result.ts'
import { aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import { directories } from './directories.ts'

const setUp = () =>
  directories({
    secretOf: async () => null,
    lookup: async () => fail('upstream-unreachable', { because: 'nothing is there' }),
    clock: { now: () => NOON },
  })

const corp = (poolId: string): IdentityProvider => ({
  poolId,
  name: 'Corp',
  createdAt: NOON,
  updatedAt: NOON,
  settings: LdapProviderSettings.parse({
    kind: 'ldap',
    name: 'Corp',
    servers: ['ldaps://ldap.example.com'],
    bind: { mode: 'searchThenBind', serviceName: 'cn=reader,dc=example' },
    searchBase: 'dc=example',
    forEverybody: true,
  }),
})

describe('directories of pools', () => {
  it('are nothing that a browser is sent to', () => {
    assert.throws(() => setUp().directoryOf(aProvider('eu_1')))
  })

  it('sign nobody in while there is no way to them', async () => {
    const answer = await setUp().directoryOf(corp('eu_1')).authenticate('ann', 'password')
    assert.equal(!answer.ok && answer.failure.code, 'upstream-unreachable')
  })

  it('stay the same until their settings change, each pool’s its own', () => {
    const { directoryOf } = setUp()
    const first = directoryOf(corp('eu_1'))
    assert.equal(directoryOf(corp('eu_1')), first)
    assert.notEqual(directoryOf(corp('eu_2')), first)
    assert.notEqual(directoryOf({ ...corp('eu_1'), updatedAt: secondsLater(1) }), first)
  })

  it('are so many at most: the one asked least recently is made anew', () => {
    const { directoryOf } = setUp()
    const [first, second] = [directoryOf(corp('eu_first')), directoryOf(corp('eu_second'))]
    for (let n = 0; n < 199; n++) {
      directoryOf(corp(`eu_${n}`))
      if (n === 100) assert.equal(directoryOf(corp('eu_first')), first)
    }
    assert.equal(directoryOf(corp('eu_first')), first)
    assert.notEqual(directoryOf(corp('eu_second')), second)
  })

  it('are made anew after they were closed', () => {
    const all = setUp()
    const first = all.directoryOf(corp('eu_1'))
    all.close()
    assert.notEqual(all.directoryOf(corp('eu_1')), first)
  })
})
