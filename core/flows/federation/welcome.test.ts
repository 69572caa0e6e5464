import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail, ok } from '#core/shared/result.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, corporate, failureOf, signedIn } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD } from '#tests/support/journey.ts'

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

  it('is one person who came twice at once: both browsers go in, and one profile is made', async () => {
    const journey = await aFederatedJourney()
    const other = await journey.restart()
    for (const each of [journey, other]) {
      await each.leave()
      await each.arrive()
    }
    assert.deepEqual(await Promise.all([journey.back(), other.back()]), [{ kind: 'done' }, { kind: 'done' }])
    const sub = (await signedIn(journey)) ?? assert.fail('nobody')
    assert.equal(await signedIn(other), sub)
    assert.equal(journey.written.events.filter(({ type }) => type === 'user.created').length, 1)
  })

  it('is not let in by a profile that another made at once, and that was closed since', async () => {
    const journey = await aFederatedJourney()
    const { writer } = journey.ports
    const create: typeof writer.create = async (user, alongside) => {
      const first = { ...user, user: { ...user.user, sub: 'first', username: 'first', enabled: false }, names: [] }
      assert.ok((await writer.create(first, { events: [] })).ok)
      return writer.create(user, alongside)
    }
    journey.ports.writer = { ...writer, create }
    await journey.comeBy()
    assert.equal(await failureOf(journey), 'upstream.refused')
    assert.equal(await signedIn(journey), undefined)
  })

  it('is known by what the provider calls them when it ends their session, whatever its subject is', async () => {
    const journey = await aFederatedJourney()
    journey.upstream.answers = ok(anIdentity({ session: 'there', nameId: '_a1' }))
    await journey.comeBy()
    const { sessions } = journey.ports.federation
    const named = (name: string) => sessions.peopleNamed(journey.pool.id, 'Corporate', name, journey.ports.clock.now())
    assert.deepEqual(await named('_a1'), [await signedIn(journey)])
    assert.deepEqual(await named('4711'), [])
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
    // Our own reason is nobody's to read, and not the provider's word.
    assert.deepEqual((await second.flow()).state.failure?.params, { provider: 'Corporate' })
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

describe('risk after a provider', () => {
  it('stops a sign-in from where the pool takes none, like any other', async () => {
    const journey = await aFederatedJourney({
      pool: { threatProtection: { mode: 'enforce', deniedNetworks: ['203.0.113.0/24'] } },
    })
    assert.deepEqual(await journey.comeBy(), { kind: 'step', step: 'blocked' })
    assert.equal(await signedIn(journey), undefined)
  })
})
