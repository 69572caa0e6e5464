import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, poolWithAnn } from '#tests/support/memory/administration.ts'

const setUp = async () => {
  const world = await poolWithAnn({ mfa: 'required' })
  const { sub } = await world.ann()
  await world.ports.factors.enrol(
    {
      poolId: world.pool.id,
      sub,
      id: 'totp',
      kind: 'totp',
      name: null,
      address: null,
      credentialId: null,
      passkey: null,
      counter: 0,
      createdAt: NOON,
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    },
    { events: [] },
  )
  await world.ports.recoveryCodes.replace(world.pool.id, sub, ['one', 'two'], NOON, { events: [] })
  const sent = () => world.book.messages.map(({ purpose }) => purpose)
  return { ...world, sub, sent }
}

describe('the factors of a person, for administrators', () => {
  it('are nobody’s who does not exist, nor of another pool', async () => {
    const { users, pool, sub, makePool } = await setUp()
    const other = await makePool()
    for (const [where, who] of [
      [pool, 'nobody'],
      [other, sub],
    ] as const) {
      assert.equal(codeOf(await users.factors({ pool: where, sub: who })), 'user-missing')
      assert.equal(codeOf(await users.resetFactors({ pool: where, sub: who, invites: false })), 'user-missing')
      assert.equal(codeOf(await users.preferFactor({ pool: where, sub: who, kind: null })), 'user-missing')
    }
  })

  it('are shown without their secrets', async () => {
    const { users, pool, sub } = await setUp()
    const shown = expectOk(await users.factors({ pool, sub }))
    assert.deepEqual(
      [shown.factors.map(({ kind }) => kind), shown.preferred, shown.recoveryCodes?.left],
      [['totp'], null, 2],
    )
    assert.equal(JSON.stringify(shown).includes('GEZDG'), false)
  })

  it('are all taken away at once, with sessions and the former preference; the event names who did it, and the person is told', async () => {
    const { users, pool, sub, ports, setTime, events, book, sent } = await setUp()
    setTime(secondsLater(60))
    assert.deepEqual(expectOk(await users.resetFactors({ pool, sub, invites: false })), { removed: ['totp'] })
    assert.deepEqual(expectOk(await users.factors({ pool, sub })).factors, [])
    assert.deepEqual((await ports.users.findBySub(pool.id, sub))?.user.sessionsValidAfter, secondsLater(60))
    assert.deepEqual(events(), ['user.created', 'sign_out.everywhere', 'factor.reset'])
    assert.deepEqual(book.events.at(-1)?.detail, { by: 'test', kinds: 'totp' })
    assert.deepEqual(sent(), ['factors-reset'])
  })

  it('are taken away with an invitation to set up new ones, which must reach somebody', async () => {
    const { users, pool, sub, sent, makePool } = await setUp()
    assert.equal(codeOf(await users.resetFactors({ pool, sub, invites: true })), 'ok')
    assert.deepEqual(sent(), ['set-up-factor'])
    const named = await makePool({ signInNames: ['username'] })
    const bo = expectOk(await users.create({ pool: named, username: 'bo', attributes: {} }))
    const unreachable = { pool: named, sub: bo.sub }
    assert.equal(codeOf(await users.resetFactors({ ...unreachable, invites: true })), 'attribute-missing email')
    assert.equal(codeOf(await users.resetFactors({ ...unreachable, invites: false })), 'ok')
    assert.deepEqual(sent(), ['set-up-factor'])
  })

  it('are asked for in the order that is chosen, of those there are', async () => {
    const { users, pool, sub, events } = await setUp()
    assert.equal(codeOf(await users.preferFactor({ pool, sub, kind: 'sms' })), 'factor-missing')
    assert.equal(codeOf(await users.preferFactor({ pool, sub, kind: 'totp' })), 'ok')
    assert.equal(codeOf(await users.preferFactor({ pool, sub, kind: null })), 'ok')
    assert.deepEqual(events(), ['user.created', 'factor.changed', 'factor.changed'])
  })
})
