import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { identityAt } from '#core/federation/index.ts'
import { NOON } from '#tests/support/builders.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, corporate, type FederatedJourney } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD } from '#tests/support/journey.ts'
import type { PageFrame } from '../flow-view.ts'
import { showStep } from '../index.ts'

const FRAME = { base: '' } as PageFrame

const shown = async ({ flow, pool, client, ports }: FederatedJourney) => {
  const row = await flow()
  return showStep(ports.hashes, {
    flow: row,
    pool,
    client,
    step: row.step,
    frame: FRAME,
    person: null,
    scopeDescriptions: {},
    now: ports.clock.now(),
    providers: await ports.federation.providers.list(pool.id),
    lastProvider: 'Corporate',
    challenge: null,
    enrolment: null,
    passkey: null,
  })
}

const providers = [corporate(), corporate({ name: 'Other' })]

describe('the page on which an account is proven for an identity that waits', () => {
  it('is an ordinary one while nothing waits', async () => {
    const { notice, providers: buttons, signIn } = await shown(await aFederatedJourney({ people: [ann()], providers }))
    assert.equal(notice, null)
    assert.deepEqual([buttons.map(({ name }) => name), signIn.signUpOpen], [['Corporate', 'Other'], true])
  })

  it('says why it is there, after a wrong password too, and offers neither the same provider nor a new account', async () => {
    const journey = await aFederatedJourney({ people: [ann()], providers })
    await journey.comeBy()
    await journey.post()
    for (const password of ['', 'wrong-wrong-wrong']) {
      if (password !== '') await journey.post({ username: 'ann@example.com', password })
      const view = await shown(journey)
      assert.deepEqual([view.step, view.notice, view.connect?.provider], ['sign-in', 'proveToConnect', 'Corporate'])
      assert.deepEqual([view.providers.map(({ name }) => name), view.signIn.signUpOpen], [['Other'], false])
    }
  })

  it('asks for the name and password in an app that shows its providers alone', async () => {
    const client = { callbackUrls: ['https://app.example.com/callback'], identityProviders: ['Corporate'] }
    const journey = await aFederatedJourney({ people: [ann()], client })
    assert.equal((await shown(journey)).signIn.asksForNames, false)
    await journey.comeBy()
    await journey.post()
    const view = await shown(journey)
    assert.deepEqual([view.signIn.asksForNames, view.providers], [true, []])
  })
})

describe('the page that asks for the last word', () => {
  it('asks no more once somebody else has the identity, and lets the journey go on', async () => {
    const bo = { sub: 'b0000000-0000-4000-8000-000000000002', attributes: { email: 'bo@example.com' } }
    const journey = await aFederatedJourney({ people: [ann(), bo] })
    await journey.comeBy()
    await journey.post()
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    assert.equal((await shown(journey)).connect?.isRefused, false)
    const provider = await journey.ports.federation.providers.find(journey.pool.id, 'Corporate')
    assert.ok(provider)
    const identity = identityAt(provider, anIdentity().subject, { isPrimary: false, at: NOON })
    assert.ok((await journey.ports.federation.identities.link(identity, bo.sub, { events: [] })).ok)
    await journey.post()
    const { step, failure, connect } = await shown(journey)
    assert.deepEqual([step, failure?.message], ['connect-provider', 'upstream.identityTaken'])
    assert.deepEqual([connect?.isRefused, connect?.isFromAccount], [true, false])
    assert.deepEqual(await journey.post({ _intent: 'separate' }), { kind: 'done' })
  })
})
