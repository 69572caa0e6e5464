import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Device } from '#core/factors/ports.ts'
import { alongside, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore } from '#tests/support/journey-stores.ts'

const nothing = { events: [] }

const aDevice = (poolId: string, overrides: Partial<Device> = {}): Device => ({
  poolId,
  sub: 'ann',
  id: 'device-1',
  tokenHash: 'token-1',
  name: 'Firefox, Linux',
  rememberedUntil: null,
  firstSeenAt: NOON,
  lastSeenAt: NOON,
  lastIp: '198.51.100.7',
  lastPlace: { country: 'NO', city: null },
  ...overrides,
})

inEveryJourneyStore('devices', (stores) => {
  it('are found by the token of their browser, by their person alone', async () => {
    const { devices } = stores()
    const poolId = aPoolId()
    await devices.seen(aDevice(poolId), nothing)
    assert.deepEqual(await devices.find(poolId, 'ann', 'token-1'), aDevice(poolId))
    assert.equal(await devices.find(poolId, 'bo', 'token-1'), null)
    assert.equal(await devices.find(poolId, 'ann', 'token-2'), null)
    assert.equal(await devices.find(aPoolId(), 'ann', 'token-1'), null)
  })

  it('keep when they were first seen and how long they are remembered', async () => {
    const { devices } = stores()
    const poolId = aPoolId()
    await devices.seen(aDevice(poolId, { rememberedUntil: secondsLater(3600) }), nothing)
    const again = aDevice(poolId, {
      id: 'another',
      name: 'Firefox 150, Linux',
      firstSeenAt: secondsLater(60),
      lastSeenAt: secondsLater(60),
      lastIp: null,
      lastPlace: null,
    })
    await devices.seen(again, nothing)
    assert.deepEqual(await devices.list(poolId, 'ann'), [
      { ...again, id: 'device-1', firstSeenAt: NOON, rememberedUntil: secondsLater(3600) },
    ])
  })

  it('are one row, however often they are seen at once', async () => {
    const { devices } = stores()
    const poolId = aPoolId()
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => devices.seen(aDevice(poolId, { id: `device-${n}` }), nothing)),
    )
    assert.equal((await devices.list(poolId, 'ann')).length, 1)
  })

  it('are listed with the last seen first, and forgotten one by one or all but one', async () => {
    const { devices, eventsOf } = stores()
    const poolId = aPoolId()
    for (const n of [1, 2, 3]) {
      await devices.seen(
        aDevice(poolId, { id: `device-${n}`, tokenHash: `token-${n}`, lastSeenAt: secondsLater(n) }),
        nothing,
      )
    }
    await devices.seen(aDevice(poolId, { sub: 'bo' }), nothing)
    assert.deepEqual(
      (await devices.list(poolId, 'ann')).map(({ id }) => id),
      ['device-3', 'device-2', 'device-1'],
    )
    assert.deepEqual(await devices.forget(poolId, 'bo', 'device-2', nothing), {
      ok: false,
      failure: { code: 'device-missing' },
    })
    assert.equal((await devices.forget(poolId, 'ann', 'device-2', alongside(poolId, 'device.forgotten'))).ok, true)
    await devices.forgetOthers(poolId, 'ann', 'device-1', nothing)
    assert.deepEqual(
      (await devices.list(poolId, 'ann')).map(({ id }) => id),
      ['device-1'],
    )
    assert.equal((await devices.list(poolId, 'bo')).length, 1)
    assert.deepEqual(
      (await eventsOf(poolId)).map(({ type }) => type),
      ['device.forgotten'],
    )
  })
})
