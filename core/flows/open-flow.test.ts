import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFlow, aFlowRequest, aProof, NOON } from '#tests/support/builders.ts'
import { aJourney } from '#tests/support/journey.ts'
import { FLOW_STEPS } from './flow-view.ts'
import { type OpenFlow, openFlow } from './open-flow.ts'
import { stepToShow } from './show-step.ts'
import { holdsFlow, secretHash } from './step-token.ts'

const proof = aProof('ann', { authenticatedAt: 0, isFromSession: true })

const open = async (overrides: Partial<OpenFlow> = {}) => {
  const { ports, pool, written } = await aJourney()
  const input: OpenFlow = {
    poolId: pool.id,
    flowId: 'a-flow',
    clientId: 'shop',
    request: aFlowRequest(),
    locale: 'en',
    sessionProof: null,
    needsConsentOnly: false,
    stepUp: null,
    enrolIn: null,
    ttlSeconds: 60,
    context: { requestId: 'r', ip: null, userAgent: null },
    ...overrides,
  }
  const { secret } = await openFlow(ports)(input)
  const flow = await ports.flows.find(pool.id, 'a-flow')
  assert.ok(flow)
  return { flow, secret, ports, input, written }
}

describe('a journey that begins', () => {
  it('keeps no secret but its hash, lives as long as it is told, and announces its sign-in', async () => {
    const { flow, secret, ports, written } = await open()
    assert.equal(flow.secretHash, secretHash(ports.hashes, flow.poolId, flow.id, secret))
    assert.ok(!JSON.stringify(flow).includes(secret))
    assert.equal(flow.expiresAt, NOON.getTime() + 60_000)
    const [event] = written.events
    assert.deepEqual([event?.id, event?.type, event?.outcome], [flow.state.eventId, 'sign_in', 'in-progress'])
  })

  it('is held by whoever has its secret: no other journey’s, and no other pool’s', async () => {
    const { flow, secret, ports } = await open()
    const holds = (given: string | undefined, of = flow) => holdsFlow(ports.hashes, of, given)
    assert.equal(holds(secret), true)
    for (const wrong of [undefined, '', `${secret}x`, flow.secretHash, 'undefined']) assert.equal(holds(wrong), false)
    assert.equal(holds(secret, { ...flow, id: 'another-flow' }), false)
    assert.equal(holds(secret, { ...flow, poolId: 'eu-test-1_Another00' }), false)
  })

  it('is opened once for its id', async () => {
    const { ports, input } = await open()
    await assert.rejects(openFlow(ports)(input), /has a journey already/)
  })

  it('begins where it was asked to, and behind the sign-in only with a session', async () => {
    const at = async (overrides: Partial<OpenFlow>) => (await open(overrides)).flow.step
    for (const screen of ['sign-in', 'sign-up', 'forgot-password'] as const)
      assert.equal(await at({ request: aFlowRequest({ screen }) }), screen)
    const change = aFlowRequest({ screen: 'change-password' })
    assert.equal(await at({ request: change }), 'sign-in')
    assert.equal(await at({ request: change, sessionProof: proof }), 'change-password')
    assert.equal(await at({ needsConsentOnly: true }), 'sign-in')
    assert.equal(await at({ needsConsentOnly: true, sessionProof: proof }), 'consent')
  })
})

describe('the page an address may show', () => {
  it('is the journey’s own step or an entry, and the sign-in page where the journey lacks what a step demands', () => {
    for (const asked of FLOW_STEPS) {
      const isEntry = ['sign-in', 'sign-up', 'forgot-password'].includes(asked)
      assert.equal(stepToShow(aFlow('pool', { step: 'sign-in' }), asked), isEntry ? asked : 'sign-in', asked)
      assert.equal(stepToShow(aFlow('pool', { step: 'consent' }), asked), isEntry ? asked : 'sign-in', asked)
      const holding = aFlow('pool', { step: 'consent', state: { proof } })
      assert.equal(stepToShow(holding, asked), isEntry ? asked : 'consent', asked)
      assert.equal(stepToShow(aFlow('pool', { step: 'done', state: { proof } }), asked), 'done', asked)
    }
  })
})
