import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail } from '#core/shared/result.ts'
import { corp } from '#tests/support/fake-directory.ts'
import { aFederatedJourney, corporate, failureOf, lastEvent, signedIn } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD, type JourneyOptions, OTHER_PASSWORD } from '#tests/support/journey.ts'

const CLAIMS = { mail: 'ann@corp.example', cn: 'Ann', groups: ['cn=finance,dc=corp'] }
const THEIRS = 'theirs-and-right'

const aJourney = async ({ directory = {}, ...options }: JourneyOptions & { directory?: object } = {}) => {
  const journey = await aFederatedJourney({ ...options, providers: [corp({ ...directory })] })
  journey.directory.add(['ann@corp.example', 'ann'], THEIRS, { subject: 'uuid-of-ann', claims: CLAIMS })
  return journey
}
type Walk = Awaited<ReturnType<typeof aJourney>>

const typed = (password = THEIRS, username = 'ann@corp.example') => ({ username, password })
const inByDirectory = async (journey: Walk): Promise<string> => {
  assert.deepEqual(await journey.post(typed()), { kind: 'done' })
  return (await signedIn(journey)) ?? assert.fail('nobody')
}

describe('a name that leads to a directory', () => {
  it('is let in by the directory’s password alone, whatever password there is here', async () => {
    const mail = { email: 'ann@corp.example', email_verified: true }
    const journey = await aJourney({ people: [ann({ attributes: mail })] })
    await journey.post(typed(GOOD_PASSWORD))
    assert.equal(await failureOf(journey), 'signin.failed')
    const event = lastEvent(journey, 'sign_in.step')
    assert.equal(event?.reason, 'wrong-credentials')
    assert.deepEqual(event?.detail, { step: 'sign-in', method: 'password', provider: 'Corp', because: 'bind-refused' })
  })

  it('signs nobody in while the directory is away, and says so on the page and in an event', async () => {
    const journey = await aJourney()
    journey.directory.down = { code: 'upstream-unreachable', because: 'certificate-refused: expired' }
    await journey.post(typed())
    const { step, state } = await journey.flow()
    assert.equal(step, 'sign-in')
    assert.deepEqual(state.failure, { message: 'upstream.unreachable', params: { provider: 'Corp' }, field: null })
    assert.equal(lastEvent(journey, 'sign_in.step')?.detail.because, 'certificate-refused: expired')
    journey.directory.down = null
    await inByDirectory(journey)
  })

  it('is refused where the account there is disabled or its password has run out, with where to change it', async () => {
    const journey = await aJourney()
    journey.directory.add(['dan@corp.example'], THEIRS, {}, { code: 'user-disabled', because: 'account-disabled' })
    journey.directory.add(['old@corp.example'], THEIRS, {}, { code: 'password-expired', because: 'password-expired' })
    await journey.post(typed(THEIRS, 'dan@corp.example'))
    assert.equal(await failureOf(journey), 'signin.failed')
    await journey.post(typed(THEIRS, 'old@corp.example'))
    const { failure } = (await journey.flow()).state
    assert.deepEqual([failure?.message, failure?.params.provider], ['signin.passwordExpired', 'Corp'])
  })

  it('is refused when the owner’s code says no, and when no profiles are made, each with an event', async () => {
    const no = await aJourney({ triggers: { preAuthentication: async () => fail('trigger-refused') } })
    await no.post(typed())
    assert.equal(await signedIn(no), undefined)
    const closed = await aJourney({ directory: { createsUsers: false } })
    await closed.post(typed())
    assert.equal(await failureOf(closed), 'upstream.unlinked')
    assert.equal(lastEvent(closed, 'sign_in.step')?.reason, 'upstream-unlinked')
  })

  it('is refused in an app that does not take the directory', async () => {
    const journey = await aJourney({ client: { identityProviders: ['COGNITO'] } })
    await journey.post(typed())
    assert.equal(await failureOf(journey), 'signin.failed')
    assert.deepEqual(journey.directory.asked, [])
  })

  it('gets a profile the first time, and is the same person the second', async () => {
    const rules = [{ claim: 'groups', equals: 'cn=finance,dc=corp', group: 'finance' }]
    const journey = await aJourney({ directory: { groupRules: rules } })
    const sub = await inByDirectory(journey)
    const { user, password } = (await journey.users.findBySub(journey.pool.id, sub)) ?? assert.fail('gone')
    assert.equal(user.status, 'EXTERNAL_PROVIDER')
    assert.equal(password, null)
    assert.deepEqual(user.attributes, { email: 'ann@corp.example', email_verified: true, name: 'Ann' })
    assert.deepEqual((await journey.flow()).state.proof?.amr, ['pwd'])
    const groups = (await journey.users.groupsOf(journey.pool.id, sub)).map(({ name }) => name)
    assert.deepEqual(groups.sort(), [`${journey.pool.id}_Corp`, 'finance'].sort())
    assert.equal(await inByDirectory(await again(journey)), sub)
  })

  it('owes the pool’s second factor, or none where that is the directory’s business', async () => {
    const strict = await aJourney({ pool: { mfa: 'required' } })
    assert.deepEqual(await strict.post(typed()), { kind: 'step', step: 'enrol-factor' })
    await inByDirectory(await aJourney({ pool: { mfa: 'required' }, directory: { secondFactor: 'never' } }))
  })

  it('goes to the password where the name is asked first, whatever else the pool begins with', async () => {
    const journey = await aJourney({ pool: { firstFactors: ['email-code', 'password'] } })
    assert.deepEqual(await journey.post({ username: 'ann@corp.example' }), { kind: 'step', step: 'password' })
    assert.deepEqual(await journey.post({ password: THEIRS }), { kind: 'done' })
  })

  it('is offered the account with the same address, which is proven by its own password', async () => {
    const mail = { email: 'ann@corp.example', email_verified: true }
    const journey = await aJourney({ people: [ann({ attributes: mail })] })
    assert.deepEqual(await journey.post(typed()), { kind: 'step', step: 'link-account' })
    await journey.post()
    await journey.post(typed(THEIRS))
    assert.equal((await journey.flow()).step, 'sign-in')
    assert.deepEqual(await journey.post(typed(GOOD_PASSWORD)), { kind: 'step', step: 'connect-provider' })
    assert.deepEqual(await journey.post(), { kind: 'done' })
    assert.equal(await inByDirectory(await again(journey)), ann().sub)
  })
})

const again = async (journey: Walk): Promise<Walk> => ({ ...journey, ...(await journey.another()) })

describe('a directory for everybody', () => {
  const directory = { forEverybody: true }

  it('is not asked about an account that has a password of its own', async () => {
    const journey = await aJourney({ directory, people: [ann()] })
    assert.deepEqual(await journey.post(typed(GOOD_PASSWORD, 'ann@example.com')), { kind: 'done' })
    assert.deepEqual(journey.directory.asked, [])
  })

  it('knows names that could be nobody’s here, in both layouts', async () => {
    const together = await aJourney({ directory })
    assert.deepEqual(await together.post(typed(THEIRS, 'ann')), { kind: 'done' })
    const apart = await aJourney({ directory, pool: { signInLayout: 'identifier-first' } })
    assert.deepEqual(await apart.post({ username: 'ann' }), { kind: 'step', step: 'password' })
    assert.deepEqual(await apart.post({ password: THEIRS }), { kind: 'done' })
  })

  it('adds the password to the ways of a pool without, the same for every name', async () => {
    const journey = await aJourney({ directory, pool: { firstFactors: ['email-code'] }, people: [ann()] })
    for (const username of ['ann@example.com', 'ann']) {
      const one = await again(journey)
      assert.deepEqual(await one.post({ username }), { kind: 'step', step: 'choose-method' })
    }
  })

  it('is all there is in an app without accounts of the pool', async () => {
    const journey = await aJourney({ directory, people: [ann()], client: { identityProviders: ['Corp'] } })
    await journey.post(typed(GOOD_PASSWORD, 'ann@example.com'))
    assert.equal(await failureOf(journey), 'signin.failed')
    assert.equal(journey.directory.asked.length, 1)
  })
})

describe('a provider that people are sent to', () => {
  it('is left for without a password, as before', async () => {
    const providers = [corporate({ identifiers: ['fjord.example'] }), corp()]
    const journey = await aFederatedJourney({ providers })
    assert.deepEqual(await journey.post({ username: 'ann@fjord.example', password: '' }), {
      kind: 'leave',
      provider: 'Corporate',
    })
  })
})

describe('capturing passwords', () => {
  const directory = { capturesPasswords: true }
  const off = corp({ ...directory, enabled: false })

  it('opens nothing while the directory is asked: neither the password, by any name, nor a code', async () => {
    const elsewhere = { ...directory, emailDomains: ['home.example'] }
    const journey = await aJourney({ directory: elsewhere, pool: { firstFactors: ['password', 'email-code'] } })
    const put = (password: string) =>
      journey.directory.add(['ann@corp.example'], password, {
        subject: 'uuid-of-ann',
        claims: { mail: 'ann@home.example' },
      })
    put(THEIRS)
    await journey.post({ username: 'ann@corp.example' })
    assert.deepEqual(await journey.post({ password: THEIRS }), { kind: 'done' })
    put('changed-there')
    for (const username of ['ann@corp.example', 'ann@home.example']) {
      const second = await again(journey)
      await second.post({ username })
      if ((await second.flow()).step === 'choose-method') await second.post({ way: 'password' })
      await second.post({ password: THEIRS })
      assert.equal(await failureOf(second), 'signin.failed', username)
    }
    const coded = await again(journey)
    await coded.post({ username: 'ann@home.example' })
    assert.deepEqual(await coded.post({ way: 'email-code' }), { kind: 'step', step: 'sign-in-code' })
    const forgot = await again(journey)
    assert.equal((await forgot.post({ username: 'ann@home.example' }, 'forgot-password')).kind, 'step')
    assert.deepEqual(journey.sent(), [])
    await journey.putProvider(corp({ ...elsewhere, enabled: false }))
    const left = await again(journey)
    await left.post({ username: 'ann@home.example' })
    await left.post({ way: 'email-code' })
    assert.equal(journey.sent().length, 1)
  })

  it('lets people in by the same password once the directory is switched off', async () => {
    const journey = await aJourney({ directory })
    const sub = await inByDirectory(journey)
    const event = lastEvent(journey, 'password.changed')
    assert.deepEqual(event?.detail, { act: 'capture', provider: 'Corp' })
    assert.equal((await journey.users.findBySub(journey.pool.id, sub))?.user.status, 'CONFIRMED')
    await journey.putProvider(off)
    const second = await again(journey)
    await second.post(typed('not-the-one'))
    assert.equal(await failureOf(second), 'signin.failed')
    assert.equal(await inByDirectory(second), sub)
    assert.equal(journey.directory.asked.length, 1)
  })

  it('happens once for one password, and again for the next', async () => {
    const journey = await aJourney({ directory })
    await inByDirectory(journey)
    await inByDirectory(await again(journey))
    const captured = () => journey.written.events.filter(({ type }) => type === 'password.changed').length
    assert.equal(captured(), 1)
    journey.directory.add(['ann@corp.example'], OTHER_PASSWORD, { subject: 'uuid-of-ann', claims: CLAIMS })
    assert.deepEqual(await (await again(journey)).post(typed(OTHER_PASSWORD)), { kind: 'done' })
    assert.equal(captured(), 2)
  })

  it('leaves alone whoever has an account of their own, and every account where it is not asked for', async () => {
    const mail = { email: 'ann@corp.example', email_verified: true }
    const linked = await aJourney({ directory, people: [ann({ attributes: mail })] })
    await linked.post(typed())
    await linked.post()
    await linked.post(typed(GOOD_PASSWORD))
    await linked.post()
    assert.equal(await inByDirectory(await again(linked)), ann().sub)
    assert.equal(lastEvent(linked, 'password.changed'), undefined)
    const plain = await aJourney()
    const sub = await inByDirectory(plain)
    assert.equal((await plain.users.findBySub(plain.pool.id, sub))?.password, null)
  })

  it('gives no name that somebody has, and none that the directory is not believed about', async () => {
    const taken = { email: 'ann@corp.example', email_verified: false }
    const journey = await aJourney({ directory, people: [ann({ attributes: taken })] })
    const sub = await inByDirectory(journey)
    assert.notEqual(sub, ann().sub)
    assert.equal((await journey.users.findByName(journey.pool.id, 'ann@corp.example'))?.user.sub, ann().sub)
    const unbelieved = await aJourney({ directory: { ...directory, trustsEmail: 'never' } })
    await inByDirectory(unbelieved)
    assert.equal(await unbelieved.users.findByName(unbelieved.pool.id, 'ann@corp.example'), null)
  })
})
