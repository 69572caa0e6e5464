import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { identityAt } from '#core/federation/index.ts'
import { NOON } from '#tests/support/builders.ts'
import { corporate } from '#tests/support/federated-journey.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'
import { type Lie, softwareAuthenticator } from '#tests/support/software-authenticator.ts'
import { passkeyView } from '../passkey-view.ts'

const ORIGIN = 'https://auth.example.com'
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const first = { firstFactors: ['password', 'passkey'] as const }

/** What the journey's page gives to its script now. */
const given = async ({ ports, pool, client, users }: Journey, journey: Pick<Journey, 'flow'>): Promise<string> => {
  const flow = await journey.flow()
  const sub = flow.state.proof?.sub ?? flow.state.challenge?.sub
  const person = sub === undefined ? null : ((await users.findBySub(pool.id, sub))?.user ?? null)
  const call = await passkeyView(ports, { flow, pool, client, step: flow.step, person })
  if (call === null || call.act === 'made') throw new Error(`no passkey is asked for at ${flow.step}`)
  return call.options
}

const setUp = async ({ pool, ...options }: JourneyOptions = {}, traits = {}) => {
  const journey = await aJourney({
    people: [ann()],
    ...options,
    pool: { ...first, firstFactors: [...first.firstFactors], ...pool },
  })
  const authenticator = softwareAuthenticator({ origin: ORIGIN, ...traits })
  const person = await journey.users.findByName(journey.pool.id, 'ann@example.com')
  const { sub } = person?.user ?? { sub: '' }
  const relyingParty = { id: 'auth.example.com', name: 'Example', origin: ORIGIN }
  const ceremony = { relyingParty, challenge: 'AAAA', userVerification: 'preferred' as const }
  const options2 = await journey.ports.passkeys.creationOptions(ceremony, { sub, name: 'ann' }, [])
  const made = await journey.ports.passkeys.verifyCreation(ceremony, authenticator.create(options2), false)
  if (!made.ok) throw new Error(made.failure.because)
  const { credentialId, counter, detail } = made.value
  await journey.ports.factors.enrol(
    {
      poolId: journey.pool.id,
      sub,
      id: 'p1',
      kind: 'passkey',
      name: null,
      address: null,
      credentialId,
      passkey: detail,
      counter,
      createdAt: NOON,
      secret: null,
    },
    { events: [] },
  )
  const answer = async (lie: Lie = {}, at: Pick<Journey, 'flow'> = journey) =>
    authenticator.get(await given(journey, at), lie)
  const message = async () => (await journey.flow()).state.failure?.message
  const passkey = (credential: string) => journey.post({ _intent: 'passkey', credential })
  return { journey, authenticator, sub, answer, message, passkey }
}

describe('a passkey as the first factor', () => {
  it('signs in without a name or a password, and the proof says what it was', async () => {
    const { journey, answer, passkey, sub } = await setUp({ pool: { mfa: 'required' } })
    assert.deepEqual(await passkey(await answer()), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.equal(proof?.sub, sub)
    assert.deepEqual(proof?.amr, ['hwk', 'user', 'mfa'])
    assert.equal(proof?.acr, 'urn:portico:acr:phishing-resistant')
  })

  it('that may be on other devices too is told as such, and is one factor where it asked for nobody', async () => {
    const { journey, answer, passkey } = await setUp({}, { syncs: true, verifies: false })
    assert.deepEqual(await passkey(await answer()), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.deepEqual(proof?.amr, ['swk'])
    assert.equal(proof?.acr, 'urn:portico:acr:single-factor')
  })

  it('must ask for the person wherever two factors may be needed, for everybody alike', async () => {
    for (const options of [
      { pool: { mfa: 'optional' as const } },
      { client: { requireSecondFactor: true }, pool: { mfa: 'optional' as const } },
    ]) {
      const { journey, answer, passkey, message } = await setUp(options)
      assert.equal(JSON.parse(await given(journey, journey)).userVerification, 'required')
      await passkey(await answer({ isVerified: false }))
      assert.equal(await message(), 'passkey.refused')
      assert.equal((await journey.flow()).state.proof, null)
    }
  })

  it('is asked for in the same words whoever has one: the options differ by the challenge alone, and list nobody', async () => {
    const somebody = await setUp()
    const nobody = await aJourney({ pool: { firstFactors: ['password', 'passkey'] } })
    const blank = async (journey: Journey, options: string) =>
      options.replace((await journey.flow()).state.passkeyChallenge ?? '', '')
    somebody.journey.calls()
    nobody.calls()
    const one = await given(somebody.journey, somebody.journey)
    const two = await given(nobody, nobody)
    assert.deepEqual(somebody.journey.calls(), nobody.calls())
    assert.equal(await blank(somebody.journey, one), await blank(nobody, two))
    assert.deepEqual(JSON.parse(one).allowCredentials, [])
    await somebody.journey.post({ ...right, password: 'wrong-wrong-wrong' })
    const after = await given(somebody.journey, somebody.journey)
    assert.notEqual(after, one)
    assert.equal(await blank(somebody.journey, after), await blank(nobody, two))
  })

  it('cannot be played again: every post, right or wrong, uses the challenge up', async () => {
    const { journey, answer, passkey, message } = await setUp()
    const used = await answer({ isVerified: true })
    await journey.post({ ...right, password: 'wrong-wrong-wrong' })
    await passkey(used)
    assert.equal(await message(), 'passkey.refused')
    const other = await journey.another()
    await other.post({ _intent: 'passkey', credential: used })
    assert.equal((await other.flow()).state.proof, null)
  })

  it('of fifty posts of one answer signs one journey in', async () => {
    const { journey, answer } = await setUp()
    const credential = await answer()
    const flow = await journey.flow()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => journey.post({ _intent: 'passkey', credential }, flow.step)),
    )
    assert.equal(answers.filter(({ kind }) => kind === 'done').length >= 1, true)
    const events = journey.written.events.filter(({ type, outcome }) => type === 'factor.used' && outcome === 'success')
    assert.equal(events.length, 1)
  })

  const lies: Readonly<Record<string, Lie>> = {
    'another site': { origin: 'https://auth.example.com.evil.example' },
    'another relying party': { rpId: 'evil.example' },
    'another key': { forged: true },
    'nobody in front of it': { isPresent: false },
  }
  for (const [name, lie] of Object.entries(lies)) {
    it(`of ${name} is refused`, async () => {
      const { journey, answer, passkey, message } = await setUp()
      await passkey(await answer(lie))
      assert.equal(await message(), 'passkey.refused')
      assert.equal((await journey.flow()).state.proof, null)
    })
  }

  it('that nobody has any more is told as such, so that the browser may forget it', async () => {
    const { journey, answer, passkey, message, sub } = await setUp()
    await journey.ports.factors.remove(journey.pool.id, sub, 'p1', { events: [] })
    await passkey(await answer())
    assert.equal(await message(), 'passkey.unknown')
  })

  it('made for somebody else than it is kept for is refused, and so is one that does not say for whom', async () => {
    for (const userHandle of [Buffer.from('somebody else').toString('base64url'), null]) {
      const { answer, passkey, message } = await setUp()
      await passkey(await answer({ userHandle }))
      assert.equal(await message(), 'passkey.refused')
    }
  })

  it('whose counter goes back is refused, and that is an event of its own', async () => {
    const { journey, answer, passkey, message } = await setUp()
    await passkey(await answer({ counter: 9 }))
    const again = await journey.another()
    await again.post({ _intent: 'passkey', credential: await answer({ counter: 9 }, again) })
    const { state } = await again.flow()
    assert.equal(state.failure?.message, 'passkey.cloned')
    assert.equal(state.proof, null)
    assert.equal(await message(), undefined)
    assert.equal(journey.written.events.filter(({ type }) => type === 'factor.cloned').length, 1)
  })

  it('of a closed account is refused like a wrong password, without a word about passkeys', async () => {
    const { journey, answer, passkey, message, sub } = await setUp()
    await journey.users.update(journey.pool.id, sub, { enabled: false, at: NOON }, { events: [] })
    await passkey(await answer())
    assert.equal(await message(), 'signin.failed')
  })

  it('is taken on the second page too, whoever was named on the first', async () => {
    const { journey, answer, passkey, sub } = await setUp({ pool: { signInLayout: 'identifier-first' } })
    assert.deepEqual(await journey.post({ username: 'nobody@example.com' }), { kind: 'step', step: 'password' })
    assert.deepEqual(await passkey(await answer()), { kind: 'done' })
    assert.equal((await journey.flow()).state.proof?.sub, sub)
  })

  it('does not count where the pool begins with passwords alone', async () => {
    const { journey, answer } = await setUp()
    const credential = await answer()
    const closed = await aJourney({ people: [ann()] })
    assert.deepEqual(await closed.post({ _intent: 'passkey', credential }), { kind: 'step', step: 'sign-in' })
    await assert.rejects(given(closed, closed))
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('is refused with anything else in its field, and nothing is thrown', async () => {
    for (const credential of [
      '',
      '{',
      'null',
      '[]',
      'x'.repeat(60_000),
      '{"id":"a","rawId":"a","type":"public-key"}',
    ]) {
      const { passkey, message } = await setUp()
      await passkey(credential)
      assert.match((await message()) ?? '', /^passkey\.(?:empty|refused)$/)
    }
  })
})

describe('a passkey as the second factor', () => {
  const asked = () => setUp({ pool: { mfa: 'optional', firstFactors: ['password'] } })

  it('is asked for after the password, from among the person’s own, and both are told', async () => {
    const { journey, answer, authenticator } = await asked()
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'passkey' })
    const options = JSON.parse(await given(journey, journey))
    assert.deepEqual(
      options.allowCredentials.map(({ id }: { id: string }) => id),
      authenticator.ids,
    )
    assert.deepEqual(await journey.post({ credential: await answer({ isVerified: false }) }), { kind: 'done' })
    const { proof } = (await journey.flow()).state
    assert.deepEqual(proof?.amr, ['pwd', 'hwk', 'mfa'])
    assert.equal(proof?.acr, 'urn:portico:acr:phishing-resistant')
  })

  it('of somebody else does not do', async () => {
    const { journey, authenticator, message } = await asked()
    await journey.post(right)
    const other = softwareAuthenticator({ origin: ORIGIN })
    const ceremony = {
      relyingParty: { id: 'auth.example.com', name: 'Example', origin: ORIGIN },
      challenge: 'AAAA',
      userVerification: 'preferred' as const,
    }
    other.create(await journey.ports.passkeys.creationOptions(ceremony, { sub: 'mallory', name: 'm' }, []))
    const options = JSON.stringify({ ...JSON.parse(await given(journey, journey)), allowCredentials: [] })
    await journey.post({ credential: other.get(options) })
    assert.equal(await message(), 'passkey.unknown')
    await journey.post({ credential: other.get(options, { id: authenticator.ids[0] ?? '' }) })
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('counts refused answers like guesses of any factor', async () => {
    const { journey, answer, message } = await asked()
    await journey.post(right)
    for (let n = 0; n < 10; n++) await journey.post({ credential: await answer({ forged: true }) })
    await journey.post({ credential: await answer() })
    assert.equal(await message(), 'mfa.spent')
  })
})

describe('a passkey at an app for the people of a provider alone (attack 59)', () => {
  const client = { callbackUrls: ['https://app.example.com/callback'], identityProviders: ['Corporate'] }

  it('of an account of the pool signs nobody in', async () => {
    const { journey, answer, passkey } = await setUp({ client })
    assert.notDeepEqual(await passkey(await answer()), { kind: 'done' })
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('of one of theirs does', async () => {
    const { journey, answer, passkey, sub } = await setUp({ client })
    const { providerStore, ports, pool } = journey
    const settings = corporate()
    const provider = { poolId: pool.id, name: settings.name, settings, createdAt: NOON, updatedAt: NOON }
    assert.ok((await providerStore.create(provider, null, { events: [] })).ok)
    const identity = identityAt(provider, '4711', { isPrimary: false, at: NOON })
    assert.ok((await ports.federation.identities.link(identity, sub, { events: [] })).ok)
    assert.deepEqual(await passkey(await answer()), { kind: 'done' })
  })
})
