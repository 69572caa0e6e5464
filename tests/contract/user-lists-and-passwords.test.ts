import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Result } from '#core/shared/result.ts'
import { alongside, aNewUser, aPassword, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)

inEveryStore('lists and passwords of users', (stores) => {
  const created = (poolId: string) => alongside(poolId, 'user.created')

  const add = async (
    poolId: string,
    ...[names, overrides]: [names: string[], overrides?: Parameters<typeof aNewUser>[2]]
  ) => {
    const newUser = aNewUser(poolId, names, overrides)
    const result = await stores().users.create(newUser, created(poolId))
    assert.equal(codeOf(result), 'ok')
    return newUser.user
  }

  it('keeps as many former passwords as asked, newest first, and none that were temporary', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub } = await add(poolId, ['ann'], { password: aPassword('temporary', { isTemporary: true }) })
    for (const [n, hash] of ['one', 'two', 'three', 'four'].entries()) {
      const result = await users.setPassword(
        poolId,
        sub,
        { password: aPassword(hash), status: 'CONFIRMED', historySize: 2, at: secondsLater(n) },
        alongside(poolId, 'password.changed'),
      )
      assert.equal(codeOf(result), 'ok')
    }
    assert.deepEqual(await users.formerPasswords(poolId, sub, 10), ['three', 'two'])
    assert.deepEqual(await users.formerPasswords(poolId, sub, 1), ['three'])
    assert.equal((await users.findBySub(poolId, sub))?.password?.hash, 'four')
    await users.setPassword(
      poolId,
      sub,
      { password: aPassword('five'), historySize: 0, at: secondsLater(9) },
      alongside(poolId, 'password.changed'),
    )
    assert.deepEqual(await users.formerPasswords(poolId, sub, 10), [])
  })

  it('replaces a hash by a newer one only while it is still the same password', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub } = await add(poolId, ['ann'], { password: aPassword('old') })
    await users.rehash(poolId, sub, 'something else', 'lost')
    assert.equal((await users.findBySub(poolId, sub))?.password?.hash, 'old')
    await users.rehash(poolId, sub, 'old', 'new')
    assert.equal((await users.findBySub(poolId, sub))?.password?.hash, 'new')
    assert.deepEqual(await users.formerPasswords(poolId, sub, 5), [])
  })

  it('lists page by page, by key: someone who comes or goes meanwhile shifts nothing', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    // Three were created in the same millisecond: the sub breaks the tie.
    const people = []
    for (let n = 0; n < 7; n++)
      people.push(await add(poolId, [`user${n}`], { createdAt: secondsLater(Math.max(0, n - 2)) }))
    const order = people
      .toSorted((a, b) => +a.createdAt - +b.createdAt || (a.sub < b.sub ? -1 : 1))
      .map(({ sub }) => sub)

    const first = await users.list(poolId, {}, null, 3)
    assert.deepEqual(
      first.users.map(({ sub }) => sub),
      order.slice(0, 3),
    )
    await users.delete(poolId, order[1] ?? '', alongside(poolId, 'user.deleted'))
    await add(poolId, ['latecomer'], { createdAt: secondsLater(60) })
    const second = await users.list(poolId, {}, first.next, 3)
    assert.deepEqual(
      second.users.map(({ sub }) => sub),
      order.slice(3, 6),
    )
    const third = await users.list(poolId, {}, second.next, 3)
    assert.deepEqual([third.users.length, third.users[0]?.sub, third.next], [2, order[6], null])
    assert.deepEqual(await users.list(poolId, {}, third.users.at(-1) ?? null, 3), { users: [], next: null })
  })

  it('lists those who match: by beginning of a name, status, being enabled, group', async () => {
    const { users, groups } = stores()
    const poolId = aPoolId()
    const ann = await add(poolId, ['ann', 'ann@example.com'], { createdAt: secondsLater(1) })
    const bo = await add(poolId, ['bo'], { status: 'UNCONFIRMED', createdAt: secondsLater(2) })
    const cy = await add(poolId, ['an_ton'], { enabled: false, createdAt: secondsLater(3) })
    await groups.create(
      { poolId, name: 'staff', description: null, roleArn: null, precedence: null, createdAt: NOON },
      alongside(poolId, 'group.changed'),
    )
    await groups.addMember(poolId, 'staff', bo.sub, NOON, alongside(poolId, 'group.changed'))
    const subs = async (filter: Parameters<typeof users.list>[1]) =>
      (await users.list(poolId, filter, null, 10)).users.map(({ sub }) => sub)
    assert.deepEqual(await subs({ nameStartsWith: 'an' }), [ann.sub, cy.sub])
    assert.deepEqual(await subs({ nameStartsWith: 'an_' }), [cy.sub])
    assert.deepEqual(await subs({ nameStartsWith: '%' }), [])
    assert.deepEqual(await subs({ status: 'UNCONFIRMED' }), [bo.sub])
    assert.deepEqual(await subs({ enabled: false }), [cy.sub])
    assert.deepEqual(await subs({ enabled: true, status: 'CONFIRMED' }), [ann.sub])
    assert.deepEqual(await subs({ group: 'staff' }), [bo.sub])
    assert.deepEqual(await subs({ group: 'nobody' }), [])
  })
})
