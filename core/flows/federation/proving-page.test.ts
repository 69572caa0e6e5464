import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFederatedJourney, corporate, type FederatedJourney } from '#tests/support/federated-journey.ts'
import { ann } from '#tests/support/journey.ts'
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
