import assert from 'node:assert/strict'
import { it } from 'node:test'
import { alongside, aNewUser, anIdentity, aPool, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

inEveryStore('sessions at providers', (stores) => {
  const poolWith = async (...subs: string[]) => {
    const { pools, users } = stores()
    const pool = aPool()
    await pools.create(pool, alongside(pool.id, 'pool.changed'))
    for (const sub of subs) await users.create(aNewUser(pool.id, [`${sub}@example.com`], { sub }), { events: [] })
    return pool.id
  }

  it('are kept until they expire, sealed for their row and their person', async () => {
    const { upstreamSessions, users, meddle } = stores()
    const [here, there] = [await poolWith('ann', 'bo'), await poolWith('ann')]
    const { provider, subject } = anIdentity(here)
    const session = {
      poolId: here,
      provider,
      subject,
      id: 's',
      sub: 'ann',
      session: 'id token',
      expiresAt: secondsLater(60),
    }
    await upstreamSessions.keep(session)
    await upstreamSessions.keep({ ...session, session: 'another', sub: 'bo' })
    assert.deepEqual(await upstreamSessions.find(here, 's', NOON), session)
    assert.equal(await upstreamSessions.find(here, 's', secondsLater(60)), null)
    assert.equal(await upstreamSessions.find(there, 's', NOON), null)
    if (!(await meddle(`UPDATE upstream_session SET sub = 'bo' WHERE pool_id = $1`, [here]))) return
    await assert.rejects(upstreamSessions.find(here, 's', NOON))
    await users.delete(here, 'bo', alongside(here, 'user.deleted'))
    assert.equal(await upstreamSessions.find(here, 's', NOON), null)
  })

  it('are found by what the provider calls their person, letter by letter, and nobody else’s', async () => {
    const { upstreamSessions } = stores()
    const [here, there] = [await poolWith('ann', 'bo', 'cy'), await poolWith('dee')]
    const keep = (id: string, sub: string, nameId?: string, more: { provider?: string; poolId?: string } = {}) =>
      upstreamSessions.keep(
        { ...anIdentity(here, { subject: sub }), id, sub, session: 's', expiresAt: secondsLater(60), ...more },
        nameId,
      )
    const called = (name: string, provider = 'Corp', poolId = here, now = NOON) =>
      upstreamSessions.peopleNamed(poolId, provider, name, now)
    await keep('1', 'ann', '_a1')
    await keep('2', 'ann', '_a1')
    await keep('3', 'bo', '_B1')
    await keep('4', 'cy')
    await keep('5', 'cy', '_a1', { provider: 'Other' })
    await keep('6', 'dee', '_a1', { poolId: there })
    assert.deepEqual(await called('_a1'), ['ann'])
    assert.deepEqual(await called('_B1'), ['bo'])
    assert.deepEqual(await called('_a1', 'Other'), ['cy'])
    assert.deepEqual(await called('_a1', 'Corp', there), ['dee'])
    for (const name of ['_b1', '_A1', 'cy', 'ann', '', 'a\0b', '\uD800']) assert.deepEqual(await called(name), [])
    assert.deepEqual(await called('_a1', 'Nobody'), [])
    assert.deepEqual(await called('_a1', 'Corp', here, secondsLater(60)), [])
    await keep('7', 'bo', '_a1')
    assert.deepEqual((await called('_a1')).toSorted(), ['ann', 'bo'])
  })
})
