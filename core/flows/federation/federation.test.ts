import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail, ok } from '#core/shared/result.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, corporate, type FederatedJourney } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD } from '#tests/support/journey.ts'

const failureOf = async (journey: FederatedJourney) => (await journey.flow()).state.failure?.message

const lastEvent = ({ written }: FederatedJourney, type: string) =>
  written.events.findLast((event) => event.type === type)

const signedIn = async (journey: FederatedJourney): Promise<string | undefined> => {
  const { step, state } = await journey.flow()
  return step === 'done' ? state.proof?.sub : undefined
}

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
      assert.equal(await failureOf(journey), 'upstream.refused')
      assert.equal(lastEvent(journey, 'federation.departed')?.outcome, 'failure')
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

  it('is limited for one network', async () => {
    const journey = await aFederatedJourney()
    for (let n = 0; n < 300; n++) await journey.leave()
    assert.equal((await journey.leave()).kind, 'step')
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

  it('is not taken twice, nor after the journey has run out, nor in another pool (attack 38)', async () => {
    const journey = await aFederatedJourney()
    await journey.leave()
    await journey.arrive()
    assert.deepEqual(codeOf(await journey.arrive()), stale)
    const late = await aFederatedJourney()
    await late.leave()
    late.wait(3601)
    assert.deepEqual(codeOf(await late.arrive()), stale)
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
    assert.equal(await failureOf(journey), 'upstream.refused')
    assert.equal(await signedIn(journey), undefined)
  })
})

describe('somebody new, named by a provider', () => {
  it('gets a profile of their own, and is the same person the next time', async () => {
    const journey = await aFederatedJourney()
    assert.deepEqual(await journey.comeBy(), { kind: 'done' })
    const sub = (await signedIn(journey)) ?? assert.fail('nobody')
    const { user, password } = (await journey.users.findBySub(journey.pool.id, sub)) ?? assert.fail('no profile')
    assert.equal(user.username, 'Corporate_4711')
    assert.equal(user.status, 'EXTERNAL_PROVIDER')
    assert.equal(password, null)
    assert.deepEqual(user.attributes, { email: 'ann@example.com', email_verified: true, name: 'Ann Example' })
    const [identity] = await journey.ports.federation.identities.list(journey.pool.id, sub)
    assert.equal(identity?.isPrimary, true)
    assert.deepEqual(
      (await journey.ports.users.groupsOf(journey.pool.id, sub)).map(({ name }) => name),
      [`${journey.pool.id}_Corporate`],
    )
  })

  it('is found by no name: neither a password nor a code leads around the provider', async () => {
    const journey = await aFederatedJourney()
    await journey.comeBy()
    assert.equal(await journey.users.findByName(journey.pool.id, 'ann@example.com'), null)
  })

  it('takes the place of nobody who chose the very name of the profile', async () => {
    const journey = await aFederatedJourney({
      pool: { signInNames: ['username'] },
      people: [{ username: 'Corporate_4711', attributes: {} }],
    })
    await journey.comeBy()
    const sub = (await signedIn(journey)) ?? assert.fail('nobody')
    const found = await journey.users.findBySub(journey.pool.id, sub)
    assert.match(found?.user.username ?? '', /^Corporate_4711_[0-9a-f]{10}$/)
  })

  it('is refused where the provider makes no profiles, or did not say what it must', async () => {
    const closed = await aFederatedJourney({ providers: [corporate({ createsUsers: false })] })
    await closed.comeBy()
    assert.equal(await failureOf(closed), 'upstream.unlinked')
    const strict = await aFederatedJourney({
      providers: [corporate({ requiredAttributes: ['phone_number'], attributeMapping: { phone_number: 'phone' } })],
    })
    await strict.comeBy()
    assert.equal(await failureOf(strict), 'upstream.incomplete')
  })

  it('is refused where the owner’s own code says no', async () => {
    const journey = await aFederatedJourney({
      triggers: { preSignUp: async () => fail('trigger-refused') },
    })
    await journey.comeBy()
    assert.equal(await signedIn(journey), undefined)
  })

  it('is asked only for what the pool demands and the provider did not say', async () => {
    const journey = await aFederatedJourney({ pool: { attributes: { birthdate: { required: true } } } })
    assert.deepEqual(await journey.comeBy(), { kind: 'step', step: 'missing-attributes' })
    assert.deepEqual(await journey.post({ birthdate: '1988-02-07' }), { kind: 'done' })
  })

  it('leaves out what does not fit the pool, and comes in all the same', async () => {
    const journey = await aFederatedJourney({
      providers: [corporate({ attributeMapping: { name: 'name', birthdate: 'born' } })],
    })
    journey.upstream.answers = ok(anIdentity({ claims: { name: 'Ann', born: 'long ago' } }))
    await journey.comeBy()
    const sub = (await signedIn(journey)) ?? assert.fail('nobody')
    assert.deepEqual((await journey.users.findBySub(journey.pool.id, sub))?.user.attributes, { name: 'Ann' })
  })

  it('is refused with a subject that is empty, endless or cannot be kept', async () => {
    for (const subject of ['', 'x'.repeat(513), 'a\0b']) {
      const journey = await aFederatedJourney()
      journey.upstream.answers = ok(anIdentity({ subject }))
      await journey.comeBy()
      assert.equal(await failureOf(journey), 'upstream.invalid', JSON.stringify(subject))
    }
  })
})

describe('somebody known, named by a provider', () => {
  it('has what the provider says now', async () => {
    const journey = await aFederatedJourney()
    await journey.comeBy()
    const sub = (await signedIn(journey)) ?? assert.fail('nobody')
    journey.upstream.answers = ok(anIdentity({ claims: { email: 'ann@new.example', name: 'Ann Newname' } }))
    const second = await journey.restart()
    await second.comeBy()
    assert.equal(await signedIn(second), sub)
    const { user } = (await journey.users.findBySub(journey.pool.id, sub)) ?? assert.fail('gone')
    assert.deepEqual(user.attributes, { email: 'ann@new.example', email_verified: false, name: 'Ann Newname' })
  })

  it('who is disabled comes in by no provider', async () => {
    const journey = await aFederatedJourney()
    await journey.comeBy()
    const sub = (await signedIn(journey)) ?? assert.fail('nobody')
    await journey.users.update(journey.pool.id, sub, { enabled: false, at: journey.ports.clock.now() }, { events: [] })
    const second = await journey.restart()
    await second.comeBy()
    assert.equal(await signedIn(second), undefined)
    assert.equal(await failureOf(second), 'upstream.refused')
  })
})

describe('an account with the same address', () => {
  const sub = ann().sub ?? ''

  it('is offered and not given: it has to be proven, and the last word is asked for (attacks 60, 61)', async () => {
    const journey = await aFederatedJourney({ people: [ann()] })
    assert.deepEqual(await journey.comeBy(), { kind: 'step', step: 'link-account' })
    assert.equal((await journey.flow()).state.proof, null)
    assert.deepEqual(await journey.post(), { kind: 'step', step: 'sign-in' })
    assert.deepEqual(await journey.post({ username: 'ann@example.com', password: 'wrong-wrong-wrong' }), {
      kind: 'step',
      step: 'sign-in',
    })
    assert.deepEqual(await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD }), {
      kind: 'step',
      step: 'connect-provider',
    })
    assert.equal((await journey.ports.federation.identities.list(journey.pool.id, sub)).length, 0)
    assert.deepEqual(await journey.post(), { kind: 'done' })
    const [identity] = await journey.ports.federation.identities.list(journey.pool.id, sub)
    assert.equal(identity?.provider, 'Corporate')
    assert.equal(await signedIn(journey), sub)
    assert.equal(lastEvent(journey, 'identity.linked')?.sub, sub)
    const second = await journey.restart()
    assert.deepEqual(await second.comeBy(), { kind: 'done' })
    assert.equal(await signedIn(second), sub)
  })

  it('stays apart where the person wants that, before and after they have proven it', async () => {
    const before = await aFederatedJourney({ people: [ann()] })
    await before.comeBy()
    assert.deepEqual(await before.post({ _intent: 'separate' }), { kind: 'done' })
    assert.notEqual(await signedIn(before), sub)
    const after = await aFederatedJourney({ people: [ann()] })
    await after.comeBy()
    await after.post()
    await after.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    assert.deepEqual(await after.post({ _intent: 'separate' }), { kind: 'done' })
    assert.equal(await signedIn(after), sub)
    assert.equal((await after.ports.federation.identities.list(after.pool.id, sub)).length, 0)
  })

  it('is not connected when somebody else is proven in its place', async () => {
    const bo = {
      sub: 'b0000000-0000-4000-8000-000000000002',
      attributes: { email: 'bo@example.com', email_verified: true },
    }
    const journey = await aFederatedJourney({ people: [ann(), bo] })
    await journey.comeBy()
    await journey.post()
    assert.deepEqual(await journey.post({ username: 'bo@example.com', password: GOOD_PASSWORD }), { kind: 'done' })
    assert.equal((await journey.ports.federation.identities.list(journey.pool.id, bo.sub)).length, 0)
  })

  it('is not offered for an address that the provider has not verified, or is not believed with (attack 60)', async () => {
    const unverified = await aFederatedJourney({ people: [ann()] })
    unverified.upstream.answers = ok(anIdentity({ claims: { email: 'ann@example.com', email_verified: false } }))
    assert.deepEqual(await unverified.comeBy(), { kind: 'done' })
    assert.notEqual(await signedIn(unverified), sub)
    const distrusted = await aFederatedJourney({ people: [ann()], providers: [corporate({ trustsEmail: 'never' })] })
    assert.deepEqual(await distrusted.comeBy(), { kind: 'done' })
    assert.notEqual(await signedIn(distrusted), sub)
  })

  it('keeps the address it has proven here, whatever the provider says later', async () => {
    const journey = await aFederatedJourney({ people: [ann()] })
    await journey.comeBy()
    await journey.post()
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    await journey.post()
    journey.upstream.answers = ok(
      anIdentity({ claims: { email: 'thief@evil.example', email_verified: true, name: 'Ann' } }),
    )
    const second = await journey.restart()
    await second.comeBy()
    assert.equal(await signedIn(second), sub)
    const { user } = (await journey.users.findBySub(journey.pool.id, sub)) ?? assert.fail('gone')
    assert.equal(user.attributes.email, 'ann@example.com')
    assert.equal(user.attributes.name, 'Ann')
  })
})

describe('second factors after a provider', () => {
  it('are asked for as the pool demands', async () => {
    const journey = await aFederatedJourney({ pool: { mfa: 'required' } })
    assert.deepEqual(await journey.comeBy(), { kind: 'step', step: 'enrol-factor' })
  })

  it('are the provider’s business where the owner says so', async () => {
    const journey = await aFederatedJourney({
      pool: { mfa: 'required' },
      providers: [corporate({ secondFactor: 'never' })],
    })
    assert.deepEqual(await journey.comeBy(), { kind: 'done' })
  })

  it('count as shown where the provider is trusted with saying so, and are in the tokens’ amr then', async () => {
    const shown = ok(anIdentity({ amr: ['pwd', 'otp', 'mfa'] }))
    const trusted = await aFederatedJourney({ providers: [corporate({ trustsAmr: true })] })
    trusted.upstream.answers = shown
    await trusted.comeBy()
    assert.deepEqual((await trusted.flow()).state.proof?.amr, ['pwd', 'otp', 'mfa'])
    const distrusted = await aFederatedJourney()
    distrusted.upstream.answers = shown
    await distrusted.comeBy()
    assert.deepEqual((await distrusted.flow()).state.proof?.amr, [])
  })
})

describe('finding the home of a name', () => {
  it('sends whoever belongs to a provider there, and reads no password', async () => {
    const journey = await aFederatedJourney({
      people: [ann()],
      providers: [corporate({ identifiers: ['fjord.example'] })],
    })
    assert.deepEqual(await journey.post({ username: 'ann@fjord.example', password: GOOD_PASSWORD }), {
      kind: 'leave',
      provider: 'Corporate',
    })
    assert.deepEqual(await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD }), { kind: 'done' })
  })
})
