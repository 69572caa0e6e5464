import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aPool, aUser, NOON } from '#tests/support/builders.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { signOutOwnDevices } from './sign-out-own-devices.ts'

const LATER = new Date(NOON.getTime() + 60_000)
const context = { requestId: 'request', ip: '203.0.113.7', userAgent: 'a browser' }

const somebody = async () => {
  const written = ledger()
  const users = memoryUsers(written)
  const pool = aPool()
  const user = aUser(pool.id)
  await users.create({ user, names: [], password: null }, { events: [] })
  const act = signOutOwnDevices({ users, writer: users, random: seededRandom(1), clock: { now: () => LATER } })
  return { written, users, pool, user, act }
}

describe('a person who signs out on all devices', () => {
  it('ends everything of before, and changes nothing else about themself', async () => {
    const { users, pool, user, act } = await somebody()
    const answer = await act({ poolId: pool.id, sub: user.sub, clientId: null, context })
    assert.ok(answer.ok)
    const found = await users.findBySub(pool.id, user.sub)
    assert.deepEqual(found?.user, { ...user, sessionsValidAfter: LATER })
  })

  it('leaves one event, with who, where and from which app', async () => {
    const { written, pool, user, act } = await somebody()
    await act({ poolId: pool.id, sub: user.sub, clientId: 'app', context })
    const [event, ...more] = written.events
    assert.deepEqual(more, [])
    assert.equal(event?.type, 'sign_out.everywhere')
    assert.deepEqual([event?.sub, event?.clientId, event?.ip], [user.sub, 'app', '203.0.113.7'])
  })

  it('is refused, without an event, where the person is of another pool or gone', async () => {
    const { written, users, pool, user, act } = await somebody()
    for (const asked of [
      { poolId: aPool().id, sub: user.sub },
      { poolId: pool.id, sub: 'a0000000-0000-4000-8000-000000000009' },
    ]) {
      const answer = await act({ ...asked, clientId: null, context })
      assert.equal(answer.ok ? null : answer.failure.code, 'user-missing')
    }
    assert.deepEqual(written.events, [])
    assert.deepEqual((await users.findBySub(pool.id, user.sub))?.user, user)
  })
})
