import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { codeOf, expectOk, poolWithAnn } from '#tests/support/memory/administration.ts'

describe('groups of a pool', () => {
  it('refuse names and settings that tokens or AWS could not carry', async () => {
    const { admin, pool } = await poolWithAnn()
    const create = async (name: string, settings: object = {}) =>
      codeOf(await admin.groups.create({ poolId: pool.id, name, settings }))
    assert.equal(await create('two words'), 'settings-refused name')
    assert.equal(await create(''), 'settings-refused name')
    assert.equal(await create('x'.repeat(129)), 'settings-refused name')
    assert.equal(await create('staff', { precedence: -1 }), 'settings-refused precedence')
    assert.equal(await create('staff', { roleArn: 'admin' }), 'settings-refused roleArn')
    assert.equal(await create('staff', { role: 'x' }), 'settings-refused role')
    assert.equal(await create('staff', { roleArn: 'arn:aws:iam::123456789012:role/staff', precedence: 0 }), 'ok')
    assert.equal(await create('staff'), 'already-exists')
  })
  it('refuse people and groups that are not there', async () => {
    const { admin, pool, ann } = await poolWithAnn()
    const { sub } = await ann()
    const poolId = pool.id
    assert.equal(codeOf(await admin.groups.find(poolId, 'staff')), 'group-unknown')
    assert.equal(codeOf(await admin.groups.change({ poolId, name: 'staff', settings: {} })), 'group-unknown')
    assert.equal(codeOf(await admin.groups.addMember({ poolId, name: 'staff', sub })), 'group-unknown')
    assert.equal(codeOf(await admin.groups.removeMember({ poolId, name: 'staff', sub })), 'group-unknown')
    assert.equal(codeOf(await admin.groups.delete({ poolId, name: 'staff' })), 'group-unknown')
  })
  it('take people in and let them go, and every act has its event', async () => {
    const { admin, pool, ann, events } = await poolWithAnn()
    const { sub } = await ann()
    const poolId = pool.id
    expectOk(await admin.groups.create({ poolId, name: 'staff', settings: { precedence: 3 } }))
    expectOk(await admin.groups.addMember({ poolId, name: 'staff', sub }))
    assert.deepEqual(await admin.users.groupsOf(poolId, sub), [{ name: 'staff', roleArn: null, precedence: 3 }])
    expectOk(await admin.groups.change({ poolId, name: 'staff', settings: { description: 'Everyone' } }))
    assert.equal((await admin.users.groupsOf(poolId, sub))[0]?.precedence, null)
    expectOk(await admin.groups.removeMember({ poolId, name: 'staff', sub }))
    expectOk(await admin.groups.delete({ poolId, name: 'staff' }))
    assert.deepEqual(await admin.users.groupsOf(poolId, sub), [])
    assert.deepEqual(events(), ['user.created', ...Array(5).fill('group.changed')])
  })
})
