import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { it } from 'node:test'
import { type Group, MAX_GROUPS_PER_USER } from '#core/groups/group.ts'
import type { Result } from '#core/shared/result.ts'
import { alongside, aNewUser, aPoolId, NOON } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)
const changed = (poolId: string) => alongside(poolId, 'group.changed')
const aGroup = (poolId: string, name: string, overrides: Partial<Group> = {}): Group => ({
  poolId,
  name,
  description: null,
  roleArn: null,
  precedence: null,
  createdAt: NOON,
  ...overrides,
})

inEveryStore('groups', (stores) => {
  const person = async (poolId: string, name = 'ann') => {
    const newUser = aNewUser(poolId, [name])
    await stores().users.create(newUser, alongside(poolId, 'user.created'))
    return newUser.user.sub
  }

  it('refuses what concerns an unknown group or an unknown person', async () => {
    const { groups } = stores()
    const poolId = aPoolId()
    const sub = await person(poolId)
    await groups.create(aGroup(poolId, 'staff'), changed(poolId))
    assert.equal(await groups.find(poolId, 'nobody'), null)
    assert.equal(codeOf(await groups.update(poolId, 'nobody', { precedence: 1 }, changed(poolId))), 'group-unknown')
    assert.equal(codeOf(await groups.delete(poolId, 'nobody', changed(poolId))), 'group-unknown')
    assert.equal(codeOf(await groups.addMember(poolId, 'nobody', sub, NOON, changed(poolId))), 'group-unknown')
    assert.equal(codeOf(await groups.addMember(poolId, 'staff', randomUUID(), NOON, changed(poolId))), 'user-missing')
    assert.equal(codeOf(await groups.removeMember(poolId, 'nobody', sub, changed(poolId))), 'group-unknown')
  })

  it('lets exactly one of twenty have a name', async () => {
    const { groups } = stores()
    const poolId = aPoolId()
    const results = await Promise.all(
      Array.from({ length: 20 }, () => groups.create(aGroup(poolId, 'staff'), changed(poolId))),
    )
    assert.deepEqual(results.map(codeOf).toSorted(), [...Array(19).fill('already-exists'), 'ok'])
  })

  it('changes what is given and keeps the rest', async () => {
    const { groups } = stores()
    const poolId = aPoolId()
    const group = aGroup(poolId, 'staff', { description: 'Everyone', precedence: 3 })
    await groups.create(group, changed(poolId))
    await groups.update(
      poolId,
      'staff',
      { precedence: 0, roleArn: 'arn:aws:iam::123456789012:role/staff' },
      changed(poolId),
    )
    assert.deepEqual(await groups.find(poolId, 'staff'), {
      ...group,
      precedence: 0,
      roleArn: 'arn:aws:iam::123456789012:role/staff',
    })
    await groups.update(poolId, 'staff', { description: null }, changed(poolId))
    assert.equal((await groups.find(poolId, 'staff'))?.description, null)
  })

  it('gives a person’s groups with the lowest number first, then by name, and those without a number last', async () => {
    const { groups, users } = stores()
    const poolId = aPoolId()
    const sub = await person(poolId)
    for (const [name, precedence] of [
      ['z', 0],
      ['none', null],
      ['b', 5],
      ['B', 5],
      ['also-none', null],
      ['mid', 2],
    ] as const) {
      await groups.create(aGroup(poolId, name, { precedence }), changed(poolId))
      await groups.addMember(poolId, name, sub, NOON, changed(poolId))
    }
    assert.deepEqual(
      (await users.groupsOf(poolId, sub)).map(({ name }) => name),
      ['z', 'mid', 'B', 'b', 'also-none', 'none'],
    )
  })

  it('adds and removes members once, however often it is asked', async () => {
    const { groups, users } = stores()
    const poolId = aPoolId()
    const sub = await person(poolId)
    await groups.create(aGroup(poolId, 'staff'), changed(poolId))
    const added = await Promise.all(
      Array.from({ length: 5 }, () => groups.addMember(poolId, 'staff', sub, NOON, changed(poolId))),
    )
    assert.deepEqual(added.map(codeOf), Array(5).fill('ok'))
    assert.equal((await users.groupsOf(poolId, sub)).length, 1)
    for (let n = 0; n < 2; n++)
      assert.equal(codeOf(await groups.removeMember(poolId, 'staff', sub, changed(poolId))), 'ok')
    assert.deepEqual(await users.groupsOf(poolId, sub), [])
  })

  it('keeps pools apart: the same group in two pools is two groups', async () => {
    const { groups, users } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    const sub = await person(here)
    for (const poolId of [here, there]) await groups.create(aGroup(poolId, 'staff'), changed(poolId))
    assert.equal(codeOf(await groups.addMember(there, 'staff', sub, NOON, changed(there))), 'user-missing')
    await groups.addMember(here, 'staff', sub, NOON, changed(here))
    await groups.delete(there, 'staff', changed(there))
    assert.deepEqual(
      (await groups.list(here)).map(({ name }) => name),
      ['staff'],
    )
    assert.equal((await users.groupsOf(here, sub)).length, 1)
  })

  it('takes memberships along when it goes: a group made anew under its name is empty', async () => {
    const { groups, users } = stores()
    const poolId = aPoolId()
    const sub = await person(poolId)
    await groups.create(aGroup(poolId, 'staff'), changed(poolId))
    await groups.addMember(poolId, 'staff', sub, NOON, changed(poolId))
    await groups.delete(poolId, 'staff', changed(poolId))
    await groups.create(aGroup(poolId, 'staff'), changed(poolId))
    assert.deepEqual(await users.groupsOf(poolId, sub), [])
    assert.notEqual(await users.findBySub(poolId, sub), null)
  })

  it('puts nobody into more groups than a token should carry, also when asked for several at once', async () => {
    const { groups, users } = stores()
    const poolId = aPoolId()
    const sub = await person(poolId)
    const names = Array.from({ length: MAX_GROUPS_PER_USER + 3 }, (_, n) => `g${n}`)
    for (const name of names) await groups.create(aGroup(poolId, name), changed(poolId))
    for (const name of names.slice(0, MAX_GROUPS_PER_USER - 1))
      await groups.addMember(poolId, name, sub, NOON, changed(poolId))
    const last = await Promise.all(
      names.slice(MAX_GROUPS_PER_USER - 1).map((name) => groups.addMember(poolId, name, sub, NOON, changed(poolId))),
    )
    assert.deepEqual(last.map(codeOf).toSorted(), ['ok', 'state-refused', 'state-refused', 'state-refused'])
    assert.equal((await users.groupsOf(poolId, sub)).length, MAX_GROUPS_PER_USER)
    assert.equal(codeOf(await groups.addMember(poolId, 'g0', sub, NOON, changed(poolId))), 'ok')
  })
})
