import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import type { Result } from '#core/shared/result.ts'
import { alongside, aNewUser, aPassword, aPoolId, aUser, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)

inEveryStore('users', (stores) => {
  const created = (poolId: string) => alongside(poolId, 'user.created')
  const updated = (poolId: string) => alongside(poolId, 'user.updated')

  const add = async (
    poolId: string,
    ...[names, overrides]: [names: string[], overrides?: Parameters<typeof aNewUser>[2]]
  ) => {
    const newUser = aNewUser(poolId, names, overrides)
    const result = await stores().users.create(newUser, created(poolId))
    assert.equal(codeOf(result), 'ok')
    return newUser.user
  }

  it('finds nobody under an unknown name or sub, whatever is in it', async () => {
    const { users } = stores()
    for (const name of ['', 'ann', "'; DROP TABLE user_account; --", 'a\0b', '%', 'x'.repeat(5000)]) {
      assert.equal(await users.findByName(aPoolId(), name), null)
      assert.equal(await users.findBySub(aPoolId(), name), null)
    }
  })

  it('finds a user by each of their names and by sub, with the password', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const password = aPassword('hash', { isTemporary: true, expiresAt: secondsLater(60) })
    const attributes = { email: 'Ann@example.com', email_verified: true, 'custom:team': '"quoted" \\ 😀' }
    const user = await add(poolId, ['ann', 'ann@example.com'], { attributes, password, username: 'Ann' })
    for (const found of [
      await users.findByName(poolId, 'ann'),
      await users.findByName(poolId, 'ann@example.com'),
      await users.findBySub(poolId, user.sub),
    ]) {
      assert.deepEqual(found, { user, password })
    }
  })

  it('finds a user who has no password', async () => {
    const poolId = aPoolId()
    const user = await add(poolId, ['ann'])
    assert.deepEqual(await stores().users.findByName(poolId, 'ann'), { user, password: null })
  })

  it('refuses a name that someone else holds, whatever its kind, and leaves no trace of the attempt', async () => {
    const { users, written } = stores()
    const poolId = aPoolId()
    await add(poolId, ['ann'])
    const second = {
      user: aUser(poolId),
      names: [
        { kind: 'email' as const, value: 'new@example.com' },
        { kind: 'preferred_username' as const, value: 'ann' },
      ],
      password: null,
    }
    assert.deepEqual(await users.create(second, alongside(poolId, 'user.created', 'invitation')), {
      ok: false,
      failure: { code: 'name-taken', field: 'preferred_username' },
    })
    assert.equal(await users.findBySub(poolId, second.user.sub), null)
    assert.equal(await users.findByName(poolId, 'new@example.com'), null)
    assert.deepEqual(await written(poolId), { events: ['user.created'], messages: [] })
  })

  it('lets exactly one of fifty have a name, fifty times', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    for (let round = 0; round < 50; round++) {
      const name = `round-${round}@example.com`
      const results = await Promise.all(
        // Each also holds a name of its own, on either side of the contested one, so that locks are taken in every order.
        Array.from({ length: 50 }, (_, n) =>
          users.create(aNewUser(poolId, [name, `${n % 2 ? 'a' : 'z'}${n}-${round}`]), created(poolId)),
        ),
      )
      const won = results.flatMap((result) => (result.ok ? [result.value.sub] : []))
      assert.equal(won.length, 1)
      assert.ok(results.every((result) => result.ok || result.failure.code === 'name-taken'))
      assert.equal((await users.findByName(poolId, name))?.user.sub, won[0])
    }
    assert.equal((await users.list(poolId, {}, null, 60)).users.length, 50)
  })

  it('answers two people who want each other’s names, twenty times', async () => {
    const { users } = stores()
    const names = (...values: string[]) => values.map((value) => ({ kind: 'username' as const, value }))
    for (let round = 0; round < 20; round++) {
      const poolId = aPoolId()
      const [ann, bo] = [await add(poolId, ['ann', 'x']), await add(poolId, ['bo', 'y'])]
      const results = await Promise.all([
        users.update(poolId, ann.sub, { names: names('ann', 'y'), at: NOON }, updated(poolId)),
        users.update(poolId, bo.sub, { names: names('bo', 'x'), at: NOON }, updated(poolId)),
      ])
      assert.ok(results.every((result) => ['ok', 'name-taken'].includes(codeOf(result))))
    }
  })

  it('keeps pools apart: the same sub and the same name in two pools are two people', async () => {
    const { users, groups } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    const sub = randomUUID()
    await add(here, ['ann'], { sub, username: 'here', password: aPassword('here') })
    await add(there, ['ann'], { sub, username: 'there', password: aPassword('there') })
    for (const poolId of [here, there]) {
      await groups.create(
        { poolId, name: 'staff', description: null, roleArn: null, precedence: null, createdAt: NOON },
        alongside(poolId, 'group.changed'),
      )
    }
    await groups.addMember(here, 'staff', sub, NOON, alongside(here, 'group.changed'))
    await users.update(here, sub, { attributes: { name: 'Ann' }, enabled: false, at: NOON }, updated(here))
    await users.setPassword(
      here,
      sub,
      { password: aPassword('changed'), historySize: 3, at: NOON },
      alongside(here, 'password.changed'),
    )
    await users.rehash(here, sub, 'there', 'stolen')

    const untouched = await users.findByName(there, 'ann')
    assert.deepEqual(
      [untouched?.user.username, untouched?.user.enabled, untouched?.user.attributes],
      ['there', true, {}],
    )
    assert.equal(untouched?.password?.hash, 'there')
    assert.deepEqual(await users.groupsOf(there, sub), [])
    assert.deepEqual(await users.formerPasswords(there, sub, 5), [])

    assert.equal(codeOf(await users.delete(here, sub, alongside(here, 'user.deleted'))), 'ok')
    assert.equal((await users.findBySub(there, sub))?.user.username, 'there')
    assert.deepEqual((await users.list(here, {}, null, 10)).users, [])
  })

  it('merges attributes that change at the same time, and removes what is null', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub } = await add(poolId, ['ann'], { attributes: { nickname: 'A', email_verified: false } })
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        users.update(
          poolId,
          sub,
          { attributes: { [`custom:n${n}`]: String(n) }, at: secondsLater(n) },
          updated(poolId),
        ),
      ),
    )
    const result = await users.update(
      poolId,
      sub,
      { attributes: { nickname: null, email_verified: true }, at: secondsLater(5) },
      updated(poolId),
    )
    const expected = {
      email_verified: true,
      ...Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`custom:n${n}`, String(n)])),
    }
    assert.deepEqual(result.ok && result.value.attributes, expected)
    assert.deepEqual((await users.findBySub(poolId, sub))?.user.updatedAt, secondsLater(9))
  })

  it('never moves the moment from which sessions count backwards', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub } = await add(poolId, ['ann'])
    await users.update(
      poolId,
      sub,
      { sessionsValidAfter: secondsLater(100), lastSignInAt: secondsLater(100), at: NOON },
      updated(poolId),
    )
    await users.setPassword(
      poolId,
      sub,
      { password: aPassword('x'), historySize: 0, sessionsValidAfter: secondsLater(50), at: NOON },
      updated(poolId),
    )
    await users.update(poolId, sub, { lastSignInAt: secondsLater(50), at: NOON }, updated(poolId))
    const found = await users.findBySub(poolId, sub)
    assert.deepEqual([found?.user.sessionsValidAfter, found?.user.lastSignInAt], [secondsLater(100), secondsLater(100)])
  })

  it('replaces names: the old one is free for others, a taken one changes nothing', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub } = await add(poolId, ['ann@example.com', 'ann'])
    await add(poolId, ['bo@example.com'])
    const email = (value: string) => [
      { kind: 'username' as const, value: 'ann' },
      { kind: 'email' as const, value },
    ]
    assert.equal(
      codeOf(
        await users.update(
          poolId,
          sub,
          { attributes: { name: 'A' }, names: email('bo@example.com'), at: NOON },
          updated(poolId),
        ),
      ),
      'name-taken',
    )
    assert.deepEqual((await users.findByName(poolId, 'ann@example.com'))?.user.attributes, {})
    assert.equal(
      codeOf(await users.update(poolId, sub, { names: email('new@example.com'), at: NOON }, updated(poolId))),
      'ok',
    )
    assert.equal(await users.findByName(poolId, 'ann@example.com'), null)
    assert.equal((await users.findByName(poolId, 'new@example.com'))?.user.sub, sub)
    assert.equal((await users.findByName(poolId, 'ann'))?.user.sub, sub)
    await add(poolId, ['ann@example.com'])
  })

  it('deletes a person for good: name, password and groups are gone, the name is free', async () => {
    const { users, groups } = stores()
    const poolId = aPoolId()
    const { sub } = await add(poolId, ['ann'], { password: aPassword('one') })
    await users.setPassword(
      poolId,
      sub,
      { password: aPassword('two'), historySize: 3, at: NOON },
      alongside(poolId, 'password.changed'),
    )
    await groups.create(
      { poolId, name: 'staff', description: null, roleArn: null, precedence: null, createdAt: NOON },
      alongside(poolId, 'group.changed'),
    )
    await groups.addMember(poolId, 'staff', sub, NOON, alongside(poolId, 'group.changed'))

    assert.equal(codeOf(await users.delete(poolId, sub, alongside(poolId, 'user.deleted'))), 'ok')
    assert.equal(await users.findBySub(poolId, sub), null)
    assert.equal(await users.findByName(poolId, 'ann'), null)
    assert.deepEqual(await users.formerPasswords(poolId, sub, 5), [])
    assert.deepEqual(await users.groupsOf(poolId, sub), [])
    assert.equal(codeOf(await users.delete(poolId, sub, alongside(poolId, 'user.deleted'))), 'user-missing')
    assert.notEqual((await add(poolId, ['ann'])).sub, sub)
  })

  it('refuses to change someone who is not there, and writes nothing about it', async () => {
    const { users, written } = stores()
    const poolId = aPoolId()
    const sub = randomUUID()
    assert.equal(codeOf(await users.update(poolId, sub, { enabled: false, at: NOON }, updated(poolId))), 'user-missing')
    assert.equal(
      codeOf(
        await users.setPassword(poolId, sub, { password: aPassword('x'), historySize: 1, at: NOON }, updated(poolId)),
      ),
      'user-missing',
    )
    assert.deepEqual(await written(poolId), { events: [], messages: [] })
    assert.deepEqual(await users.formerPasswords(poolId, sub, 1), [])
  })

  it('writes event and message with the act', async () => {
    const { users, written } = stores()
    const poolId = aPoolId()
    const newUser = aNewUser(poolId, ['ann'])
    await users.create(newUser, alongside(poolId, 'user.created', 'invitation'))
    await users.setPassword(
      poolId,
      newUser.user.sub,
      { password: aPassword('x'), historySize: 0, at: NOON },
      alongside(poolId, 'password.changed', 'password-changed'),
    )
    const { events, messages } = await written(poolId)
    assert.deepEqual(events.toSorted(), ['password.changed', 'user.created'])
    assert.deepEqual(messages.toSorted(), ['invitation', 'password-changed'])
  })
})
