import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepAt } from '#core/factors/index.ts'
import { aFlowRequest, aProof, NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, OTHER_PASSWORD } from '#tests/support/journey.ts'

const sub = ann().sub ?? ''
const right = { username: 'ann@example.com', password: GOOD_PASSWORD }
const nothing = { events: [] }
const failureOf = async (journey: Pick<Journey, 'flow'>) => (await journey.flow()).state.failure
const personOf = (journey: Journey) => journey.users.findBySub(journey.pool.id, sub)

describe('a password of one’s own after a temporary one', () => {
  const invited = ann({ status: 'FORCE_CHANGE_PASSWORD', password: { isTemporary: true, expiresAt: secondsLater(60) } })
  const signingIn = async () => {
    const journey = await aJourney({ people: [invited] })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'new-password' })
    return journey
  }

  it('has to fit the pool’s rules', async () => {
    const journey = await signingIn()
    await journey.post({ password: 'short' })
    assert.equal((await failureOf(journey))?.message, 'newpassword.short')
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('replaces the temporary one and finishes the sign-in', async () => {
    const journey = await signingIn()
    journey.wait(5)
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'done' })
    const found = await personOf(journey)
    assert.deepEqual([found?.user.status, found?.password?.isTemporary], ['CONFIRMED', false])
    assert.deepEqual(found?.user.sessionsValidAfter, secondsLater(5))
    const { proof } = (await journey.flow()).state
    assert.ok((proof?.authenticatedAt ?? 0) >= secondsLater(5).getTime(), 'the proof outlives the sign-out it caused')
    assert.equal(journey.sent().at(-1)?.purpose, 'password-changed')
  })

  it('is a sign-in, which the post-authentication trigger may refuse', async () => {
    const refuse = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    const journey = await aJourney({ people: [invited], triggers: { postAuthentication: refuse } })
    await journey.post(right)
    await journey.post({ password: OTHER_PASSWORD })
    assert.equal((await failureOf(journey))?.message, 'trigger.refused')
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('is not taken for a temporary one that was replaced by another meanwhile', async () => {
    const journey = await signingIn()
    journey.wait(5)
    const found = await personOf(journey)
    const password = {
      ...found?.password,
      hash: 'another',
      isTemporary: true,
      expiresAt: null,
      changedAt: secondsLater(5),
    }
    const set = { password, status: 'FORCE_CHANGE_PASSWORD' as const, historySize: 0, at: secondsLater(5) }
    await journey.users.setPassword(journey.pool.id, sub, set, nothing)
    assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'step', step: 'sign-in' })
    assert.equal((await personOf(journey))?.password?.isTemporary, true)
    assert.equal((await journey.flow()).state.proof, null)
  })

  it('begins anew when the account was disabled, deleted or changed meanwhile', async () => {
    for (const change of [
      { enabled: false },
      { status: 'CONFIRMED' as const },
      { status: 'DELETING' as const },
      null,
    ]) {
      const journey = await signingIn()
      if (change === null) await journey.users.delete(journey.pool.id, sub, nothing)
      else await journey.users.update(journey.pool.id, sub, { ...change, at: NOON }, nothing)
      assert.deepEqual(await journey.post({ password: OTHER_PASSWORD }), { kind: 'step', step: 'sign-in' })
      assert.equal((await journey.flow()).state.proof, null)
    }
  })
})

describe('changing a password while signed in', () => {
  const proof = aProof(sub, { isFromSession: true })
  const change = { current: GOOD_PASSWORD, password: OTHER_PASSWORD }
  const changing = async (passwordPlain = GOOD_PASSWORD) => {
    const journey = await aJourney({ people: [ann({ passwordPlain })], step: 'change-password', state: { proof } })
    const { request } = (await journey.flow()).state
    return Object.assign(journey, await journey.another({ step: 'change-password', state: { request, proof } }))
  }

  it('is not possible with a live session alone', async () => {
    const journey = await changing()
    await journey.post({ password: OTHER_PASSWORD })
    assert.deepEqual(await failureOf(journey), { message: 'password.empty', params: {}, field: 'current' })
    await journey.post({ ...change, current: 'wrong' })
    assert.deepEqual(await failureOf(journey), { message: 'signin.failed', params: {}, field: 'current' })
    assert.match((await personOf(journey))?.password?.hash ?? '', new RegExp(encoded(GOOD_PASSWORD)))
  })

  it('takes five guesses an hour, over all journeys, the right one included', async () => {
    const journey = await changing()
    for (let n = 0; n < 5; n++) await journey.post({ ...change, current: 'wrong' })
    await journey.post(change)
    const failure = await failureOf(journey)
    assert.deepEqual([failure?.message, failure?.params], ['signin.throttled', { minutes: 60 }])
  })

  it('sets the new one, ends every other session, and leaves a proof of now', async () => {
    const journey = await changing()
    journey.wait(9)
    assert.deepEqual(await journey.post(change), { kind: 'done' })
    const found = await personOf(journey)
    assert.deepEqual(found?.user.sessionsValidAfter, secondsLater(9))
    const { proof } = (await journey.flow()).state
    assert.deepEqual([proof?.sub, proof?.authenticatedAt, proof?.amr], [sub, secondsLater(9).getTime(), ['pwd']])
  })

  it('knows the present password in whatever form the keyboard sends it', async () => {
    const journey = await changing('café-über-straße-15'.normalize('NFC'))
    const current = 'café-über-straße-15'.normalize('NFD')
    assert.deepEqual(await journey.post({ ...change, current }), { kind: 'done' })
  })

  it('asks first for a second factor that was not shown in the last ten minutes, and forgets no old password before', async () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const proofs = [
      { method: 'password', at: +secondsLater(-700) },
      { method: 'totp', at: +secondsLater(-601), factorId: 'totp' },
    ] as const
    const opened = { ...proof, proofs }
    const journey = await aJourney({ people: [ann()], pool: { mfa: 'optional' } })
    await journey.ports.factors.enrol(
      {
        poolId: journey.pool.id,
        sub,
        id: 'totp',
        kind: 'totp',
        name: null,
        address: null,
        credentialId: null,
        passkey: null,
        counter: 0,
        createdAt: NOON,
        secret,
      },
      nothing,
    )
    const request = aFlowRequest({ screen: 'change-password' })
    const state = { request, proof: opened, proofs, buildsOnSession: true }
    const page = await journey.another({ step: 'change-password', state })
    assert.deepEqual(await page.post(change), { kind: 'step', step: 'totp' })
    assert.match((await personOf(journey))?.password?.hash ?? '', new RegExp(encoded(GOOD_PASSWORD)))
    const code = journey.ports.apps.codeAt(secret, stepAt(NOON))
    assert.deepEqual(await page.post({ code }), { kind: 'step', step: 'change-password' })
    assert.deepEqual(await page.post(change), { kind: 'done' })
    assert.match((await personOf(journey))?.password?.hash ?? '', new RegExp(encoded(OTHER_PASSWORD)))
    assert.deepEqual((await page.flow()).state.proof?.amr, ['otp', 'pwd', 'mfa'])
  })

  it('begins anew for somebody disabled or deleted', async () => {
    const disabled = await changing()
    await disabled.users.update(disabled.pool.id, sub, { enabled: false, at: NOON }, nothing)
    assert.deepEqual(await disabled.post(change), { kind: 'step', step: 'sign-in' })
    const deleted = await changing()
    await deleted.users.delete(deleted.pool.id, sub, nothing)
    assert.deepEqual(await deleted.post(change), { kind: 'step', step: 'sign-in' })
  })
})

describe('attributes the pool came to demand', () => {
  const asking = async () => {
    const journey = await aJourney({
      people: [ann()],
      pool: { attributes: { given_name: { required: true, maxLength: 5 }, 'custom:role': {} } },
    })
    assert.deepEqual(await journey.post(right), { kind: 'step', step: 'missing-attributes' })
    return journey
  }

  it('are asked for until they are given and fit', async () => {
    const journey = await asking()
    await journey.post({ given_name: '  ' })
    assert.deepEqual(await failureOf(journey), { message: 'attribute.missing', params: {}, field: 'given_name' })
    await journey.post({ given_name: 'far too long' })
    assert.equal((await failureOf(journey))?.message, 'attribute.format')
    assert.deepEqual(await journey.post({ given_name: 'Ann' }), { kind: 'done' })
    assert.equal((await personOf(journey))?.user.attributes.given_name, 'Ann')
  })

  it('are all that can be written there', async () => {
    const journey = await asking()
    await journey.post({ given_name: 'Ann', 'custom:role': 'admin', email: 'x@example.com', email_verified: 'false' })
    assert.deepEqual((await personOf(journey))?.user.attributes, { ...ann().attributes, given_name: 'Ann' })
  })

  it('begin anew for somebody disabled or deleted', async () => {
    const disabled = await asking()
    await disabled.users.update(disabled.pool.id, sub, { enabled: false, at: NOON }, nothing)
    assert.deepEqual(await disabled.post({ given_name: 'Ann' }), { kind: 'step', step: 'sign-in' })
    const deleted = await asking()
    await deleted.users.delete(deleted.pool.id, sub, nothing)
    assert.deepEqual(await deleted.post({ given_name: 'Ann' }), { kind: 'step', step: 'sign-in' })
  })
})

const encoded = (password: string): string => Buffer.from(password).toString('base64url')
