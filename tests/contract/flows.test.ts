import assert from 'node:assert/strict'
import { it } from 'node:test'
import { aFlow, alongside, anEvent, aPoolId } from '#tests/support/builders.ts'
import { inEveryJourneyStore, rounds } from '#tests/support/journey-stores.ts'

const nothing = { events: [] }

inEveryJourneyStore('journeys', (stores) => {
  it('finds none under an unknown id', async () => {
    assert.equal(await stores().flows.find(aPoolId(), 'nobody'), null)
  })

  it('keeps everything a journey holds', async () => {
    const flow = aFlow(aPoolId(), {
      step: 'reset-code',
      state: {
        values: { username: 'Ann ‹ann@example.com› \u0627' },
        failure: { message: 'code.wrong', params: { n: 1 }, field: 'code' },
        recovery: {
          sub: 'a',
          name: 'ann',
          destination: { channel: 'email', masked: 'a•••@example.com' },
          sentTo: { channel: 'email', address: 'ann@example.com' },
          isProven: false,
        },
        sentAt: [1, 2],
      },
    })
    assert.equal(await stores().flows.open(flow, nothing), true)
    assert.deepEqual(await stores().flows.find(flow.poolId, flow.id), flow)
  })

  it('opens a journey that the first version began with all that this one asks it for', async () => {
    // In memory no journey outlives its version.
    if (!stores().isDatabase) return
    const flow = aFlow(aPoolId(), { state: { values: { username: 'ann' } } })
    const { request, eventId, locale, values, failure, notice, proof, signUp, recovery, account, ...since } = flow.state
    const { scopes, redirectUri, prompts, loginHint, screen, ...asked } = request
    const { sentAt, keepSignedIn, consented, refusal } = since
    const state = {
      ...{ request: { scopes, redirectUri, prompts, loginHint, screen }, eventId, locale, values, failure, notice },
      ...{ proof, signUp, recovery, account, sentAt, keepSignedIn, consented, refusal },
    } as typeof flow.state
    await stores().flows.open({ ...flow, state }, nothing)
    const opened = (await stores().flows.find(flow.poolId, flow.id))?.state ?? assert.fail('not there')
    assert.deepEqual(opened, {
      ...flow.state,
      passkeyChallenge: null,
      request: { ...request, ...asked, mustBeFresh: true, isLevelEssential: true },
    })
    assert.deepEqual(opened.values, { username: 'ann' })
  })

  it('leaves a journey alone that has begun already, and writes nothing about the second', async () => {
    const { flows, eventsOf } = stores()
    const flow = aFlow(aPoolId())
    await flows.open(flow, { events: [anEvent(flow.poolId, 'sign_in')] })
    const second = { ...flow, secretHash: 'somebody else’s', step: 'done' as const }
    assert.equal(await flows.open(second, { events: [anEvent(flow.poolId, 'sign_in')] }), false)
    assert.deepEqual(await flows.find(flow.poolId, flow.id), flow)
    assert.equal((await eventsOf(flow.poolId)).length, 1)
  })

  it('returns expired journeys: the page says so', async () => {
    const flow = aFlow(aPoolId(), { expiresAt: 1 })
    await stores().flows.open(flow, nothing)
    assert.equal((await stores().flows.find(flow.poolId, flow.id))?.expiresAt, 1)
  })

  it('bumps the version with every save, and writes event and message with it', async () => {
    const { flows, eventsOf, messagesOf } = stores()
    const flow = aFlow(aPoolId())
    await flows.open(flow, nothing)
    const saved = await flows.save({ ...flow, step: 'password' }, alongside(flow.poolId, 'code.sent', 'sign-up-code'))
    assert.equal(saved, true)
    assert.deepEqual(await flows.find(flow.poolId, flow.id), { ...flow, step: 'password', version: 2 })
    assert.deepEqual(
      (await eventsOf(flow.poolId)).map(({ type }) => type),
      ['code.sent'],
    )
    assert.deepEqual(await messagesOf(flow.poolId), ['sign-up-code'])
  })

  it('refuses a save over a newer version, with what stands alongside', async () => {
    const { flows, eventsOf } = stores()
    const flow = aFlow(aPoolId())
    await flows.open(flow, nothing)
    await flows.save({ ...flow, step: 'password' }, nothing)
    assert.equal(await flows.save({ ...flow, step: 'done' }, { events: [anEvent(flow.poolId, 'sign_in')] }), false)
    assert.equal(await flows.save({ ...flow, step: 'done' }, nothing), false)
    assert.equal((await flows.find(flow.poolId, flow.id))?.step, 'password')
    assert.deepEqual(await eventsOf(flow.poolId), [])
  })

  it('refuses to save what is not there', async () => {
    assert.equal(await stores().flows.save(aFlow(aPoolId()), nothing), false)
  })

  it('never changes who holds a journey, whatever a save brings', async () => {
    const { flows } = stores()
    const flow = aFlow(aPoolId())
    await flows.open(flow, nothing)
    await flows.save({ ...flow, clientId: 'other', secretHash: 'other', createdAt: 0 }, nothing)
    assert.deepEqual(await flows.find(flow.poolId, flow.id), { ...flow, version: 2 })
  })

  it('lets exactly one of fifty save, in each of fifty rounds', async () => {
    const { flows } = stores()
    const poolId = aPoolId()
    const results = await rounds(50, 50, () => {
      const flow = aFlow(poolId)
      const opened = flows.open(flow, nothing)
      return async () => {
        await opened
        return flows.save({ ...flow, step: 'done' }, nothing)
      }
    })
    assert.ok(results.every((round) => round.filter(Boolean).length === 1))
  })

  it('ends a journey for exactly one of fifty, and writes the events of that one alone', async () => {
    const { flows, eventsOf } = stores()
    const flow = aFlow(aPoolId())
    await flows.open(flow, nothing)
    const ended = await Promise.all(
      Array.from({ length: 50 }, () => flows.finish(flow.poolId, flow.id, alongside(flow.poolId, 'sign_in'))),
    )
    assert.deepEqual(await eventsOf(flow.poolId), [{ type: 'sign_in', outcome: 'success', count: 1 }])
    assert.equal(ended.filter(Boolean).length, 1)
    assert.equal(await flows.find(flow.poolId, flow.id), null)
    assert.equal(await flows.save(flow, nothing), false)
  })

  it('keeps pools apart: the same id in two pools is two journeys', async () => {
    const { flows } = stores()
    const here = aFlow(aPoolId())
    const there = { ...aFlow(aPoolId()), id: here.id, step: 'sign-up' as const }
    for (const flow of [here, there]) assert.equal(await flows.open(flow, nothing), true)
    await flows.save({ ...here, step: 'done' }, nothing)
    assert.equal((await flows.find(there.poolId, there.id))?.step, 'sign-up')
    assert.equal(await flows.finish(here.poolId, here.id, nothing), true)
    assert.deepEqual(await flows.find(there.poolId, there.id), there)
    assert.equal(await flows.find(aPoolId(), here.id), null)
  })

  it('rests with nothing of what a person typed in clear', async () => {
    const flow = aFlow(aPoolId(), { state: { values: { username: 'private@example.com' } } })
    await stores().flows.open(flow, nothing)
    await stores().flows.save({ ...flow, state: { ...flow.state, notice: 'private-notice' } }, nothing)
    assert.doesNotMatch(await stores().atRest(), /private/)
  })
})
