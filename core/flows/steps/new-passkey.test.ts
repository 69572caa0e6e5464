import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'
import { type Lie, softwareAuthenticator } from '#tests/support/software-authenticator.ts'
import type { PasskeyCall } from '../flow-view.ts'
import { passkeyView } from '../passkey-view.ts'

const ORIGIN = 'https://auth.example.com'
const GOOGLE = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4'
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const DAY = 86_400

const callOf = async (
  { ports, pool, client, users }: Journey,
  at: Pick<Journey, 'flow'>,
): Promise<PasskeyCall | null> => {
  const flow = await at.flow()
  const sub = flow.state.proof?.sub ?? flow.state.challenge?.sub ?? ''
  const person = (await users.findBySub(pool.id, sub))?.user ?? null
  return passkeyView(ports, { flow, pool, client, step: flow.step, person })
}

const setUp = async (options: JourneyOptions, traits = {}) => {
  const journey = await aJourney({ people: [ann()], ...options })
  const authenticator = softwareAuthenticator({ origin: ORIGIN, aaguid: GOOGLE, ...traits })
  const create = async (lie: Lie = {}, at: Pick<Journey, 'flow'> = journey) => {
    const call = await callOf(journey, at)
    if (call?.act !== 'create') throw new Error('no passkey may be made here')
    return authenticator.create(call.options, lie)
  }
  const message = async () => (await journey.flow()).state.failure?.message
  const factors = async () => {
    const person = await journey.users.findByName(journey.pool.id, 'ann@example.com')
    return journey.ports.factors.list(journey.pool.id, person?.user.sub ?? '')
  }
  return { journey, authenticator, create, message, factors }
}

describe('a passkey as the second step that the pool demands', () => {
  const demanded = async (traits = {}) => {
    const made = await setUp({ pool: { mfa: 'required' } }, traits)
    await made.journey.post(right)
    await made.journey.post({ kind: 'passkey' })
    return made
  }

  it('is made, named by its keeper, told by mail, and counts as a proof at once', async () => {
    const { journey, create, factors } = await demanded({ syncs: true })
    assert.deepEqual(await journey.post({ credential: await create() }), { kind: 'step', step: 'enrol-passkey' })
    const call = await callOf(journey, journey)
    assert.deepEqual(call?.act === 'made' && [call.name, call.isSynced], ['Google Password Manager', true])
    assert.deepEqual(await journey.post(), { kind: 'step', step: 'recovery-codes' })
    assert.deepEqual(await journey.post({ saved: 'on' }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd', 'swk', 'user', 'mfa'])
    assert.equal((await factors())[0]?.name, 'Google Password Manager')
    assert.deepEqual(
      journey.written.events.filter(({ type }) => type === 'factor.enrolled').map(({ detail }) => detail.kind),
      ['passkey'],
    )
    assert.deepEqual(
      journey.sent().map(({ purpose }) => purpose),
      ['factor-added'],
    )
  })

  it('must ask for the person, be made here, now, and by a gesture', async () => {
    for (const lie of [
      { isVerified: false },
      { isPresent: false },
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { challenge: 'AAAA' },
    ]) {
      const { journey, create, message, factors } = await demanded()
      await journey.post({ credential: await create(lie), unattended: 'on' })
      assert.equal(await message(), 'passkey.refused')
      assert.deepEqual(await factors(), [])
    }
  })

  it('made for another journey adds nothing to this account: an answer is good for the page it was asked on', async () => {
    const { journey, create, message, factors } = await demanded()
    const stale = await create()
    await journey.post({ credential: 'nothing' })
    await journey.post({ credential: stale })
    assert.equal(await message(), 'passkey.refused')
    const other = await journey.another()
    await other.post(right)
    await other.post({ kind: 'passkey' })
    await other.post({ credential: stale })
    assert.deepEqual(await factors(), [])
  })

  it('is kept once, however often its answer is posted at the same time', async () => {
    const { journey, create, factors } = await demanded()
    const credential = await create()
    await Promise.all(Array.from({ length: 50 }, () => journey.post({ credential }, 'enrol-passkey')))
    assert.equal((await factors()).length, 1)
  })

  it('is not to be had where the pool does not allow it', async () => {
    const { journey } = await setUp({ pool: { mfa: 'required', factors: { allowed: ['totp'] } } })
    await journey.post(right)
    assert.deepEqual(await journey.post({ kind: 'passkey' }), { kind: 'step', step: 'enrol-factor' })
  })
})

describe('the offer of a passkey', () => {
  const capable = { ...right, _passkeys: 'yes' }
  const pool = { firstFactors: ['password' as const, 'passkey' as const] }

  it('comes after a sign-in by a browser that can make one, and is no wall', async () => {
    const { journey } = await setUp({ pool })
    assert.deepEqual(await journey.post(capable), { kind: 'step', step: 'offer-passkey' })
    assert.deepEqual(await journey.post({ _intent: 'later' }), { kind: 'done' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd'])
  })

  it('does not come to a browser that cannot, nor where pool or owner do not want it', async () => {
    const incapable = await setUp({ pool })
    assert.deepEqual(await incapable.journey.post(right), { kind: 'done' })
    for (const settings of [{ ...pool, passkeys: { offer: false } }, {}]) {
      const { journey } = await setUp({ pool: settings })
      assert.deepEqual(await journey.post(capable), { kind: 'done' })
    }
  })

  it('comes once in thirty days and three times in all', async () => {
    const { journey } = await setUp({ pool })
    const isOffered = async (days: number): Promise<boolean> => {
      journey.wait(days * DAY)
      const next = await journey.another({ expiresAt: Number.MAX_SAFE_INTEGER, createdAt: Number.MAX_SAFE_INTEGER / 2 })
      const answer = await next.post(capable)
      return answer.kind === 'step' && answer.step === 'offer-passkey'
    }
    const offers: boolean[] = []
    for (const days of [0, 1, 28, 2, 31, 31, 400]) offers.push(await isOffered(days))
    assert.deepEqual(offers, [true, false, false, true, true, false, false])
  })

  it('is taken: the passkey is kept, the page says where, and the next sign-in offers no other', async () => {
    const { journey, create, factors } = await setUp({ pool })
    await journey.post(capable)
    assert.deepEqual(await journey.post({ credential: await create() }), { kind: 'step', step: 'offer-passkey' })
    const call = await callOf(journey, journey)
    assert.equal(call?.act === 'made' && JSON.parse(call.signal).allAcceptedCredentialIds.length, 1)
    assert.deepEqual(await journey.post(), { kind: 'done' })
    assert.equal((await factors()).length, 1)
    journey.wait(31 * DAY)
    const next = await journey.another({ expiresAt: Number.MAX_SAFE_INTEGER, createdAt: Number.MAX_SAFE_INTEGER / 2 })
    assert.deepEqual(await next.post(capable), { kind: 'done' })
  })

  it('is an answer where whoever has a second factor is asked for it: nobody is thrown out for having made one', async () => {
    const { journey, create } = await setUp({ pool: { ...pool, mfa: 'optional' } })
    await journey.post(capable)
    const call = await callOf(journey, journey)
    assert.equal(call?.act === 'create' && call.isConditional, false)
    await journey.post({ credential: await create() })
    assert.deepEqual(await journey.post(), { kind: 'step', step: 'recovery-codes' })
    assert.deepEqual(await journey.post(), { kind: 'step', step: 'recovery-codes' })
    assert.deepEqual(await journey.post({ saved: 'on' }), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.deepEqual(proof?.amr, ['pwd', 'hwk', 'user', 'mfa'])
  })

  it('may be taken without a gesture right after a password, and the person is told by mail', async () => {
    const { journey, create, factors } = await setUp({ pool }, { syncs: true })
    await journey.post(capable)
    assert.equal((await callOf(journey, journey))?.act, 'create')
    await journey.post({ credential: await create({ isPresent: false, isVerified: false }), unattended: 'on' })
    assert.equal((await factors()).length, 1)
    assert.deepEqual(
      journey.sent().map(({ purpose }) => purpose),
      ['factor-added'],
    )
  })

  it('is over when the account was closed or signed out everywhere meanwhile', async () => {
    const { journey, create, factors } = await setUp({ pool })
    await journey.post(capable)
    const credential = await create()
    const person = await journey.users.findByName(journey.pool.id, 'ann@example.com')
    const change = { enabled: false, at: new Date() }
    await journey.users.update(journey.pool.id, person?.user.sub ?? '', change, { events: [] })
    assert.deepEqual(await journey.post({ credential }), { kind: 'step', step: 'sign-in' })
    assert.deepEqual(await factors(), [])
  })
})
