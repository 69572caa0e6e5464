import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFlowRequest, aProof } from '#tests/support/builders.ts'
import { aJourney, ann } from '#tests/support/journey.ts'

const sub = ann().sub ?? ''
const scopes = ['openid', 'email', 'phone', 'orders/read']
const asked = () =>
  aJourney({
    people: [ann()],
    client: { firstParty: false, scopes },
    step: 'consent',
    state: { proof: aProof(sub, { authenticatedAt: 0 }), request: aFlowRequest({ scopes }) },
  })

describe('what an app asks for', () => {
  it('is refused by everything that is not a clear yes, and the app learns that', async () => {
    for (const decision of ['', 'deny', 'ALLOW', 'allow ', 'true']) {
      const journey = await asked()
      assert.deepEqual(await journey.post({ decision, scope: scopes }), { kind: 'done' })
      const { state } = await journey.flow()
      assert.equal(state.refusal?.error, 'access_denied', decision)
      assert.equal(state.consented, null)
      assert.deepEqual(await journey.ports.consents.scopes(journey.pool.id, sub, journey.client.id), [])
    }
  })

  it('is given as far as the person chose, with what the app cannot do without', async () => {
    const journey = await asked()
    await journey.post({ decision: 'allow', scope: 'orders/read' })
    assert.deepEqual((await journey.flow()).state.consented, ['openid', 'email', 'orders/read'])
    assert.deepEqual(await journey.ports.consents.scopes(journey.pool.id, sub, journey.client.id), [
      'email',
      'orders/read',
    ])
  })

  it('is never more than was asked for, whatever the form says', async () => {
    const journey = await asked()
    await journey.post({ decision: 'allow', scope: ['orders/write', 'aws.cognito.signin.user.admin', 'phone'] })
    assert.deepEqual((await journey.flow()).state.consented, ['openid', 'email', 'phone'])
  })

  it('is written down, yes and no', async () => {
    const [yes, no] = [await asked(), await asked()]
    await yes.post({ decision: 'allow' })
    await no.post({ decision: 'deny' })
    assert.deepEqual(
      [...yes.written.events, ...no.written.events].map(({ type, sub: whose }) => [type, whose]),
      [
        ['consent.granted', sub],
        ['consent.refused', sub],
      ],
    )
  })
})
