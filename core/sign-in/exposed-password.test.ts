import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { noTriggers } from '#core/triggers/index.ts'
import { aNewUser, aPassword, aPool, NOON } from '#tests/support/builders.ts'
import { memoryBreaches } from '#tests/support/memory/breaches.ts'
import { memoryBudgets } from '#tests/support/memory/budgets.ts'
import { plainHasher } from '#tests/support/memory/hasher.ts'
import { memoryRiskCounters } from '#tests/support/memory/risk.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'
import { signInWithPassword } from './sign-in-with-password.ts'

const LEAKED = 'correct-horse-staple'

const setUp = async (
  compromisedCredentials: PoolSettingsInput['compromisedCredentials'],
  person: Parameters<typeof aNewUser>[2] = {},
) => {
  const pool = aPool({ settings: { compromisedCredentials } })
  const users = memoryUsers()
  const breaches = memoryBreaches(LEAKED)
  const ann = aNewUser(pool.id, ['ann@example.com'], {
    password: aPassword(await plainHasher().hash(LEAKED)),
    ...person,
  })
  await users.create(ann, { events: [] })
  const signIn = signInWithPassword({
    users,
    writer: users,
    passwords: plainHasher(),
    compromised: breaches,
    attempts: memoryBudgets(),
    riskCounters: memoryRiskCounters(),
    triggers: noTriggers,
    clock: { now: () => NOON },
    random: systemRandom,
  })
  const as = (login: string, password: string) =>
    signIn({
      pool,
      clientId: 'shop',
      eventId: 'event',
      locale: 'en',
      login,
      password,
      context: { requestId: 'r', ip: '203.0.113.7', userAgent: null },
    })
  return { as, breaches, users, statusNow: async () => (await users.findBySub(pool.id, ann.user.sub))?.user }
}

describe('signing in with a password that others know', () => {
  for (const action of ['tell', 'change'] as const) {
    it(`goes on, and says what the pool wants done: ${action}`, async () => {
      const { as, statusNow } = await setUp({ signIn: action })
      const result = await as('ann@example.com', LEAKED)
      assert.ok(result.ok && result.value.kind === 'signed-in')
      assert.deepEqual(result.value.exposure, { occasion: 'signIn', source: 'file', action })
      assert.equal((await statusNow())?.status, 'CONFIRMED')
    })
  }

  it('is a change by default', async () => {
    const { as } = await setUp(undefined)
    const result = await as('ann@example.com', LEAKED)
    assert.ok(result.ok && result.value.kind === 'signed-in')
    assert.equal(result.value.exposure?.action, 'change')
  })

  it('takes the password out of use and ends what was signed in with it, where the pool blocks', async () => {
    const { as, users, statusNow } = await setUp({ signIn: 'block' })
    const result = await as('ann@example.com', LEAKED)
    assert.equal(result.ok && result.value.kind, 'reset-required')
    const { status, sessionsValidAfter } = (await statusNow()) ?? {}
    assert.deepEqual({ status, sessionsValidAfter }, { status: 'RESET_REQUIRED', sessionsValidAfter: NOON })
    assert.deepEqual(
      users.ledger.events.map(({ type, outcome, reason, detail }) => ({ type, outcome, reason, detail })),
      [
        {
          type: 'credentials.compromised',
          outcome: 'failure',
          reason: 'password-reset-required',
          detail: { occasion: 'signIn', source: 'file', action: 'block' },
        },
      ],
    )
  })

  it('lets somebody prove their address first, who could not recover without one', async () => {
    const { as, statusNow } = await setUp({ signIn: 'block' }, { status: 'UNCONFIRMED' })
    const result = await as('ann@example.com', LEAKED)
    assert.ok(result.ok && result.value.kind === 'confirm-account')
    assert.equal(result.value.exposure?.action, 'block')
    assert.equal((await statusNow())?.status, 'UNCONFIRMED')
  })
})

describe('a password at sign-in', () => {
  it('is looked up only once it has proved right', async () => {
    const { as, breaches } = await setUp({ signIn: 'block' })
    breaches.leak('wrong')
    for (const login of ['ann@example.com', 'nobody@example.com', 'not a name'])
      for (let n = 0; n < 7; n++) assert.equal((await as(login, 'wrong')).ok, false)
    // Locked by now: the right one is not looked up either.
    assert.equal((await as('ann@example.com', LEAKED)).ok, false)
    assert.deepEqual(breaches.asked, [])
  })

  it('is not looked up for who may not come in or has to replace it anyway', async () => {
    const temporary = aPassword(await plainHasher().hash(LEAKED), { isTemporary: true })
    for (const person of [
      { enabled: false },
      { status: 'DELETING' },
      { status: 'RESET_REQUIRED' },
      { status: 'FORCE_CHANGE_PASSWORD' },
      { password: temporary },
    ] as const) {
      const { as, breaches } = await setUp({ signIn: 'block' }, person)
      await as('ann@example.com', LEAKED)
      assert.deepEqual(breaches.asked, [])
    }
  })

  it('is not looked up where the pool does not want to know', async () => {
    const { as, breaches } = await setUp({ signIn: 'off' })
    const result = await as('ann@example.com', LEAKED)
    assert.ok(result.ok && result.value.kind === 'signed-in' && result.value.exposure === null)
    assert.deepEqual(breaches.asked, [])
  })

  it('passes while nobody can tell, unless the pool insists', async () => {
    for (const [whenUnavailable, outcome] of [
      ['allow', 'signed-in'],
      ['block', 'password-unchecked'],
    ] as const) {
      const { as, breaches } = await setUp({ whenUnavailable })
      breaches.setAvailable(false)
      const result = await as('ann@example.com', LEAKED)
      assert.equal(result.ok ? result.value.kind : result.failure.code, outcome)
      assert.equal((await as('ann@example.com', 'wrong')).ok, false)
    }
  })
})
