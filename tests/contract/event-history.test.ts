import assert from 'node:assert/strict'
import { it } from 'node:test'
import { anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore } from '#tests/support/journey-stores.ts'

inEveryJourneyStore('the history of a person', (stores) => {
  it('holds nothing of nobody, of another person, or of another pool', async () => {
    const { history, events } = stores()
    const poolId = aPoolId()
    const event = anEvent(poolId, 'sign_in', { sub: 'ann' })
    await events.write({ events: [event] })
    for (const [pool, sub] of [
      [poolId, 'bo'],
      [aPoolId(), 'ann'],
    ] as const) {
      assert.deepEqual(await history.list(pool, sub, {}, null, 10), { events: [], next: null })
      assert.equal(await history.find(pool, sub, event.id), null)
    }
    assert.equal(await history.find(poolId, 'ann', 'no id at all'), null)
    assert.deepEqual(await history.find(poolId, 'ann', event.id), event)
  })

  it('gives back everything that was written down', async () => {
    const { history, events, feedback } = stores()
    const poolId = aPoolId()
    const event = anEvent(poolId, 'sign_in', {
      sub: 'ann',
      clientId: 'shop',
      flowId: 'flow',
      requestId: 'request',
      ip: '198.51.100.7',
      userAgent: 'a browser',
      detail: { amr: 'pwd otp' },
      deviceId: 'device',
      place: { country: 'NO', city: 'Oslo' },
      risk: { score: 0.5, level: 'medium', decision: 'mfa-if-configured', effect: 'allow', because: [], parts: [] },
    })
    await events.write({ events: [event] })
    const said = { value: 'valid', by: 'person', at: secondsLater(5) } as const
    await feedback.give(poolId, 'ann', event.id, said, { events: [] })
    assert.deepEqual((await history.list(poolId, 'ann', {}, null, 1)).events, [{ ...event, feedback: said }])
  })

  it('comes the newest first, page by page, whatever happens meanwhile', async () => {
    const { history, events } = stores()
    const poolId = aPoolId()
    // Three in one moment: the id decides among them.
    const written = [0, 10, 10, 10, 20].map((at) =>
      anEvent(poolId, 'sign_in', { sub: 'ann', createdAt: secondsLater(at) }),
    )
    await events.write({ events: written })
    const wanted = written.toSorted((a, b) => +b.createdAt - +a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id)
    const seen: string[] = []
    let after = null
    do {
      const page = await history.list(poolId, 'ann', {}, after, 2)
      seen.push(...page.events.map(({ id }) => id))
      after = page.next
      await events.write({ events: [anEvent(poolId, 'sign_in', { sub: 'ann', createdAt: secondsLater(60) })] })
    } while (after !== null)
    assert.deepEqual(seen, wanted)
  })

  it('can be asked for kinds alone', async () => {
    const { history, events } = stores()
    const poolId = aPoolId()
    for (const type of ['sign_in', 'password.changed', 'sign_up'] as const)
      await events.write({ events: [anEvent(poolId, type, { sub: 'ann', createdAt: NOON })] })
    const { events: found } = await history.list(poolId, 'ann', { types: ['sign_in', 'sign_up'] }, null, 10)
    assert.deepEqual(found.map(({ type }) => type).toSorted(), ['sign_in', 'sign_up'])
  })
})
