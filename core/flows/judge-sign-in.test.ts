import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deviceCookieKey, deviceTokenHash, stepAt } from '#core/factors/index.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { RequestContext } from '#core/shared/ports.ts'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey } from '#tests/support/journey.ts'
import { aProfile, CHROME_ON_WINDOWS } from '#tests/support/risk-facts.ts'

// Attacks 22, 42 and 45 as far as the judgement of a sign-in goes: it asks for more, and never for less.

const nothing = { events: [] }
const SUB = ann().sub ?? ''
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

const HOME: Partial<RequestContext> = {
  ip: '84.140.7.9',
  userAgent: CHROME_ON_WINDOWS,
  browser: {
    acceptLanguage: 'de-DE,de;q=0.9,en;q=0.8',
    clientHints: { brands: '"Chromium";v="138", "Google Chrome";v="138"', platform: '"Windows"' },
    isSecure: true,
    deviceSecrets: {},
  },
}
/** A program in another country, without a device that was ever seen. */
const ABROAD: Partial<RequestContext> = { ip: '203.0.113.7', userAgent: 'python-requests/2.31' }

const withDevice = (journey: Journey, secret: string): Partial<RequestContext> => ({
  ...HOME,
  browser: {
    acceptLanguage: null,
    clientHints: null,
    isSecure: true,
    ...HOME.browser,
    deviceSecrets: { [deviceCookieKey(journey.ports.hashes, journey.pool.id, SUB)]: secret },
  },
})

const setUp = async (pool: PoolSettingsInput = {}, { hasApp = false, knows = true } = {}) => {
  const journey = await aJourney({ people: [ann()], pool: { mfa: 'optional', ...pool } })
  const { ports, pool: made } = journey
  if (knows) await ports.profiles.save(made.id, SUB, aProfile(), 0, NOON)
  if (hasApp) {
    await ports.factors.enrol(
      {
        poolId: made.id,
        sub: SUB,
        id: 'totp',
        kind: 'totp',
        name: null,
        address: null,
        credentialId: null,
        passkey: null,
        counter: 0,
        createdAt: NOON,
        secret: SECRET,
      },
      nothing,
    )
  }
  return journey
}

const enforced = { threatProtection: { mode: 'enforce' } } as const
const remembering = { devices: { remember: 'asked', days: 30 } } as const
const deviceSecret = 'd'.repeat(43)

const remember = (journey: Journey, rememberedUntil: Date | null) =>
  journey.ports.devices.seen(
    {
      poolId: journey.pool.id,
      sub: SUB,
      id: 'device-1',
      tokenHash: deviceTokenHash(journey.ports.hashes, journey.pool.id, SUB, deviceSecret),
      name: 'Chrome on Windows',
      rememberedUntil,
      firstSeenAt: NOON,
      lastSeenAt: NOON,
      lastIp: null,
      lastPlace: null,
    },
    nothing,
  )

describe('a sign-in that looks like somebody else', () => {
  it('is stopped for who has no second factor, with a reference, an event and no proof left', async () => {
    const journey = await setUp(enforced)
    assert.deepEqual(await journey.post(right, 'sign-in', ABROAD), { kind: 'step', step: 'blocked' })
    const { state } = await journey.flow()
    assert.deepEqual([state.proof, state.proofs], [null, []])
    assert.equal(state.judged?.reference, 'request')
    const event = journey.written.events.find(({ reason }) => reason === 'risk-blocked')
    assert.deepEqual([event?.type, event?.outcome, event?.sub], ['sign_in', 'failure', SUB])
    assert.ok((event?.risk?.score ?? 0) > 0.85)
    assert.ok((event?.risk?.parts.length ?? 0) > 0)
  })

  it('asks for the second factor of who has one, for the reason of risk', async () => {
    const journey = await setUp(enforced, { hasApp: true })
    assert.deepEqual(await journey.post(right, 'sign-in', ABROAD), { kind: 'step', step: 'totp' })
    assert.equal((await journey.flow()).state.challenge?.reason, 'risk')
    const code = journey.ports.apps.codeAt(SECRET, stepAt(NOON))
    assert.deepEqual(await journey.post({ code }, 'totp', ABROAD), { kind: 'done' })
  })

  it('is judged and asked by one look at the person’s factors, whatever becomes of them meanwhile', async () => {
    const journey = await setUp(enforced, { hasApp: true })
    const { list } = journey.ports.factors
    let looks = 0
    journey.ports.factors.list = async (...whose) => {
      looks += 1
      return looks === 1 ? list(...whose) : []
    }
    assert.deepEqual(await journey.post(right, 'sign-in', ABROAD), { kind: 'step', step: 'totp' })
    assert.equal(looks, 1)
  })

  it('asks for the code to a proven address where that stands for a factor of everybody', async () => {
    const journey = await setUp({ ...enforced, mfa: 'required', factors: { allowed: ['email'] } })
    assert.deepEqual(await journey.post(right, 'sign-in', ABROAD), { kind: 'step', step: 'factor-code' })
    assert.equal((await journey.flow()).state.challenge?.reason, 'risk')
  })

  it('asks for it although the browser is remembered', async () => {
    const journey = await setUp({ ...enforced, ...remembering }, { hasApp: true })
    await remember(journey, secondsLater(3600))
    const stolen = { ...withDevice(journey, deviceSecret), ...ABROAD }
    assert.deepEqual(await journey.post(right, 'sign-in', stolen), { kind: 'step', step: 'totp' })
  })

  it('leads nowhere but back to the sign-in page', async () => {
    const journey = await setUp(enforced)
    await journey.post(right, 'sign-in', ABROAD)
    for (const step of ['done', 'consent', 'totp', 'new-password'] as const)
      assert.deepEqual(await journey.post({}, step, ABROAD), { kind: 'step', step: 'blocked' })
    assert.deepEqual(await journey.post(right, 'sign-in', HOME), { kind: 'done' })
  })

  it('is let through where the pool only looks on, and the judgement is kept for the event', async () => {
    const journey = await setUp({ threatProtection: { mode: 'audit' } })
    assert.deepEqual(await journey.post(right, 'sign-in', ABROAD), { kind: 'done' })
    const { judged } = (await journey.flow()).state
    assert.deepEqual([judged?.risk?.level, judged?.effect], ['high', 'allow'])
  })

  it('is not judged at all where the pool does not ask', async () => {
    const journey = await setUp()
    assert.deepEqual(await journey.post(right, 'sign-in', ABROAD), { kind: 'done' })
    assert.equal((await journey.flow()).state.judged?.risk, null)
  })
})

describe('an ordinary sign-in of a pool that judges', () => {
  it('is asked for nothing more', async () => {
    const journey = await setUp(enforced)
    assert.deepEqual(await journey.post(right, 'sign-in', HOME), { kind: 'done' })
  })

  it('is met gently while the person is new', async () => {
    const journey = await setUp(enforced, { knows: false })
    assert.deepEqual(await journey.post(right, 'sign-in', HOME), { kind: 'done' })
    assert.ok((await journey.flow()).state.judged?.risk?.because.includes('coldStart'))
  })

  it('tells a wrong password nothing of the judgement', async () => {
    const journey = await setUp(enforced)
    await journey.post({ ...right, password: 'wrong-wrong-wrong' }, 'sign-in', ABROAD)
    const { step, state } = await journey.flow()
    assert.deepEqual([step, state.judged], ['sign-in', null])
  })

  it('is refused from a denied network, whatever else speaks for it', async () => {
    const journey = await setUp({ threatProtection: { mode: 'enforce', deniedNetworks: ['84.140.0.0/16'] } })
    assert.deepEqual(await journey.post(right, 'sign-in', HOME), { kind: 'step', step: 'blocked' })
  })
})

describe('a remembered browser', () => {
  it('spares the second factor, and is no proof: the level stays that of a password', async () => {
    const journey = await setUp(remembering, { hasApp: true })
    await remember(journey, secondsLater(3600))
    assert.deepEqual(await journey.post(right, 'sign-in', withDevice(journey, deviceSecret)), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.deepEqual([proof?.amr, proof?.acr], [['pwd'], 'urn:portico:acr:single-factor'])
  })

  it('spares it for its own person alone, for as long as was said, and only where the pool lets it', async () => {
    const cases: [PoolSettingsInput, Date | null, string][] = [
      [remembering, secondsLater(0), deviceSecret],
      [remembering, null, deviceSecret],
      [remembering, secondsLater(3600), 'e'.repeat(43)],
      [{ devices: { remember: 'never' } }, secondsLater(3600), deviceSecret],
    ]
    for (const [pool, until, secret] of cases) {
      const journey = await setUp(pool, { hasApp: true })
      await remember(journey, until)
      assert.deepEqual(await journey.post(right, 'sign-in', withDevice(journey, secret)), {
        kind: 'step',
        step: 'totp',
      })
    }
  })

  it('is asked for by a tick, which counts only where the pool asks', async () => {
    for (const [pool, remembers] of [
      [remembering, true],
      [{}, false],
    ] as const) {
      const journey = await setUp(pool, { hasApp: true })
      await journey.post(right, 'sign-in', HOME)
      const code = journey.ports.apps.codeAt(SECRET, stepAt(NOON))
      await journey.post({ code, remember: 'on' }, 'totp', HOME)
      assert.equal((await journey.flow()).state.remembers, remembers)
    }
  })
})
