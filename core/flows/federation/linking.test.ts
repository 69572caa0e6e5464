import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ok } from '#core/shared/result.ts'
import { anIdentity as keptIdentity } from '#tests/support/builders.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, corporate, failureOf, lastEvent, signedIn } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD } from '#tests/support/journey.ts'

describe('an account with the same address', () => {
  const sub = ann().sub ?? ''

  it('is offered and not given: it has to be proven, and the last word is asked for (attacks 60, 61)', async () => {
    const journey = await aFederatedJourney({
      people: [ann()],
      providers: [corporate({ displayName: 'The Corporation' })],
    })
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
    const [notice] = journey.sent().filter(({ purpose }) => purpose === 'identity-linked')
    assert.equal(notice?.to, 'ann@example.com')
    assert.match(JSON.stringify(journey.written.messages), /The Corporation/)
    const second = await journey.restart()
    assert.deepEqual(await second.comeBy(), { kind: 'done' })
    assert.equal(await signedIn(second), sub)
  })

  it('takes the session at the provider along, so that signing out ends it, and proves no more by it', async () => {
    const journey = await aFederatedJourney({
      people: [ann()],
      providers: [corporate({ secondFactor: 'never', trustsAmr: true })],
    })
    journey.upstream.answers = ok(anIdentity({ session: 'an ID token', amr: ['mfa'] }))
    await journey.comeBy()
    await journey.post()
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    const before = (await journey.flow()).state.proof
    assert.deepEqual(await journey.post(), { kind: 'done' })
    const { proof, proofs } = (await journey.flow()).state
    assert.deepEqual([proof?.amr, proof?.acr], [before?.amr, before?.acr])
    assert.deepEqual(proof?.proofs, proofs)
    const [{ federation } = {}] = proofs
    assert.deepEqual([federation?.amr, federation?.coversSecondFactor], [[], false])
    const { sessions } = journey.ports.federation
    const kept = await sessions.find(journey.pool.id, federation?.session ?? '', journey.ports.clock.now())
    assert.deepEqual([kept?.session, kept?.sub, kept?.provider], ['an ID token', sub, 'Corporate'])
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

  describe('changes while the person is asked for the last word', () => {
    const bo = { sub: 'b0000000-0000-4000-8000-000000000002', attributes: { email: 'bo@example.com' } }

    /** Ann has proven her account and is about to press the button. */
    const aboutToConnect = async () => {
      const journey = await aFederatedJourney({ people: [ann(), bo] })
      await journey.comeBy()
      await journey.post()
      await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
      assert.equal((await journey.flow()).step, 'connect-provider')
      const { identities } = journey.ports.federation
      const link = async (subject: string, to: string) => {
        const identity = keptIdentity(journey.pool.id, { provider: 'Corporate', subject })
        assert.ok((await identities.link(identity, to, { events: [] })).ok)
      }
      return { ...journey, link, linked: () => identities.list(journey.pool.id, sub) }
    }
    const stays = { kind: 'step', step: 'connect-provider' }

    it('is told that the provider is gone, and goes in without it', async () => {
      const journey = await aboutToConnect()
      await journey.providerStore.delete(journey.pool.id, 'Corporate', { events: [] })
      assert.deepEqual(await journey.post(), stays)
      assert.equal(await failureOf(journey), 'upstream.notOffered')
      assert.equal(await signedIn(journey), undefined)
      assert.deepEqual(await journey.post({ _intent: 'separate' }), { kind: 'done' })
      assert.equal(await signedIn(journey), sub)
      assert.deepEqual(await journey.linked(), [])
    })

    it('begins anew where it is gone before the account is proven', async () => {
      const journey = await aFederatedJourney({ people: [ann()] })
      await journey.comeBy()
      await journey.providerStore.delete(journey.pool.id, 'Corporate', { events: [] })
      assert.deepEqual(await journey.post({ _intent: 'separate' }), { kind: 'step', step: 'sign-in' })
      assert.equal((await journey.flow()).state.identity, null)
      assert.equal(await signedIn(journey), undefined)
    })

    it('is told that the account is full', async () => {
      const journey = await aboutToConnect()
      for (const subject of ['1', '2', '3', '4', '5']) await journey.link(subject, sub)
      assert.deepEqual(await journey.post(), stays)
      assert.equal(await failureOf(journey), 'upstream.tooManyIdentities')
      assert.equal((await journey.linked()).length, 5)
    })

    it('is told that the identity became somebody else’s, and nobody gets a mail', async () => {
      const journey = await aboutToConnect()
      await journey.link('4711', bo.sub)
      assert.deepEqual(await journey.post(), stays)
      assert.equal(await failureOf(journey), 'upstream.identityTaken')
      assert.deepEqual(await journey.linked(), [])
      assert.deepEqual(journey.sent(), [])
    })

    it('goes in where another tab has connected it to the same account', async () => {
      const journey = await aboutToConnect()
      await journey.link('4711', sub)
      assert.deepEqual(await journey.post(), { kind: 'done' })
      assert.equal(await signedIn(journey), sub)
    })
  })
})
