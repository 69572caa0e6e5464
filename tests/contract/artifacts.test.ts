import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { beforeEach, it } from 'node:test'
import type { UserStatus } from '#core/users/user.ts'
import { alongside, aNewUser, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore, rounds } from '#tests/support/journey-stores.ts'

const anId = (): string => randomBytes(32).toString('base64url')
const noon = NOON.getTime() / 1000
const nothing = { events: [] }

inEveryJourneyStore('OAuth artefacts', (stores) => {
  beforeEach(() => {
    stores().clock.now = NOON
  })

  /** A person, and a refresh token of theirs made so many seconds after noon. */
  const personWithToken = async (poolId: string, { madeAfter = 10, authTime = noon + 10 } = {}) => {
    const { users, artifacts, clock } = stores()
    const person = aNewUser(poolId, [])
    await users.create(person, nothing)
    clock.now = secondsLater(madeAfter)
    const { sub } = person.user
    const id = anId()
    await artifacts(poolId).upsert('RefreshToken', id, { jti: id, accountId: sub, authTime, grantId: 'g' }, 3600)
    return { sub, token: () => artifacts(poolId).find('RefreshToken', id) }
  }

  it('are not found under an unknown id, another kind or another pool', async () => {
    const { artifacts } = stores()
    const poolId = aPoolId()
    const id = anId()
    await artifacts(poolId).upsert('AccessToken', id, { jti: id }, 60)
    assert.equal(await artifacts(poolId).find('AccessToken', anId()), null)
    assert.equal(await artifacts(poolId).find('RefreshToken', id), null)
    assert.equal(await artifacts(aPoolId()).find('AccessToken', id), null)
  })

  it('come back as they were handed over', async () => {
    const { artifacts } = stores()
    const poolId = aPoolId()
    const id = anId()
    const payload = { jti: id, kind: 'Grant', nested: { list: [1, 'two', null] }, text: '‹x› \u0627' }
    await artifacts(poolId).upsert('Grant', id, payload, 60)
    assert.deepEqual(await artifacts(poolId).find('Grant', id), { payload, consumedAt: null })
    await artifacts(poolId).upsert('Grant', id, { jti: id, later: true }, 60)
    assert.deepEqual((await artifacts(poolId).find('Grant', id))?.payload, { jti: id, later: true })
  })

  it('are dead from their last second on, whatever the sweep has done; without a lifetime they stay', async () => {
    const { artifacts, clock } = stores()
    const mine = artifacts(aPoolId())
    await mine.upsert('AccessToken', 'short', { uid: 'u' }, 60)
    await mine.upsert('AccessToken', 'endless', {}, undefined)
    clock.now = secondsLater(59)
    assert.notEqual(await mine.find('AccessToken', 'short'), null)
    clock.now = secondsLater(60)
    assert.equal(await mine.find('AccessToken', 'short'), null)
    assert.equal(await mine.findByUid('AccessToken', 'u'), null)
    clock.now = secondsLater(1e9)
    assert.notEqual(await mine.find('AccessToken', 'endless'), null)
  })

  it('are found by their second names in their own pool and kind alone', async () => {
    const { artifacts } = stores()
    const poolId = aPoolId()
    await artifacts(poolId).upsert('Session', anId(), { uid: 'the-uid' }, 60)
    await artifacts(poolId).upsert('DeviceCode', anId(), { userCode: 'ABCD' }, 60)
    assert.deepEqual((await artifacts(poolId).findByUid('Session', 'the-uid'))?.payload, { uid: 'the-uid' })
    assert.deepEqual((await artifacts(poolId).findByUserCode('DeviceCode', 'ABCD'))?.payload, { userCode: 'ABCD' })
    assert.equal(await artifacts(aPoolId()).findByUid('Session', 'the-uid'), null)
    assert.equal(await artifacts(aPoolId()).findByUserCode('DeviceCode', 'ABCD'), null)
    assert.equal(await artifacts(poolId).findByUid('Interaction', 'the-uid'), null)
  })

  it('are consumed by exactly one of fifty, in each of fifty rounds', async () => {
    const mine = stores().artifacts(aPoolId())
    const results = await rounds(50, 50, () => {
      const id = anId()
      const stored = mine.upsert('AuthorizationCode', id, {}, 60)
      return async () => {
        await stored
        return mine.consume('AuthorizationCode', id, noon)
      }
    })
    assert.ok(results.every((round) => round.filter(Boolean).length === 1))
  })

  it('stay found after use, so that a second use is noticed; storing them again does not revive them', async () => {
    const mine = stores().artifacts(aPoolId())
    await mine.upsert('RefreshToken', 'id', { first: true }, 60)
    assert.equal(await mine.consume('RefreshToken', 'id', noon), true)
    assert.equal((await mine.find('RefreshToken', 'id'))?.consumedAt, noon)
    await mine.upsert('RefreshToken', 'id', { second: true }, 60)
    assert.equal((await mine.find('RefreshToken', 'id'))?.consumedAt, noon)
    assert.equal(await mine.consume('RefreshToken', 'id', noon), false)
    assert.equal(await mine.consume('RefreshToken', 'unknown', noon), false)
  })

  it('end with their grant: one kind of it, or all, and never another pool’s', async () => {
    const { artifacts } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    for (const poolId of [here, there]) {
      await artifacts(poolId).upsert('Grant', 'grant', {}, 60)
      for (const kind of ['AccessToken', 'RefreshToken'])
        await artifacts(poolId).upsert(kind, kind, { grantId: 'grant' }, 60)
      await artifacts(poolId).upsert('AccessToken', 'other', { grantId: 'another' }, 60)
    }
    const left = async (poolId: string) => {
      const ids = [
        ['Grant', 'grant'],
        ['AccessToken', 'AccessToken'],
        ['RefreshToken', 'RefreshToken'],
        ['AccessToken', 'other'],
      ] as const
      const found = await Promise.all(ids.map(([kind, id]) => artifacts(poolId).find(kind, id)))
      return found.map((each) => each !== null)
    }
    await artifacts(here).revokeByGrantId('AccessToken', 'grant')
    assert.deepEqual(await left(here), [true, false, true, true])
    await artifacts(here).revokeGrants(['grant', 'unknown'], alongside(here, 'sign_out'))
    assert.deepEqual(await left(here), [false, false, false, true])
    assert.deepEqual(await stores().eventsOf(here), [{ type: 'sign_out', outcome: 'success', count: 1 }])
    assert.deepEqual(await left(there), [true, true, true, true])
  })

  it('are gone when destroyed, in their own pool alone', async () => {
    const { artifacts } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    for (const poolId of [here, there]) await artifacts(poolId).upsert('Session', 'id', {}, 60)
    await artifacts(here).destroy('Session', 'id')
    await artifacts(here).destroy('Session', 'id')
    assert.equal(await artifacts(here).find('Session', 'id'), null)
    assert.notEqual(await artifacts(there).find('Session', 'id'), null)
  })

  it('are honoured while the person may sign in', async () => {
    const { token } = await personWithToken(aPoolId())
    assert.notEqual(await token(), null)
  })

  it('are not found while the person is disabled, and are again afterwards', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub, token } = await personWithToken(poolId)
    await users.update(poolId, sub, { enabled: false, at: secondsLater(20) }, nothing)
    assert.equal(await token(), null)
    await users.update(poolId, sub, { enabled: true, at: secondsLater(30) }, nothing)
    assert.notEqual(await token(), null)
  })

  it('are not found once the person is being deleted, or is gone', async () => {
    const { users } = stores()
    const poolId = aPoolId()
    const { sub, token } = await personWithToken(poolId)
    const deleting: UserStatus = 'DELETING'
    await users.update(poolId, sub, { status: deleting, at: secondsLater(20) }, nothing)
    assert.equal(await token(), null)
    const other = await personWithToken(poolId)
    await users.delete(poolId, other.sub, nothing)
    assert.equal(await other.token(), null)
  })

  it('are not found once the person signed out everywhere, and new ones are', async () => {
    const { users, artifacts, clock } = stores()
    const poolId = aPoolId()
    const { sub, token } = await personWithToken(poolId)
    await users.update(poolId, sub, { sessionsValidAfter: secondsLater(20), at: secondsLater(20) }, nothing)
    assert.equal(await token(), null)
    clock.now = secondsLater(21)
    await artifacts(poolId).upsert('RefreshToken', 'new', { accountId: sub, authTime: noon + 21 }, 60)
    assert.notEqual(await artifacts(poolId).find('RefreshToken', 'new'), null)
  })

  it('made after a sign-out from a sign-in before it are not honoured either', async () => {
    const { users, artifacts, clock } = stores()
    const poolId = aPoolId()
    const { sub } = await personWithToken(poolId)
    await users.update(poolId, sub, { sessionsValidAfter: secondsLater(20), at: secondsLater(20) }, nothing)
    clock.now = secondsLater(21)
    await artifacts(poolId).upsert('AccessToken', 'late', { accountId: sub, authTime: noon + 10 }, 60)
    assert.equal(await artifacts(poolId).find('AccessToken', 'late'), null)
  })

  it('that are stored again keep the moment of their making: touching a session does not outlive a sign-out', async () => {
    const { users, artifacts, clock } = stores()
    const poolId = aPoolId()
    const { sub } = await personWithToken(poolId)
    const session = { accountId: sub, loginTs: noon + 20 }
    clock.now = secondsLater(20)
    await artifacts(poolId).upsert('Session', 'session', session, 600)
    await users.update(poolId, sub, { sessionsValidAfter: secondsLater(20.5), at: secondsLater(20.5) }, nothing)
    clock.now = secondsLater(30)
    await artifacts(poolId).upsert('Session', 'session', session, 600)
    assert.equal(await artifacts(poolId).find('Session', 'session'), null)
  })

  it('are judged by the person of their own pool', async () => {
    const { users, artifacts } = stores()
    const [here, there] = [aPoolId(), aPoolId()]
    const { sub } = await personWithToken(here)
    await artifacts(there).upsert('RefreshToken', 'id', { accountId: sub, authTime: noon + 10 }, 60)
    assert.equal(await artifacts(there).find('RefreshToken', 'id'), null)
    assert.notEqual(await users.findBySub(here, sub), null)
  })

  it('rest without their ids: neither the row, nor what is in it, can be presented', async () => {
    const { artifacts, atRest } = stores()
    const mine = artifacts(aPoolId())
    const ids = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'Session'].map((kind) => ({ kind, id: anId() }))
    for (const { kind, id } of ids) await mine.upsert(kind, id, { jti: id, grantId: 'g' }, 60)
    const sessionId = anId()
    await mine.upsert('Interaction', anId(), { session: { accountId: 'ann', uid: 'uid', cookie: sessionId } }, 60)
    const rows = await atRest()
    for (const { id } of [...ids, { id: sessionId }]) assert.equal(rows.includes(id), false)
  })
})
