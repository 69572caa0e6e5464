import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import type { FlowState, Proof } from '#core/flows/flow.ts'
import { finishFlow, type ProvenJourney } from '#core/flows/index.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { type RiskOverride, readProfile } from '#core/risk/index.ts'
import type { User } from '#core/users/ports.ts'
import { aClient, aFlow, aPool, aProof, aUser, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney } from '#tests/support/journey.ts'
import { memoryClients } from '#tests/support/memory/clients.ts'
import { memoryDevices, memoryFactors } from '#tests/support/memory/factors.ts'
import { memoryFlows } from '#tests/support/memory/flows.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memoryPools } from '#tests/support/memory/pools.ts'
import { memoryProfiles } from '#tests/support/memory/risk.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'

const pool = aPool()
const client = aClient(pool.id, { settings: { callbackUrls: ['https://app.example.com/callback'] } })
const user = aUser(pool.id)
const proof: Proof = aProof(user.sub)
const context = { requestId: 'request', ip: null, userAgent: null }

const journey = (state: Partial<FlowState> = {}) =>
  aFlow(pool.id, { clientId: client.id, step: 'done', state: { proof, ...state } })

/** Modes of threat protection: of this app, and of another one. */
interface Apps {
  own?: RiskOverride['mode']
  other?: RiskOverride['mode']
}

const setup = async (
  state: Partial<FlowState> = {},
  seeded: Partial<User> | null = {},
  inPool: Pool = pool,
  { own, other }: Apps = {},
) => {
  const written = ledger()
  const users = memoryUsers(written)
  const flows = memoryFlows(written)
  const devices = memoryDevices(written)
  const profiles = memoryProfiles(written)
  const flow = journey(state)
  await flows.open(flow, { events: [] })
  if (seeded !== null) await users.create({ user: { ...user, ...seeded }, names: [], password: null }, { events: [] })
  const { ports: question } = await aJourney()
  const pools = memoryPools(written)
  await pools.create(inPool, { events: [] })
  const clients = memoryClients(pools)
  const app = { ...client, settings: { ...client.settings, threatProtection: { mode: own } } }
  const elsewhere = aClient(pool.id, { settings: other === undefined ? {} : { threatProtection: { mode: other } } })
  for (const each of [app, elsewhere]) await clients.create(each, null, { events: [] })
  const prepared: ProvenJourney[] = []
  const finish = (prepare = async () => {}) =>
    finishFlow({
      flows,
      users,
      factors: memoryFactors(),
      settle: {
        devices,
        profiles,
        clients,
        places: { find: () => ({ country: 'NO', city: null, lat: null, lon: null, accuracyKm: null }) },
        hashes: keyRing('x'.repeat(43)),
        random: seededRandom(2),
      },
      question,
      writer: users,
      clients,
      clock: { now: () => secondsLater(60) },
      random: seededRandom(1),
    })({
      pool: inPool,
      flow,
      context,
      prepare: async (proven) => {
        prepared.push(proven)
        await prepare()
        return 'grant'
      },
    })
  return { finish, flow, flows, users, devices, profiles, written, prepared }
}

describe('the end of a journey', () => {
  it('is one for two that arrive together, with one event', async () => {
    const { finish, written, flow } = await setup()
    const answers = await Promise.all(Array.from({ length: 30 }, () => finish()))
    assert.equal(answers.filter((answer) => answer.ok && answer.value.ready === 'grant').length, 1)
    assert.deepEqual(
      written.events.map(({ id, type, outcome, sub }) => ({ id, type, outcome, sub })),
      [{ id: flow.state.eventId, type: 'sign_in', outcome: 'success', sub: user.sub }],
    )
  })

  it('prepares nothing for who may not, leaves no journey, and writes down why', async () => {
    const { finish, flow, flows, written, prepared } = await setup({}, { enabled: false })
    const answer = await finish()
    assert.deepEqual(answer, { ok: false, failure: { code: 'flow-expired', because: 'the account is disabled' } })
    assert.deepEqual(prepared, [])
    assert.equal(await flows.find(pool.id, flow.id), null)
    const [event] = written.events
    assert.deepEqual(
      [event?.outcome, event?.reason, event?.detail],
      ['failure', 'flow-expired', { because: 'the account is disabled' }],
    )
  })

  it('tells the app of a refusal once, and writes it down once', async () => {
    const { finish, written } = await setup({ refusal: { error: 'access_denied', description: 'no' } })
    const answers = await Promise.all([finish(), finish()])
    assert.deepEqual(answers.map((answer) => !answer.ok && answer.failure.code).sort(), [
      'consent-refused',
      'flow-expired',
    ])
    assert.deepEqual(
      written.events.map(({ outcome, reason }) => [outcome, reason]),
      [['failure', 'consent-refused']],
    )
  })

  it('is no sign-in for who was deleted while the protocol made ready', async () => {
    const { finish, users, written, flows, flow } = await setup()
    const answer = await finish(async () => {
      await users.delete(pool.id, user.sub, { events: [] })
    })
    assert.equal(!answer.ok && answer.failure.because, 'the account is gone')
    assert.equal(await flows.find(pool.id, flow.id), null)
    assert.deepEqual(
      written.events.map(({ outcome }) => outcome),
      ['failure'],
    )
  })

  it('remembers when somebody signed in last, and changes nothing else about them', async () => {
    const { finish, users } = await setup()
    await finish()
    const found = await users.findBySub(pool.id, user.sub)
    assert.deepEqual(found?.user.lastSignInAt, secondsLater(60))
    assert.deepEqual(found?.user.updatedAt, NOON)
  })
})

describe('what a completed sign-in leaves behind', () => {
  const both = [
    { method: 'password', at: +NOON },
    { method: 'totp', at: +NOON, factorId: 'totp' },
  ] as const

  it('is the browser in the person’s list, under a secret of its own', async () => {
    const { finish, devices } = await setup()
    const answer = await finish()
    assert.ok(answer.ok)
    assert.match(answer.value.device?.secret ?? '', /^[\w-]{43}$/)
    const [device] = await devices.list(pool.id, user.sub)
    assert.deepEqual([device?.rememberedUntil, device?.lastIp], [null, null])
    assert.ok(!JSON.stringify(device).includes(answer.value.device?.secret ?? ''))
  })

  it('is nothing for a journey that went on with a session', async () => {
    const { finish, devices } = await setup({ proof: { ...proof, isFromSession: true } })
    const answer = await finish()
    assert.ok(answer.ok)
    assert.equal(answer.value.device, null)
    assert.deepEqual(await devices.list(pool.id, user.sub), [])
  })

  it('is a remembered browser only for who has just shown a second factor and asked for it, and that is an event', async () => {
    const asked = aPool({ id: pool.id, settings: { devices: { remember: 'asked', days: 7 } } })
    const always = aPool({ id: pool.id, settings: { devices: { remember: 'always', days: 7 } } })
    for (const [state, pools, until] of [
      [{ remembers: true, proofs: both }, asked, secondsLater(60 + 7 * 86_400)],
      [{ remembers: true, proofs: both.slice(0, 1) }, asked, null],
      [{ remembers: false, proofs: both }, asked, null],
      [{ remembers: true, proofs: both }, pool, null],
      // Shown in the session that this journey builds on.
      [{ remembers: true, proofs: both.map((each) => ({ ...each, at: +NOON - 1 })) }, asked, null],
      [{ remembers: false, proofs: both }, always, secondsLater(60 + 7 * 86_400)],
      // One factor, in two mails.
      [{ proofs: both.map((each) => ({ ...each, method: 'email' as const })) }, always, null],
    ] as const) {
      const { finish, devices, written } = await setup(state, {}, pools)
      await finish()
      const [device] = await devices.list(pool.id, user.sub)
      assert.deepEqual(device?.rememberedUntil, until)
      const events = written.events.filter(({ type }) => type === 'device.remembered')
      assert.deepEqual(
        events.map(({ sub, deviceId }) => [sub, deviceId]),
        until === null ? [] : [[user.sub, device?.id]],
      )
    }
  })

  for (const [what, mode, apps, signIns] of [
    ['the pool judges', 'audit', {}, 1],
    ['the app judges, in a pool that does not', 'off', { own: 'enforce' }, 1],
    ['another app judges, which will want to know what is usual', 'off', { other: 'enforce' }, 1],
    ['the pool judges, and the app does not', 'enforce', { own: 'off' }, 1],
    ['nobody judges', 'off', {}, 0],
    ['every app says that it does not judge', 'off', { own: 'off', other: 'off' }, 0],
  ] as const)
    it(`is ${signIns === 0 ? 'not ' : ''}learnt by the person’s profile where ${what}`, async () => {
      const inPool = aPool({ id: pool.id, settings: { threatProtection: { mode } } })
      const { finish, profiles } = await setup({}, {}, inPool, apps)
      await finish()
      assert.equal(readProfile((await profiles.find(pool.id, user.sub))?.profile).signIns, signIns)
    })
})
