import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { expectOk, memoryAdministration } from '#tests/support/memory/administration.ts'

const LEAKED = 'an umbrella for each guest'

const setUp = async (action: 'off' | 'tell' | 'block') => {
  const house = memoryAdministration()
  const pool = await house.makePool({ compromisedCredentials: { signUp: action, passwordChange: action } })
  house.breaches.leak(LEAKED)
  const reported = () =>
    house.book.events
      .filter(({ type }) => type === 'credentials.compromised')
      .map(({ sub, outcome, detail }) => ({ sub, outcome, ...detail }))
  return { ...house, pool, reported }
}

const ANN = { attributes: { email: 'ann@example.com', email_verified: true } }

describe('an administrator who gives somebody a password that others know', () => {
  it('is refused, at the making of the account and after', async () => {
    const { admin, pool, reported } = await setUp('block')
    const created = await admin.users.create({ pool, ...ANN, password: { value: LEAKED, isTemporary: true } })
    assert.equal(created.ok || created.failure.code, 'new-password-breached')
    const { sub } = expectOk(await admin.users.create({ pool, ...ANN }))
    for (const isTemporary of [true, false]) {
      const set = await admin.users.setPassword({ pool, sub, password: LEAKED, isTemporary })
      assert.equal(set.ok || set.failure.code, 'new-password-breached')
    }
    assert.deepEqual(reported(), [])
  })

  it('may do so where the pool only tells, and the event says who did', async () => {
    const { admin, pool, reported } = await setUp('tell')
    const { sub } = expectOk(
      await admin.users.create({ pool, ...ANN, password: { value: LEAKED, isTemporary: false } }),
    )
    expectOk(await admin.users.setPassword({ pool, sub, password: LEAKED, isTemporary: false }))
    const told = { sub, outcome: 'success', source: 'file', action: 'tell', by: 'test' }
    assert.deepEqual(reported(), [
      { ...told, occasion: 'signUp' },
      { ...told, occasion: 'passwordChange' },
    ])
  })

  it('is not asked where the pool does not want to know', async () => {
    const { admin, pool, breaches, reported } = await setUp('off')
    expectOk(await admin.users.create({ pool, ...ANN, password: { value: LEAKED, isTemporary: false } }))
    assert.deepEqual([breaches.asked, reported()], [[], []])
  })
})
