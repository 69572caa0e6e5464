import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keepArrival } from '#core/flows/index.ts'
import { fail } from '#core/shared/result.ts'
import { aPool } from '#tests/support/builders.ts'
import {
  aFederatedJourney,
  corporate,
  type FederatedJourney,
  failureOf,
  lastEvent,
  signedIn,
} from '#tests/support/federated-journey.ts'

describe('leaving for a provider', () => {
  it('remembers where to, and takes along a state that names the journey and that nobody can guess', async () => {
    const journey = await aFederatedJourney()
    const left = await journey.leave()
    assert.equal(left.kind, 'away')
    const [request] = journey.upstream.requests
    assert.match(request?.state ?? '', /^[\w-]{20,64}\.[\w-]{43}$/)
    assert.equal(request?.callbackUrl, `https://auth.example.com/${journey.pool.id}/oauth2/idpresponse`)
    const { departure } = (await journey.flow()).state
    assert.ok(!JSON.stringify(departure?.stateHash).includes(request?.state ?? ''))
  })

  it('does not happen for a provider that is unknown, switched off, for connecting alone, or not the app’s', async () => {
    const cases = [
      { leaveFor: 'Nobody' },
      { providers: [corporate({ enabled: false })] },
      { providers: [corporate({ linkOnly: true })] },
      { client: { identityProviders: ['COGNITO', 'Other'] } },
    ]
    for (const { leaveFor, ...options } of cases) {
      const journey = await aFederatedJourney({
        ...options,
        client: { callbackUrls: ['https://app.example.com/callback'], ...options.client },
      })
      assert.deepEqual(await journey.leave(leaveFor), { kind: 'step', step: 'sign-in' })
      assert.equal(await failureOf(journey), 'upstream.notOffered')
      assert.equal(lastEvent(journey, 'federation.departed')?.reason, 'provider-not-offered')
      // The name in the address is anybody's text: neither the page nor the event repeats it.
      assert.deepEqual((await journey.flow()).state.failure?.params, {})
      assert.equal(lastEvent(journey, 'federation.departed')?.detail.provider, null)
      assert.equal(journey.upstream.requests.length, 0)
    }
  })

  it('says so when the provider does not answer, and stays at the sign-in page', async () => {
    const journey = await aFederatedJourney()
    journey.upstream.isDown = true
    assert.deepEqual(await journey.leave(), { kind: 'step', step: 'sign-in' })
    assert.equal(await failureOf(journey), 'upstream.unreachable')
    assert.equal(lastEvent(journey, 'federation.departed')?.detail.because, 'connection refused')
  })

  it('says so when the provider takes too long', async () => {
    const journey = await aFederatedJourney()
    journey.upstream.answers = fail('upstream-slow', { because: 'token endpoint: no answer in time' })
    await journey.comeBy()
    assert.equal(await failureOf(journey), 'upstream.slow')
    assert.equal(lastEvent(journey, 'federation.returned')?.reason, 'upstream-slow')
  })

  it('is limited for one network', async () => {
    const journey = await aFederatedJourney()
    for (let n = 0; n < 300; n++) assert.equal((await journey.leave()).kind, 'away')
    assert.equal((await journey.leave()).kind, 'step')
    assert.equal(journey.upstream.requests.length, 300)
    const { failure } = (await journey.flow()).state
    assert.deepEqual([failure?.message, failure?.params], ['signin.throttled', { minutes: 15 }])
    assert.equal(lastEvent(journey, 'federation.departed')?.reason, 'too-many-attempts')
  })

  it('asks for a fresh authentication where the app does, and hands on a name that was typed', async () => {
    const journey = await aFederatedJourney({ state: { values: { username: 'ann@fjord.example' } } })
    const flow = await journey.flow()
    await journey.ports.flows.save(
      {
        ...flow,
        state: { ...flow.state, request: { ...flow.state.request, mustBeFresh: true, foreignLevel: 'gold' } },
      },
      { events: [] },
    )
    await journey.leave()
    const [request] = journey.upstream.requests
    assert.equal(request?.forceAuthentication, true)
    assert.equal(request?.loginHint, 'ann@fjord.example')
    assert.equal(request?.acr, 'gold')
    assert.equal(request?.asksForAccount, false)
  })

  it('asks for a choice of accounts where the app does, whatever else it asks', async () => {
    const journey = await aFederatedJourney()
    const flow = await journey.flow()
    const request = { ...flow.state.request, prompts: ['login', 'select_account'] }
    await journey.ports.flows.save({ ...flow, state: { ...flow.state, request } }, { events: [] })
    await journey.leave()
    assert.equal(journey.upstream.requests[0]?.asksForAccount, true)
  })
})

describe('what a provider sends back', () => {
  const stale = { ok: false, code: 'upstream-stale' }
  const codeOf = (result: Awaited<ReturnType<FederatedJourney['arrive']>>) =>
    result.ok ? { ok: true } : { ok: false, code: result.failure.code }

  it('is not taken for a state that is unknown, cut, guessed, or of a former departure', async () => {
    const journey = await aFederatedJourney()
    assert.deepEqual(codeOf(await journey.arrive({ state: 'nonsense' })), stale)
    await journey.leave()
    const former = journey.upstream.requests[0]?.state ?? ''
    assert.deepEqual(codeOf(await journey.arrive({ state: former.slice(0, -1) })), stale)
    assert.deepEqual(
      codeOf(await journey.arrive({ state: `${former.slice(0, -1)}${former.endsWith('A') ? 'B' : 'A'}` })),
      stale,
    )
    await journey.leave()
    assert.deepEqual(codeOf(await journey.arrive({ state: former })), stale)
    assert.deepEqual(codeOf(await journey.arrive()), { ok: true })
  })

  it('is not taken twice, nor after the journey has run out (attack 38)', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    await journey.arrive()
    assert.deepEqual(codeOf(await journey.arrive()), stale)
    const late = await aFederatedJourney()
    await late.leave()
    late.wait(3601)
    assert.deepEqual(codeOf(await late.arrive()), stale)
  })

  it('is not taken in another pool, not even where that one has the very same journey (attack 38)', async () => {
    const [here, there] = [await aFederatedJourney(), aPool()]
    await here.leave()
    const callback = {
      method: 'GET',
      url: 'https://auth.example.com/oauth2/idpresponse',
      parameters: { state: here.upstream.requests[0]?.state ?? '', code: 'code' },
      now: here.ports.clock.now().getTime(),
    } as const
    const arriveIn = async (poolId: string) => {
      const kept = await keepArrival(here.ports)(poolId, callback.parameters.state, callback)
      return kept.ok ? 'kept' : kept.failure.because
    }
    assert.equal(await arriveIn(there.id), 'nobody is away')
    await here.ports.flows.open({ ...(await here.flow()), poolId: there.id }, { events: [] })
    assert.equal(await arriveIn(there.id), 'state of another departure')
    assert.equal(await arriveIn(here.pool.id), 'kept')
  })

  it('is refused when it is larger than any provider’s', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    const answer = await journey.arrive({ SAMLResponse: 'x'.repeat(500_000) })
    assert.deepEqual(codeOf(answer), { ok: false, code: 'upstream-invalid' })
  })

  it('signs nobody in by being there: the browser that left has to come for it', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    await journey.arrive()
    assert.equal(await signedIn(journey), undefined)
    assert.equal((await journey.flow()).step, 'sign-in')
  })

  it('is fetched by the browser that brought it alone (attacks 22, 38)', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    await journey.arrive()
    for (const other of ['', 'A'.repeat(43)]) await journey.back(other)
    assert.equal(await signedIn(journey), undefined)
    await journey.back()
    assert.ok(await signedIn(journey))
  })

  it('is used once: of two that come for it one goes in', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    await journey.arrive()
    await Promise.all([journey.back(), journey.back()])
    assert.equal(journey.written.events.filter(({ type }) => type === 'federation.returned').length, 1)
    assert.ok(await signedIn(journey))
  })

  it('says no: the page tells it in the provider’s words, and the event too', async () => {
    const journey = await aFederatedJourney()
    journey.upstream.answers = fail('upstream-refused', { because: 'access_denied: the person cancelled' })
    assert.deepEqual(await journey.comeBy(), { kind: 'step', step: 'sign-in' })
    const { failure } = (await journey.flow()).state
    assert.equal(failure?.message, 'upstream.refused')
    assert.deepEqual(failure?.params, { provider: 'Corporate', description: 'access_denied: the person cancelled' })
    assert.equal(lastEvent(journey, 'federation.returned')?.reason, 'upstream-refused')
  })

  it('does not hold: the reason is in the event and not on the page', async () => {
    const journey = await aFederatedJourney()
    journey.upstream.answers = fail('upstream-invalid', { because: 'nonce' })
    await journey.comeBy()
    const { failure } = (await journey.flow()).state
    assert.equal(failure?.message, 'upstream.invalid')
    assert.deepEqual(failure?.params, { provider: 'Corporate' })
    assert.equal(lastEvent(journey, 'federation.returned')?.detail.because, 'nonce')
  })

  it('comes too late for a provider that was switched off meanwhile (attack 26)', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    await journey.arrive()
    await journey.putProvider(corporate({ enabled: false }))
    await journey.back()
    assert.equal(await failureOf(journey), 'upstream.notOffered')
    assert.equal(await signedIn(journey), undefined)
  })
})
