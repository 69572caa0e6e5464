import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noTriggers } from '#core/triggers/index.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, type JourneyOptions } from '#tests/support/journey.ts'

const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const wrong = { ...right, password: 'not-the-password' }

const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure
const eventsOf = (journey: Journey) => journey.written.events.map(({ type, reason }) => [type, reason])

describe('signing in on the page', () => {
  it('refuses an empty name and an empty password, and says which', async () => {
    const journey = await aJourney({ people: [ann()] })
    await journey.post({ username: '  ', password: 'x' })
    assert.deepEqual(await failureOf(journey), { message: 'identifier.empty', params: {}, field: 'username' })
    await journey.post({ ...right, password: '' })
    assert.deepEqual(await failureOf(journey), { message: 'password.empty', params: {}, field: 'password' })
  })

  it('says the same of an unknown name, a wrong password, a disabled account and a name that cannot be', async () => {
    const journey = await aJourney({ people: [ann(), { attributes: { email: 'dee@example.com' }, enabled: false }] })
    for (const form of [
      { username: 'nobody@example.com', password: GOOD_PASSWORD },
      wrong,
      { username: 'dee@example.com', password: GOOD_PASSWORD },
      { username: 'no name at all', password: GOOD_PASSWORD },
      { username: 'ann@example.com\u0000', password: GOOD_PASSWORD },
    ]) {
      assert.deepEqual(await journey.post(form), { kind: 'step', step: 'sign-in' })
      assert.deepEqual(await failureOf(journey), { message: 'signin.failed', params: {}, field: null })
    }
    assert.deepEqual(
      eventsOf(journey).map(([, reason]) => reason),
      ['user-unknown', 'wrong-credentials', 'user-disabled', 'user-unknown', 'user-unknown'],
    )
  })

  it('keeps the name that was typed and never the password', async () => {
    const journey = await aJourney({ people: [ann()] })
    await journey.post(wrong)
    const { state } = await journey.flow()
    assert.deepEqual(state.values, { username: 'ann@example.com' })
    assert.doesNotMatch(JSON.stringify(state), /not-the-password/)
  })

  it('refuses the right password too once the account is locked from this network, and says for how long', async () => {
    const journey = await aJourney({ people: [ann()] })
    for (let n = 0; n < 5; n++) await journey.post(wrong)
    await journey.post(right)
    assert.deepEqual(await failureOf(journey), { message: 'signin.throttled', params: { minutes: 15 }, field: null })
    assert.deepEqual(await journey.post(right, 'sign-in', { ip: '198.51.100.9' }), { kind: 'done' })
  })

  it('lets a person in with the right password, whatever the spelling of the name', async () => {
    for (const username of ['ann@example.com', ' ANN@Example.COM ', 'ann@example\u3002com', 'ａｎｎ@example.com']) {
      const journey = await aJourney({ people: [ann()] })
      assert.deepEqual(await journey.post({ ...right, username }), { kind: 'done' }, username)
      const { proof } = (await journey.flow()).state
      assert.deepEqual([proof?.sub, proof?.amr], [ann().sub, ['pwd']])
    }
  })

  it('finds nobody of another pool', async () => {
    const journey = await aJourney()
    const { users } = await aJourney({ people: [ann()] })
    assert.notEqual(users, journey.users)
    await journey.post(right)
    assert.equal((await failureOf(journey))?.message, 'signin.failed')
  })

  it('lets nobody in with a temporary password that has expired', async () => {
    const journey = await aJourney({
      people: [
        ann({
          status: 'FORCE_CHANGE_PASSWORD',
          password: { isTemporary: true, expiresAt: new Date('2030-06-15T12:00:00Z') },
        }),
      ],
    })
    await journey.post(wrong)
    assert.equal((await failureOf(journey))?.message, 'signin.failed')
    await journey.post(right)
    assert.equal((await failureOf(journey))?.message, 'signin.temporaryExpired')
  })

  it('asks for a password of one’s own after a temporary one, for a code after an unconfirmed sign-up, for recovery after a reset', async () => {
    for (const [status, step] of [
      ['FORCE_CHANGE_PASSWORD', 'new-password'],
      ['UNCONFIRMED', 'confirm-account'],
      ['RESET_REQUIRED', 'reset-code'],
    ] as const) {
      const journey = await aJourney({ people: [ann({ status })] })
      assert.deepEqual(await journey.post(right), { kind: 'step', step })
      assert.equal((await journey.flow()).state.proof, null)
    }
  })

  it('tells what the account needs only to who has its password', async () => {
    for (const status of ['FORCE_CHANGE_PASSWORD', 'UNCONFIRMED', 'RESET_REQUIRED', 'DELETING'] as const) {
      const journey = await aJourney({ people: [ann({ status })] })
      assert.deepEqual(await journey.post(wrong), { kind: 'step', step: 'sign-in' })
      assert.equal((await failureOf(journey))?.message, 'signin.failed')
    }
  })

  it('remembers "keep me signed in" only where the pool offers it', async () => {
    for (const keepSignedIn of [true, false]) {
      const options: JourneyOptions = { people: [ann()], pool: { session: { keepSignedIn } } }
      const journey = await aJourney(options)
      await journey.post({ ...right, keep: 'on' })
      assert.equal((await journey.flow()).state.keepSignedIn, keepSignedIn)
    }
  })

  it('stops where the operator’s trigger says so, before and after', async () => {
    const no = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    for (const triggers of [{ preAuthentication: no }, { postAuthentication: no }]) {
      const journey = await aJourney({ people: [ann()], triggers: { ...noTriggers, ...triggers } })
      assert.deepEqual(await journey.post(right), { kind: 'step', step: 'sign-in' })
      assert.equal((await journey.flow()).state.proof, null)
    }
  })
})

describe('signing in on two pages, the name first', () => {
  const options: JourneyOptions = { pool: { signInLayout: 'identifier-first' }, people: [ann()] }

  it('asks for the password next, whether anybody has that name or not', async () => {
    for (const username of ['ann@example.com', 'nobody@example.com']) {
      const journey = await aJourney(options)
      assert.deepEqual(await journey.post({ username }), { kind: 'step', step: 'password' })
      assert.deepEqual((await journey.flow()).state.values, { username })
    }
  })

  it('refuses what cannot be a name', async () => {
    const journey = await aJourney(options)
    await journey.post({ username: 'no name at all' })
    assert.deepEqual(await failureOf(journey), { message: 'identifier.format', params: {}, field: 'username' })
  })

  it('takes the name from the journey, not from the form that brings the password', async () => {
    const journey = await aJourney({ ...options, people: [ann(), { attributes: { email: 'bo@example.com' } }] })
    await journey.post({ username: 'ann@example.com' })
    await journey.post({ username: 'bo@example.com', password: GOOD_PASSWORD })
    assert.equal((await journey.flow()).state.proof?.sub, ann().sub)
  })

  it('says the same of a wrong password and of nobody', async () => {
    const shown = []
    for (const username of ['ann@example.com', 'nobody@example.com']) {
      const journey = await aJourney(options)
      await journey.post({ username })
      assert.deepEqual(await journey.post({ password: 'not-the-password' }), { kind: 'step', step: 'password' })
      shown.push(await failureOf(journey))
    }
    assert.deepEqual(shown[0], shown[1])
  })
})

describe('after a right password', () => {
  it('a person gives what the pool demands and they never gave', async () => {
    const journey = await aJourney({
      people: [ann()],
      pool: { attributes: { given_name: { required: true } } },
    })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'missing-attributes' })
  })

  it('a person allows a third-party app once, and is not asked for the same again', async () => {
    const client = { firstParty: false, scopes: ['openid', 'email', 'phone'] }
    const journey = await aJourney({ people: [ann()], client })
    const asking = (scopes: string[], prompts: string[] = []) =>
      journey.another({ state: { request: { ...base.state.request, scopes, prompts } } })
    const base = await journey.flow()
    const first = await asking(['openid', 'email'])
    assert.deepEqual(await first.post(right), { kind: 'step', step: 'consent' })
    await first.post({ decision: 'allow' })
    assert.deepEqual(await (await asking(['openid', 'email'])).post(right), { kind: 'done' })
    assert.deepEqual(await (await asking(['openid', 'phone'])).post(right), { kind: 'step', step: 'consent' })
    assert.deepEqual(await (await asking(['openid', 'email'], ['consent'])).post(right), {
      kind: 'step',
      step: 'consent',
    })
    assert.deepEqual(await (await asking(['openid'])).post(right), { kind: 'done' })
  })

  it('who came to change a password comes to that page', async () => {
    const journey = await aJourney({ people: [ann()] })
    const { request } = (await journey.flow()).state
    const other = await journey.another({ state: { request: { ...request, screen: 'change-password' } } })
    assert.deepEqual(await other.post(right), { kind: 'step', step: 'change-password' })
  })
})
