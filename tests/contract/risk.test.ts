import assert from 'node:assert/strict'
import { it } from 'node:test'
import { emptyProfile, readProfile } from '#core/risk/index.ts'
import { alongside, anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore } from '#tests/support/journey-stores.ts'

const NETWORK = '198.51.100.0/24'

inEveryJourneyStore('profiles of sign-ins', (stores) => {
  it('are none before the first, and then come back with their version', async () => {
    const { profiles } = stores()
    const poolId = aPoolId()
    assert.equal(await profiles.find(poolId, 'ann'), null)
    assert.equal(await profiles.save(poolId, 'ann', { ...emptyProfile(), signIns: 1 }, 0, NOON), true)
    const found = await profiles.find(poolId, 'ann')
    assert.deepEqual([readProfile(found?.profile).signIns, found?.version], [1, 1])
    assert.equal(await profiles.find(aPoolId(), 'ann'), null)
  })

  it('are written by one of many at once, and by none that read an older version', async () => {
    const { profiles, eventsOf } = stores()
    const poolId = aPoolId()
    for (const version of [0, 1]) {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          profiles.save(
            poolId,
            'ann',
            { ...emptyProfile(), signIns: n },
            version,
            NOON,
            alongside(poolId, 'device.remembered'),
          ),
        ),
      )
      assert.equal(results.filter(Boolean).length, 1)
    }
    assert.equal((await profiles.find(poolId, 'ann'))?.version, 2)
    assert.equal((await eventsOf(poolId)).length, 2)
  })
})

inEveryJourneyStore('wrong passwords counted for the judgement of risk', (stores) => {
  it('are counted by account, and accounts by network, each account once', async () => {
    const { riskCounters } = stores()
    const poolId = aPoolId()
    const read = () => riskCounters.read(poolId, 'ann', NETWORK, NOON)
    assert.deepEqual(await read(), { accountFailures: 0, networkAccounts: 0 })
    for (let n = 0; n < 3; n++) await riskCounters.noteFailure(poolId, 'ann', NETWORK, NOON)
    await riskCounters.noteFailure(poolId, 'bo', NETWORK, NOON)
    await riskCounters.noteFailure(poolId, 'cy', '203.0.113.0/24', NOON)
    assert.deepEqual(await read(), { accountFailures: 3, networkAccounts: 2 })
    assert.deepEqual(await riskCounters.read(aPoolId(), 'ann', NETWORK, NOON), {
      accountFailures: 0,
      networkAccounts: 0,
    })
  })

  it('are all counted when they come at once', async () => {
    const { riskCounters } = stores()
    const poolId = aPoolId()
    const accounts = Array.from({ length: 60 }, (_, n) => `person-${n % 20}`)
    await Promise.all(accounts.map((account) => riskCounters.noteFailure(poolId, account, NETWORK, NOON)))
    assert.deepEqual(await riskCounters.read(poolId, 'person-3', NETWORK, NOON), {
      accountFailures: 3,
      networkAccounts: 20,
    })
  })

  it('are forgotten an hour after the first', async () => {
    const { riskCounters } = stores()
    const poolId = aPoolId()
    await riskCounters.noteFailure(poolId, 'ann', NETWORK, NOON)
    assert.deepEqual(await riskCounters.read(poolId, 'ann', NETWORK, secondsLater(3601)), {
      accountFailures: 0,
      networkAccounts: 0,
    })
    await riskCounters.noteFailure(poolId, 'ann', NETWORK, secondsLater(3601))
    assert.deepEqual(await riskCounters.read(poolId, 'ann', NETWORK, secondsLater(3602)), {
      accountFailures: 1,
      networkAccounts: 1,
    })
  })
})

inEveryJourneyStore('what is said of a sign-in', (stores) => {
  const said = { value: 'invalid', by: 'person', at: NOON } as const
  const heard = (poolId: string) => alongside(poolId, 'sign_in.judged')

  it('is noted once, by its own person, and gives back what the profile learns from', async () => {
    const { feedback, events, eventsOf } = stores()
    const poolId = aPoolId()
    const event = anEvent(poolId, 'sign_in', {
      sub: 'ann',
      ip: '198.51.100.7',
      userAgent: 'a browser',
      place: { country: 'NO', city: null },
    })
    await events.write({ events: [event] })
    assert.equal(await feedback.give(poolId, 'bo', event.id, said, heard(poolId)), null)
    assert.equal(await feedback.give(aPoolId(), 'ann', event.id, said, heard(poolId)), null)
    const judged = { at: NOON, ip: '198.51.100.7', userAgent: 'a browser', country: 'NO' }
    assert.deepEqual(await feedback.give(poolId, 'ann', event.id, said, heard(poolId)), judged)
    assert.equal(await feedback.give(poolId, 'ann', event.id, { ...said, value: 'valid' }, heard(poolId)), null)
    // What was not noted left no event either.
    assert.deepEqual((await eventsOf(poolId)).map(({ type }) => type).toSorted(), ['sign_in', 'sign_in.judged'])
  })

  it('concerns sign-ins alone', async () => {
    const { feedback, events } = stores()
    const poolId = aPoolId()
    const event = anEvent(poolId, 'password.changed', { sub: 'ann' })
    await events.write({ events: [event] })
    assert.equal(await feedback.give(poolId, 'ann', event.id, said, heard(poolId)), null)
  })
})
