import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { MigratedUser, Triggers } from '#core/triggers/ports.ts'
import { aPool, NOON } from '#tests/support/builders.ts'
import { plainHasher } from '#tests/support/memory/hasher.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { migrateUser, parseSignInName } from './index.ts'

type Answer = Awaited<ReturnType<Triggers['migrateUser']>>

const setUp = (answer: Answer, settings: PoolSettingsInput = {}) => {
  const pool = aPool({ settings })
  const users = memoryUsers()
  const migrate = migrateUser({
    users,
    writer: users,
    passwords: plainHasher(),
    triggers: { migrateUser: async () => answer },
    random: seededRandom(1),
    clock: { now: () => NOON },
  })
  const bring = async (typed: string, password: string | null = 'a password of before') => {
    const name = parseSignInName(pool, typed)
    assert.ok(name.ok)
    return migrate({
      pool,
      name: name.value,
      source: password === null ? 'forgot-password' : 'sign-in',
      password,
      call: {
        poolId: pool.id,
        clientId: 'shop',
        eventId: 'event',
        username: typed,
        attributes: {},
        locale: 'en',
        clientMetadata: {},
      },
      context: { requestId: 'r', ip: null, userAgent: null },
    })
  }
  return { bring, users, pool }
}

const bo: MigratedUser = { status: 'CONFIRMED', attributes: { email: 'bo@example.com', email_verified: 'true' } }

describe('somebody from a former directory', () => {
  it('comes with attributes, names and the password that was right, whatever the policy says of it', async () => {
    const { bring, users } = setUp(ok(bo))
    const brought = await bring('bo@example.com', 'short')
    assert.ok(brought.ok)
    assert.deepEqual(brought.value.user.attributes, { email: 'bo@example.com', email_verified: true })
    assert.equal(await plainHasher().verify('short', brought.value.password?.hash ?? null), true)
    assert.deepEqual(
      users.ledger.events.map(({ type, outcome, sub, clientId, detail }) => ({ type, outcome, sub, clientId, detail })),
      [
        {
          type: 'user.created',
          outcome: 'success',
          sub: brought.value.user.sub,
          clientId: 'shop',
          detail: { act: 'migrate', source: 'sign-in' },
        },
      ],
    )
  })

  it('comes without a password where none was typed, to choose one', async () => {
    const { bring } = setUp(ok({ ...bo, status: 'RESET_REQUIRED' }))
    const brought = await bring('bo@example.com', null)
    assert.ok(brought.ok)
    assert.equal(brought.value.password, null)
    assert.equal(brought.value.user.status, 'RESET_REQUIRED')
  })

  it('keeps the user name it was asked for, or gets the one the trigger gives', async () => {
    const settings: PoolSettingsInput = { signInNames: ['username', 'email'] }
    const byName = await setUp(ok({ status: 'CONFIRMED', attributes: {} }), settings).bring('bo')
    assert.equal(byName.ok && byName.value.user.username, 'bo')
    const byAddress = await setUp(ok({ ...bo, username: 'bo.b' }), settings).bring('bo@example.com')
    assert.equal(byAddress.ok && byAddress.value.user.username, 'bo.b')
  })

  it('comes once when two doors are knocked at together', async () => {
    const { bring, users } = setUp(ok(bo))
    const [one, two] = await Promise.all([bring('bo@example.com'), bring('bo@example.com')])
    assert.ok(one.ok && two.ok)
    assert.equal(one.value.user.sub, two.value.user.sub)
    assert.equal(users.ledger.events.length, 1)
  })
})

describe('an answer that cannot be used', () => {
  const unusable: Readonly<Record<string, [Answer, PoolSettingsInput?]>> = {
    'knows nobody': [ok(null)],
    refuses: [fail('trigger-refused')],
    'has another address': [ok({ status: 'CONFIRMED', attributes: { email: 'eve@example.com' } })],
    'has an attribute the pool lacks': [ok({ ...bo, attributes: { ...bo.attributes, 'custom:x': '1' } })],
    'has the address unproven beside a user name': [
      ok({ status: 'CONFIRMED', username: 'bo', attributes: { email: 'bo@example.com' } }),
      { signInNames: ['username', 'email'] },
    ],
  }
  for (const [what, [answer, settings]] of Object.entries(unusable)) {
    it(`leaves the name unknown and writes nothing: ${what}`, async () => {
      const { bring, users, pool } = setUp(answer, settings)
      const brought = await bring('bo@example.com')
      assert.equal(!brought.ok && brought.failure.code, 'user-unknown')
      assert.equal(await users.findByName(pool.id, 'bo@example.com'), null)
      assert.equal(users.ledger.events.length, 0)
    })
  }
})
