import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aPoolId } from '#tests/support/builders.ts'
import { codeOf, expectOk, memoryAdministration } from '#tests/support/memory/administration.ts'

const problemsOf = (result: { ok: boolean; failure?: { problems?: readonly { path: string; message: string }[] } }) =>
  (result.failure?.problems ?? []).map(({ path, message }) => `${path}: ${message}`)

describe('making a pool', () => {
  it('refuses a name or settings that are wrong, all of it at once, and makes no keys', async () => {
    const { admin, keysMade, book } = memoryAdministration()
    assert.deepEqual(problemsOf(await admin.pools.create({ name: 'a/b', settings: {} })), [
      'name: letters, digits, blanks and + = , . @ _ -',
    ])
    assert.deepEqual(
      problemsOf(await admin.pools.create({ name: 'Shop', settings: { mfa: 'on', selfSignup: true } })),
      ['mfa: must be one of off, optional, required', 'selfSignup: unknown setting; did you mean selfSignUp?'],
    )
    assert.deepEqual(problemsOf(await admin.pools.create({ name: 'Shop', settings: {}, id: 'shop' })), [
      'id: must look like eu-local-1_AbCdEfGhI',
    ])
    assert.deepEqual([keysMade, book.events], [[], []])
  })
  it('refuses a name or an id in use', async () => {
    const { admin } = memoryAdministration()
    const id = aPoolId()
    expectOk(await admin.pools.create({ name: 'Shop', settings: {}, id }))
    assert.equal(codeOf(await admin.pools.create({ name: 'Shop', settings: {} })), 'already-exists name')
    assert.equal(codeOf(await admin.pools.create({ name: 'Other', settings: {}, id })), 'already-exists name')
  })
  it('gives it an id AWS clients can parse, and keys before anyone sees it', async () => {
    const { admin, keysMade, book } = memoryAdministration()
    const pool = expectOk(await admin.pools.create({ name: 'Shop', settings: {} }))
    assert.match(pool.id, /^eu-test-1_[A-Za-z0-9]{9}$/)
    assert.deepEqual(keysMade, [pool.id])
    assert.deepEqual(
      book.events.map(({ type, detail }) => [type, detail.act, detail.by]),
      [['pool.changed', 'create', 'test']],
    )
  })
})

describe('changing a pool', () => {
  it('refuses a pool that is not there, a name in use, and wrong settings', async () => {
    const { admin, makePool } = memoryAdministration()
    const [one] = [await makePool({}, 'One'), await makePool({}, 'Two')]
    assert.equal(codeOf(await admin.pools.change({ poolId: aPoolId(), name: 'x' })), 'pool-unknown')
    assert.equal(codeOf(await admin.pools.change({ poolId: one.id, name: 'Two' })), 'already-exists')
    assert.equal(codeOf(await admin.pools.change({ poolId: one.id, settings: { mfa: 'on' } })), 'settings-refused mfa')
  })
  it('settles sign-in names once somebody has one', async () => {
    const { admin, makePool } = memoryAdministration()
    const pool = await makePool()
    const settings = { caseSensitiveNames: true }
    assert.equal(codeOf(await admin.pools.change({ poolId: pool.id, settings })), 'ok')
    assert.equal(codeOf(await admin.pools.change({ poolId: pool.id, settings: {} })), 'ok')
    expectOk(await admin.users.create({ pool, attributes: { email: 'ann@example.com' } }))
    assert.equal(codeOf(await admin.pools.change({ poolId: pool.id, settings })), 'state-refused signInNames')
    assert.equal(
      codeOf(await admin.pools.change({ poolId: pool.id, settings: { signInNames: ['email', 'username'] } })),
      'state-refused signInNames',
    )
    assert.equal(
      codeOf(
        await admin.pools.change({ poolId: pool.id, settings: { session: { maxMinutes: 5 }, signInNames: ['email'] } }),
      ),
      'ok',
    )
  })
  it('makes keys for another algorithm before it is in force', async () => {
    const { admin, makePool, keysMade } = memoryAdministration()
    const pool = await makePool()
    expectOk(await admin.pools.change({ poolId: pool.id, settings: { owner: 'Ann' } }))
    assert.equal(keysMade.length, 1)
    assert.equal(expectOk(await admin.pools.change({ poolId: pool.id, settings: { algorithm: 'ES256' } })).version, 3)
    assert.equal(keysMade.length, 2)
  })
})

describe('finding a pool', () => {
  it('takes the id or the name', async () => {
    const { admin, makePool } = memoryAdministration()
    const pool = await makePool({}, 'Shop')
    for (const ref of [pool.id, 'Shop']) assert.equal(expectOk(await admin.pools.find(ref)).id, pool.id)
    for (const ref of ['', 'shop', aPoolId()]) assert.equal(codeOf(await admin.pools.find(ref)), 'pool-unknown')
  })
})

describe('resource servers', () => {
  it('refuse identifiers and scopes that OAuth could not carry', async () => {
    const { admin, makePool } = memoryAdministration()
    const { id: poolId } = await makePool()
    const scope = (name: string) => ({ name, description: 'x' })
    const refused = await admin.resourceServers.put({
      poolId,
      settings: { identifier: 'my api', name: '', scopes: [scope('a/b'), scope('ok')] },
    })
    assert.deepEqual(
      (refused.ok ? [] : (refused.failure.problems ?? [])).map(({ path }) => path),
      ['identifier', 'name', 'scopes.0.name'],
    )
    const twice = await admin.resourceServers.put({
      poolId,
      settings: { identifier: 'api', name: 'API', scopes: [scope('read'), scope('read')] },
    })
    assert.deepEqual(problemsOf(twice), ['scopes.1.name: is there twice'])
    assert.equal(
      codeOf(await admin.resourceServers.put({ poolId: aPoolId(), settings: { identifier: 'api', name: 'API' } })),
      'pool-unknown',
    )
    assert.equal(codeOf(await admin.resourceServers.delete({ poolId, identifier: 'api' })), 'resource-server-unknown')
  })
})
