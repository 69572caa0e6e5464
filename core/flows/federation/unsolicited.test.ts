import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FlowRequest } from '#core/flows/index.ts'
import { enterUnsolicited } from '#core/flows/index.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, signedIn } from '#tests/support/federated-journey.ts'

const ID = 'I'.repeat(43)

/** A journey that finds somebody in this browser whom a provider sent unasked. */
const meeting = async (asked: Partial<FlowRequest>) => {
  const journey = await aFederatedJourney()
  const { ports, pool, client } = journey
  const expiresAt = new Date(ports.clock.now().getTime() + 60_000)
  const kept = { provider: 'Corporate', identity: anIdentity(), expiresAt }
  await ports.federation.unsolicited.keep(pool.id, ports.hashes.of('unsolicited', ID), kept)
  const flow = await journey.flow()
  const context = { requestId: 'request', ip: '203.0.113.7', userAgent: 'a browser' }
  const request = { ...flow.state.request, ...asked }
  const mine = { ...flow, state: { ...flow.state, request } }
  const answer = await enterUnsolicited(ports)({
    flow: mine,
    pool,
    client,
    context,
    idleSeconds: 3600,
    provider: 'Corporate',
    id: ID,
  })
  return { answer, sub: await signedIn(journey) }
}

describe('a sign-in that a provider began', () => {
  it('enters a journey that asks for nothing more', async () => {
    assert.ok((await meeting({})).sub)
  })

  it('is no answer to who wants a fresh authentication, or a level of the provider’s (attack 50)', async () => {
    const demands: Partial<FlowRequest>[] = [{ mustBeFresh: true }, { foreignLevel: 'gold' }]
    for (const asked of demands) assert.deepEqual(await meeting(asked), { answer: null, sub: undefined })
  })
})
