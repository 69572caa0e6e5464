// Attack 59: what an app leaves out of its `identityProviders` is refused by the journey, and not only left off the page.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFederatedJourney } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD } from '#tests/support/journey.ts'

const CLIENT = { callbackUrls: ['https://app.example.com/callback'], identityProviders: ['Corporate'] }

describe('an app for the people of a provider alone', () => {
  it('lets nobody sign up for an account of the pool', async () => {
    const journey = await aFederatedJourney({ client: CLIENT })
    await journey.post({ username: 'new@example.com', password: GOOD_PASSWORD }, 'sign-up')
    assert.equal((await journey.flow()).state.signUp, null)
    assert.equal(await journey.ports.users.findByName(journey.pool.id, 'new@example.com'), null)
  })

  it('sends no code and takes none', async () => {
    const journey = await aFederatedJourney({
      client: CLIENT,
      people: [ann()],
      pool: { firstFactors: ['email-code'], signInLayout: 'identifier-first' },
    })
    await journey.post({ username: 'ann@example.com' })
    assert.equal((await journey.flow()).state.firstCode?.sub ?? null, null)
  })

  it('lets an account that is offered an identity be proven by a code all the same', async () => {
    const journey = await aFederatedJourney({
      client: CLIENT,
      people: [ann()],
      pool: { firstFactors: ['email-code'], signInLayout: 'identifier-first' },
    })
    assert.deepEqual(await journey.comeBy(), { kind: 'step', step: 'link-account' })
    assert.deepEqual(await journey.post(), { kind: 'step', step: 'sign-in-code' })
    assert.equal((await journey.flow()).state.firstCode?.sub, ann().sub)
  })
})
