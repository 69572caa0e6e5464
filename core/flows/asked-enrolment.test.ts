import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFlowRequest, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type JourneyOptions } from '#tests/support/journey.ts'
import { softwareAuthenticator } from '#tests/support/software-authenticator.ts'
import { askedEnrolment } from './asked-enrolment.ts'
import { passkeyView } from './passkey-view.ts'

const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const screen = 'enrol-passkey' as const

const setUp = (options: JourneyOptions = {}) =>
  aJourney({ people: [ann()], state: { request: aFlowRequest({ screen }) }, ...options })

describe('a factor that a person comes to set up', () => {
  it('is set up after the sign-in, counts as a proof of it, and is not asked for again', async () => {
    const journey = await setUp()
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'enrol-passkey' })
    assert.equal((await journey.flow()).state.proof, null)
    const flow = await journey.flow()
    const person = (await journey.users.findBySub(journey.pool.id, flow.state.challenge?.sub ?? ''))?.user ?? null
    const { pool, client, ports } = journey
    const call = await passkeyView(ports, { flow, pool, client, step: flow.step, person })
    const device = softwareAuthenticator({ origin: 'https://auth.example.com' })
    await journey.post({ credential: device.create(call?.act === 'create' ? call.options : '') })
    assert.deepEqual(await journey.post(), { kind: 'step', step: 'recovery-codes' })
    assert.deepEqual(await journey.post({ saved: 'on' }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd', 'hwk', 'user', 'mfa'])
  })

  it('is an authenticator app as well', async () => {
    const journey = await setUp({ state: { request: aFlowRequest({ screen: 'enrol-totp' }) } })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'enrol-totp' })
    assert.equal((await journey.flow()).state.enrolment?.kind, 'totp')
  })

  it('is not asked about where the pool does not take it: the sign-in simply ends', async () => {
    const journey = await setUp({ pool: { factors: { allowed: ['totp'] } } })
    assert.deepEqual(await journey.post(right), { kind: 'done' })
  })

  it('needs the strongest sort that the person has, shown within ten minutes', async () => {
    const { ports, pool, users } = await setUp()
    const sub = (await users.findByName(pool.id, 'ann@example.com'))?.user.sub ?? ''
    const asked = async (method: 'password' | 'totp' | 'device', seconds: number) => {
      const proofs = [{ method, at: NOON.getTime() }]
      const given = { pool, request: { screen }, sub, proofs, now: secondsLater(seconds) }
      return (await askedEnrolment(ports, given))?.step ?? null
    }
    assert.equal(await asked('password', 600), 'enrol-passkey')
    assert.equal(await asked('password', 601), null)
    assert.equal(await asked('device', 0), null)
    await ports.factors.enrol(
      {
        poolId: pool.id,
        sub,
        id: 'totp',
        kind: 'totp',
        name: null,
        address: null,
        credentialId: null,
        passkey: null,
        counter: 0,
        createdAt: NOON,
        secret: 'GEZDGNBVGY3TQOJQ',
      },
      { events: [] },
    )
    assert.equal(await asked('password', 0), null)
    assert.equal(await asked('totp', 0), 'enrol-passkey')
  })
})
