import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keyRing } from '#adapters/secrets/key-ring.ts'
import { noTriggers } from '#core/triggers/index.ts'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { aJourney, GOOD_PASSWORD } from '#tests/support/journey.ts'
import { codeHash, linkHash, resendInSeconds } from './send-code.ts'

describe('the pause between two codes', () => {
  const at = (...seconds: number[]) => seconds.map((second) => secondsLater(second).getTime())

  it('is none before the first, then 30, 60 and 120 seconds', () => {
    assert.equal(resendInSeconds([], NOON), 0)
    assert.equal(resendInSeconds(at(0), NOON), 30)
    assert.equal(resendInSeconds(at(0, 30), secondsLater(30)), 60)
    assert.equal(resendInSeconds(at(0, 30, 90), secondsLater(90)), 120)
    assert.equal(resendInSeconds(at(0, 30, 90, 210, 330), secondsLater(330)), 120)
  })

  it('counts down in whole seconds and ends', () => {
    assert.equal(resendInSeconds(at(0), secondsLater(0.4)), 30)
    assert.equal(resendInSeconds(at(0), secondsLater(29.1)), 1)
    assert.equal(resendInSeconds(at(0), secondsLater(30)), 0)
    assert.equal(resendInSeconds(at(0), secondsLater(9999)), 0)
  })
})

describe('a code at rest', () => {
  const ports = { hashes: keyRing('x'.repeat(43)) }

  it('is bound to what it is for, to whom it was sent, and a link to its pool', () => {
    const hashes = new Set([
      codeHash(ports, 'sign-up', 'flow:a', '123456'),
      codeHash(ports, 'recovery', 'flow:a', '123456'),
      codeHash(ports, 'sign-up', 'flow:b', '123456'),
      codeHash(ports, 'sign-up', 'flow:a', '123457'),
      linkHash(ports, 'pool-a', '123456'),
      linkHash(ports, 'pool-b', '123456'),
    ])
    assert.equal(hashes.size, 6)
    for (const hash of hashes) assert.doesNotMatch(hash, /123456/)
  })
})

describe('sending a code', () => {
  const form = { username: 'new@example.com', password: GOOD_PASSWORD }

  it('queues message, code and event together, with a link of the configured address', async () => {
    const journey = await aJourney({ step: 'sign-up' })
    await journey.post(form)
    const [message] = journey.sent()
    assert.match(message?.code ?? '', /^\d{6}$/)
    assert.match(
      message?.link ?? '',
      new RegExp(`^https://auth\\.example\\.com/${journey.pool.id}/confirmUser\\?token=[\\w-]{43}$`),
    )
    const sent = journey.written.events.find(({ type }) => type === 'code.sent')
    assert.deepEqual(sent?.detail, { purpose: 'sign-up', channel: 'email' })
  })

  it('stops where the operator’s trigger refuses the message', async () => {
    const journey = await aJourney({ step: 'sign-up', triggers: noTriggers })
    journey.ports.messages.compose = async () => ({ ok: false, failure: { code: 'code-send-failed' } })
    await journey.post(form)
    assert.equal((await journey.flow()).state.failure?.message, 'code.sendfailed')
    assert.equal(journey.calls()['codes.issue'], undefined)
  })

  it('stops silently for a network that has sent too much already', async () => {
    const journey = await aJourney({ step: 'sign-up' })
    const sendTo = async (n: number) => {
      const each = await journey.another({ step: 'forgot-password' })
      return each.post({ username: `person-${n}@example.com` })
    }
    for (let n = 0; n < 70; n++) assert.deepEqual(await sendTo(n), { kind: 'step', step: 'reset-code' })
    const limits = journey.written.events.filter(({ type }) => type === 'limit.reached')
    assert.equal(limits.length, 10)
    assert.deepEqual([limits[0]?.outcome, limits[0]?.reason], ['failure', 'too-many-requests'])
  })
})
