import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Directory } from '#core/federation/index.ts'
import { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { BUDGETS } from '#core/limits/index.ts'
import { NOON } from '#tests/support/builders.ts'
import { corp, fakeDirectory } from '#tests/support/fake-directory.ts'
import { memoryBudgets } from '#tests/support/memory/budgets.ts'
import { memoryRiskCounters } from '#tests/support/memory/risk.ts'
import { countedLogin, signInWithDirectory } from './sign-in-with-directory.ts'

const settings = LdapProviderSettings.parse(corp())
const directory: Directory = { poolId: 'eu_1', name: 'Corp', settings, createdAt: NOON, updatedAt: NOON }

const setUp = () => {
  const fake = fakeDirectory()
  fake.add(['ann'], 'right')
  const failures: string[] = []
  const counters = memoryRiskCounters()
  const signIn = signInWithDirectory({
    asksDirectory: async ({ name }) => fake.as(name),
    attempts: memoryBudgets(),
    riskCounters: {
      ...counters,
      noteFailure: async (_pool, subject) => void failures.push(subject),
    },
    clock: { now: () => NOON },
  })
  const attempt = async (login: string, password: string, ip = '203.0.113.7') => {
    const result = await signIn({ directory, login, password, context: { requestId: 'r', ip, userAgent: null } })
    return result.ok ? result.value.subject : result.failure.code
  }
  return { fake, attempt, failures }
}

describe('signing in with a directory', () => {
  it('asks nobody about an empty password', async () => {
    const { fake, attempt } = setUp()
    assert.equal(await attempt('ann', ''), 'password-empty')
    assert.deepEqual(fake.asked, [])
  })

  it('asks the directory no more than the budget lets, spelled one way or another', async () => {
    const { fake, attempt } = setUp()
    for (const login of ['ann', 'ANN', ' ann ', 'a\u00ADnn', 'ａｎｎ'])
      assert.equal(await attempt(login, 'wrong'), 'wrong-credentials')
    assert.equal(await attempt('ann', 'right'), 'too-many-attempts')
    assert.equal(fake.asked.length, BUDGETS['sign-in.account-network'].limit)
    assert.equal(await attempt('ann', 'right', '198.51.100.1'), '4711')
  })

  it('counts a name that nobody has like any other', async () => {
    const { attempt } = setUp()
    for (let n = 0; n < 5; n++) assert.equal(await attempt('nobody', 'wrong'), 'wrong-credentials')
    assert.equal(await attempt('nobody', 'wrong'), 'too-many-attempts')
  })

  it('notes wrong passwords for the judgement of later sign-ins, and right ones forget what was counted', async () => {
    const { attempt, failures } = setUp()
    for (let n = 0; n < 4; n++) await attempt('ann', 'wrong')
    assert.equal(failures.length, 4)
    assert.equal(await attempt('ann', 'right'), '4711')
    for (let n = 0; n < 5; n++) assert.equal(await attempt('ann', 'wrong'), 'wrong-credentials')
  })

  it('counts nothing while the directory is away', async () => {
    const { fake, attempt, failures } = setUp()
    for (const code of ['upstream-unreachable', 'upstream-slow'] as const) {
      fake.down = { code, because: 'not-reached' }
      for (let n = 0; n < 120; n++) assert.equal(await attempt('ann', 'right'), code)
    }
    assert.deepEqual(failures, [])
    fake.down = null
    assert.equal(await attempt('ann', 'right'), '4711')
  })

  it('says what the directory says of the account', async () => {
    const { fake, attempt } = setUp()
    fake.add(['dan'], 'right', {}, { code: 'user-disabled', because: 'account-disabled' })
    fake.add(['old'], 'right', {}, { code: 'password-expired', because: 'password-expired' })
    assert.equal(await attempt('dan', 'right'), 'user-disabled')
    assert.equal(await attempt('old', 'right'), 'password-expired')
  })
})

describe('the login that guesses are counted by', () => {
  it('is one for every spelling that the settings or Active Directory read as the same', () => {
    const ad = LdapProviderSettings.parse(corp({ schema: 'ad', netbiosDomain: 'CORP', stripsDomain: true }))
    for (const login of ['ann', 'CORP\\ann', 'corp\\ÁNN', 'ann@corp.example', 'Ann@CORP.EXAMPLE'])
      assert.equal(countedLogin(login, ad), 'ann', login)
    assert.equal(countedLogin('ann@other.example', ad), 'ann@other.example')
    assert.equal(countedLogin('ánn', settings), 'ánn')
  })
})
