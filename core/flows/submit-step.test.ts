import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noTriggers } from '#core/triggers/index.ts'
import { aFlow, aProof } from '#tests/support/builders.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aJourney, ann, GOOD_PASSWORD } from '#tests/support/journey.ts'
import type { FlowState } from './flow.ts'
import { FLOW_STEPS, type FlowStep } from './flow-view.ts'
import { stepToken } from './step-token.ts'
import { ENTRY_STEPS, mayBecome, STEP_MOVES } from './steps.ts'

const proof = aProof(ann().sub ?? '', { authenticatedAt: 0 })
const rightForm = { username: 'ann@example.com', password: GOOD_PASSWORD }

describe('a posted form', () => {
  it('changes nothing without a step token, or with one that is not of this page', async () => {
    const journey = await aJourney({ people: [ann()] })
    const before = await journey.flow()
    const other = await (await journey.another()).flow()
    const stale = stepToken(journey.ports.hashes, { ...before, version: before.version - 1 })
    const foreign = stepToken(journey.ports.hashes, other)
    const otherPool = stepToken(journey.ports.hashes, { ...before, poolId: 'eu-local-1_AAAAAAAAA' })
    const otherBrowser = stepToken(journey.ports.hashes, { ...before, secretHash: other.secretHash })
    for (const _step of ['', 'x'.repeat(43), stale, foreign, otherPool, otherBrowser]) {
      assert.deepEqual(await journey.post({ ...rightForm, _step }), { kind: 'step', step: 'sign-in' })
    }
    assert.deepEqual(await journey.post({ ...rightForm, _step: [] }), { kind: 'step', step: 'sign-in' })
    assert.deepEqual(await journey.flow(), before)
  })

  it('counts once when it is sent twice: the second shows where the journey is', async () => {
    const journey = await aJourney({ people: [ann()] })
    const _step = stepToken(journey.ports.hashes, await journey.flow())
    assert.deepEqual(await journey.post({ username: 'ann@example.com', password: 'wrong', _step }), {
      kind: 'step',
      step: 'sign-in',
    })
    const after = await journey.flow()
    await journey.post({ ...rightForm, _step })
    assert.deepEqual(await journey.flow(), after)
  })

  it('twice at once is written once, and both answers lead to where the journey is', async () => {
    const journey = await aJourney({ people: [ann()] })
    const answers = await Promise.all([journey.post(rightForm), journey.post(rightForm)])
    assert.equal((await journey.flow()).version, 2)
    assert.equal((await journey.flow()).step, 'done')
    assert.deepEqual(answers, [{ kind: 'done' }, { kind: 'done' }])
  })

  it('to a step the journey is not at shows the step it is at', async () => {
    for (const step of FLOW_STEPS.filter((each) => !ENTRY_STEPS.has(each))) {
      const journey = await aJourney({ people: [ann()] })
      const before = await journey.flow()
      assert.deepEqual(await journey.post({ ...rightForm, code: '123456', decision: 'allow' }, step), {
        kind: 'step',
        step: 'sign-in',
      })
      assert.deepEqual(await journey.flow(), before)
    }
  })

  it('to a step whose demand the journey does not meet goes to the beginning', async () => {
    for (const step of FLOW_STEPS.filter((each) => !ENTRY_STEPS.has(each) && each !== 'done')) {
      const journey = await aJourney({ people: [ann()], step })
      assert.deepEqual(await journey.post({ ...rightForm, code: '123456' }), { kind: 'step', step: 'sign-in' })
    }
  })

  it('with a button that the step does not have does nothing but draw the step anew', async () => {
    const journey = await aJourney({ people: [ann()] })
    for (const _intent of ['resend', 'constructor', '__proto__', 'toString', 'submit', 'done'])
      assert.deepEqual(await journey.post({ ...rightForm, _intent }), { kind: 'step', step: 'sign-in' })
    const { state, version } = await journey.flow()
    assert.deepEqual([state.proof, state.failure, version], [null, null, 7])
  })

  it('changes the language and keeps what was typed, but no secret and nothing of ours', async () => {
    const journey = await aJourney({ people: [ann()] })
    const typed = { username: 'ann', password: 'p', current: 'c', code: '1', token: 't', _other: 'o' }
    await journey.post({ ...typed, _intent: 'language', lang: 'ar' })
    const { state, step } = await journey.flow()
    assert.deepEqual([state.locale, step, state.values], ['ar', 'sign-in', { username: 'ann' }])
    await journey.post({ _intent: 'language', lang: 'xx-unheard-of' })
    assert.equal((await journey.flow()).state.locale, 'ar')
  })

  it('does not grow with what no form of ours has', async () => {
    const journey = await aJourney({ people: [ann()] })
    for (const lang of ['de', 'ar', 'de'])
      await journey.post({ _intent: 'language', lang, username: 'ann', [`more-${lang}`]: 'x'.repeat(2000) })
    assert.deepEqual((await journey.flow()).state.values, { username: 'ann' })
  })

  it('takes names of the prototype as the ordinary names they are not', async () => {
    const journey = await aJourney({ people: [ann()] })
    const form = JSON.parse('{"__proto__":"polluted","constructor":"polluted","_intent":"language","lang":"de"}')
    await journey.post(form)
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
    assert.equal(Object.getPrototypeOf((await journey.flow()).state.values), Object.prototype)
    assert.deepEqual(await journey.post(rightForm), { kind: 'done' })
  })

  it('that cancels ends the journey at the app, with nothing gained', async () => {
    const journey = await aJourney({ step: 'consent', state: { proof }, people: [ann()] })
    assert.deepEqual(await journey.post({ _intent: 'cancel' }), { kind: 'done' })
    const { state } = await journey.flow()
    assert.deepEqual([state.refusal?.error, state.proof, state.consented], ['access_denied', null, null])
  })

  it('changes nothing any more once the journey is done', async () => {
    const journey = await aJourney({ step: 'done', state: { proof } })
    const before = await journey.flow()
    for (const step of FLOW_STEPS) assert.deepEqual(await journey.post(rightForm, step), { kind: 'done' })
    assert.deepEqual(await journey.flow(), before)
  })

  it('that goes back to an entry drops every proof gained after it', async () => {
    for (const step of ENTRY_STEPS) {
      const recovery = {
        sub: proof.sub,
        name: 'ann',
        destination: { channel: 'email', masked: '' },
        sentTo: { channel: 'email', address: 'ann@example.com' },
        isProven: true,
      } as const
      const account = { sub: proof.sub, destination: null, provenAt: 0 }
      const state = { proof, recovery, account, consented: ['email'], sentAt: [1] }
      const journey = await aJourney({ people: [ann()], step: 'consent', state })
      await journey.post({}, step)
      const after = await journey.flow()
      assert.equal(after.step, step)
      assert.deepEqual(
        [after.state.proof, after.state.recovery, after.state.account, after.state.consented, after.state.sentAt],
        [null, null, null, null, []],
      )
    }
  })
})

describe('the map of steps', () => {
  const reachable = (from: FlowStep): Set<FlowStep> => {
    const seen = new Set<FlowStep>([from])
    for (const step of seen) for (const next of STEP_MOVES[step]) seen.add(next)
    return seen
  }

  it('leads from every step to its end, or back to an entry', () => {
    for (const step of FLOW_STEPS) assert.ok(step === 'done' || reachable(step).has('done'), step)
  })

  it('has no way from forgetting a password to being signed in but through the sign-in page', () => {
    for (const step of ['forgot-password', 'reset-code', 'reset-password'] as const) {
      for (const next of STEP_MOVES[step])
        assert.ok(['forgot-password', 'reset-code', 'reset-password', 'sign-in'].includes(next), `${step} to ${next}`)
    }
  })

  it('reaches the page for a new password only from the page that takes the code', () => {
    const before = FLOW_STEPS.filter((step) => STEP_MOVES[step].has('reset-password'))
    assert.deepEqual(before, ['reset-code'])
  })

  it('refuses every move that is not on it, whatever the journey holds', () => {
    const challenge = { sub: proof.sub, reason: 'pool', factorId: 'totp', mayEnrol: true } as const
    const offeredTo = { sub: proof.sub, destination: 'a•••@example.com' }
    const everything: Partial<FlowState> = {
      proof,
      identity: { provider: 'Corporate', identity: anIdentity(), offeredTo },
      account: { sub: proof.sub, destination: null, provenAt: 0 },
      recovery: {
        sub: proof.sub,
        name: 'ann',
        destination: { channel: 'email', masked: '' },
        sentTo: { channel: 'email', address: 'ann@example.com' },
        isProven: true,
      },
      values: { username: 'ann' },
      challenge,
      enrolment: null,
      firstCode: {
        method: 'email-code',
        sub: null,
        name: 'ann',
        destination: { channel: 'email', masked: '' },
        sentTo: { channel: 'email', address: 'ann@example.com' },
        device: null,
      },
    }
    // What some pages need instead: no journey holds all of it at once.
    const holding: Partial<Record<FlowStep, Partial<FlowState>>> = {
      'enrol-totp': { enrolment: { kind: 'totp', secret: 'GEZDGNBV' } },
      'enrol-contact': { enrolment: { kind: 'contact', channel: 'sms', address: null } },
      'enrol-contact-code': { enrolment: { kind: 'contact', channel: 'sms', address: '+4930123456' } },
      'recovery-codes': { enrolment: { kind: 'recovery-codes', codes: [] } },
      'few-codes': { enrolment: { kind: 'few-codes', left: 1 } },
      'lost-factor': { challenge: { ...challenge, mayEnrol: false } },
      blocked: {
        judged: {
          sub: proof.sub,
          effect: 'block',
          notify: false,
          risk: null,
          place: null,
          deviceId: null,
          isRemembered: false,
          reference: 'request',
        },
      },
    }
    for (const from of FLOW_STEPS) {
      for (const to of FLOW_STEPS) {
        const flow = aFlow('pool', { step: from, state: { ...everything, ...holding[to] } })
        const isOnTheMap = from === to || STEP_MOVES[from].has(to)
        if (to !== 'confirm-sign-up')
          assert.equal(mayBecome(flow, { ...flow, step: to }), isOnTheMap, `${from} to ${to}`)
        if (to !== 'sign-in' && to !== 'sign-up' && to !== 'forgot-password')
          assert.equal(mayBecome(flow, aFlow('pool', { step: to })), false, `${from} to ${to} with empty hands`)
      }
    }
  })

  it('lets a refusal end a journey anywhere, and lead nowhere else', () => {
    const refusal = { error: 'access_denied', description: '' } as const
    for (const from of FLOW_STEPS) {
      const flow = aFlow('pool', { step: from })
      assert.equal(mayBecome(flow, { ...flow, step: 'done', state: { ...flow.state, refusal } }), true, from)
      if (!STEP_MOVES[from].has('consent') && from !== 'consent')
        assert.equal(
          mayBecome(flow, { ...flow, step: 'consent', state: { ...flow.state, refusal, proof } }),
          false,
          from,
        )
    }
  })

  it('ends at "done"', () => {
    assert.equal(STEP_MOVES.done.size, 0)
  })
})

describe('what an operator’s trigger refuses', () => {
  it('is shown in the operator’s words when they are meant for people, and never otherwise', async () => {
    const refuse = (params: Record<string, string>) => async () =>
      ({ ok: false, failure: { code: 'trigger-refused', params, because: 'internal' } }) as const
    const told = await aJourney({
      people: [ann()],
      triggers: { ...noTriggers, preAuthentication: refuse({ public: 'Only on weekdays.' }) },
    })
    await told.post(rightForm)
    assert.equal((await told.flow()).state.failure?.text, 'Only on weekdays.')
    const silent = await aJourney({ people: [ann()], triggers: { ...noTriggers, preAuthentication: refuse({}) } })
    await silent.post(rightForm)
    assert.deepEqual((await silent.flow()).state.failure, { message: 'trigger.refused', params: {}, field: null })
  })
})
