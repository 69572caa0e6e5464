import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON, secondsLater } from '#tests/support/builders.ts'
import { aPlace, aProfile, FIREFOX_ON_LINUX, riskFacts } from '#tests/support/risk-facts.ts'
import { assessRisk, BASE_POINTS } from './assess-risk.ts'
import { emptyProfile, type SignInProfile } from './profile.ts'
import { RiskSettings, type RiskSettingsInput } from './risk-settings.ts'
import { SIGNAL_NAMES } from './signals/index.ts'

const judge = (facts: Parameters<typeof riskFacts>[0] = {}, settings: RiskSettingsInput = {}) =>
  assessRisk(RiskSettings.parse(settings), riskFacts(facts))

/** Somebody with Ann's password, at their own machine abroad. */
const STRANGER = {
  device: null,
  request: {
    ip: '177.10.1.1',
    place: aPlace({ country: 'BR' }),
    userAgent: FIREFOX_ON_LINUX,
    clientHints: null,
    acceptLanguage: 'pt-BR',
  },
}

describe('judging a sign-in', () => {
  it('finds nothing in an ordinary one', () => {
    const { score, level, parts, coldStart } = judge()
    assert.deepEqual({ level, parts, coldStart }, { level: 'none', parts: [], coldStart: null })
    assert.ok(score !== null && score < 0.01)
  })

  it('says of a stranger with the right password why, the strongest first', () => {
    const { level, parts, score } = judge(STRANGER)
    assert.equal(level, 'high')
    assert.ok(score !== null && score > 0.9 && score <= 1)
    assert.deepEqual(
      parts.map(({ points }) => points),
      parts.map(({ points }) => points).sort((a, b) => b - a),
    )
    for (const signal of ['newDevice', 'newNetwork', 'newCountry', 'newBrowser', 'newLanguage'])
      assert.ok(
        parts.some((part) => part.signal === signal),
        signal,
      )
  })

  it('survives a request of which nothing is known, and does not let it pass unseen', () => {
    const request = { ip: null, place: null, userAgent: null, clientHints: null, acceptLanguage: null }
    for (const profile of [emptyProfile(), aProfile()]) {
      const { level, parts } = judge({ device: null, profile, request })
      assert.notEqual(level, 'none')
      assert.ok(parts.some(({ reason }) => reason === 'unknownNetwork'))
    }
  })

  it('meets new people gently and writes that down', () => {
    const scores = [0, 1, 2, 3, 4, 5].map((signIns) => {
      const { score, coldStart } = judge({ ...STRANGER, profile: aProfile(signIns) })
      assert.deepEqual(coldStart, signIns < 5 ? { signIns, needed: 5 } : null)
      return score ?? 0
    })
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => a - b),
    )
    assert.equal(judge({ ...STRANGER, profile: emptyProfile() }).level, 'none')
    assert.equal(judge({ ...STRANGER, profile: aProfile(1) }, { coldStartSignIns: 0 }).coldStart, null)
  })

  it('meets new people no more gently where everybody is attacked', () => {
    const attack = { isBadNetwork: true, counts: { accountFailures: 0, networkAccounts: 99 } }
    const points = (profile: SignInProfile) =>
      judge({ ...attack, profile, request: { ip: '177.10.1.1' } })
        .parts.filter(({ signal }) => signal === 'spray' || signal === 'badNetwork')
        .map((part) => part.strength)
    assert.deepEqual(points(emptyProfile()), [1, 1])
    assert.deepEqual(points(aProfile()), [1, 1])
  })

  it('refuses a denied address and passes an allowed one without a level, however it is written', () => {
    const lists = { deniedNetworks: ['177.10.0.0/16', '2001:db8::/32'], allowedNetworks: ['177.0.0.0/8', '84.140.7.9'] }
    for (const [ip, exception] of [
      ['177.10.1.1', 'denied'],
      ['::ffff:177.10.1.1', 'denied'],
      ['2001:db8:ffff::1', 'denied'],
      ['177.11.1.1', 'allowed'],
      ['84.140.7.9', 'allowed'],
    ]) {
      const judged = judge({ ...STRANGER, request: { ...STRANGER.request, ip: ip ?? null } }, lists)
      assert.deepEqual([judged.exception, judged.level, judged.score, judged.parts], [exception, 'none', null, []], ip)
    }
    assert.equal(judge({ request: { ip: null } }, lists).exception, null)
  })

  it('weighs as the pool says, and leaves out what weighs nothing', () => {
    const silent = Object.fromEntries(SIGNAL_NAMES.map((name) => [name, 0]))
    assert.deepEqual(judge(STRANGER, { weights: silent }).parts, [])
    const { parts, level } = judge({ device: null }, { weights: { newDevice: 10 } })
    assert.deepEqual([parts[0]?.weight, parts[0]?.strength, parts[0]?.points, level], [10, 1, 10, 'high'])
  })

  it('challenges nobody because of one signal alone, by default', () => {
    const { weights, thresholds } = RiskSettings.parse({})
    for (const name of SIGNAL_NAMES) {
      const score = 1 / (1 + Math.exp(-(BASE_POINTS + weights[name])))
      assert.ok(score < thresholds.medium, `${name} ${score}`)
    }
  })

  it('is stricter after the person said "not mine", milder after "mine", and forgets both in time', () => {
    const score = (points: number, at: Date = NOON) => {
      const profile = { ...aProfile(), caution: { points, at: at.getTime() / 1000 } }
      return judge({ device: null, profile }).score ?? 0
    }
    assert.ok(score(1) > score(0) && score(0) > score(-1))
    assert.ok(score(1, secondsLater(-365 * 24 * 3600)) < score(1) / 1.5)
    assert.equal(score(1, secondsLater(3600)), score(1))
  })

  it('gives a score within 0 and 1 that all can be stored and read again', () => {
    const everything = judge({
      ...STRANGER,
      isBadNetwork: true,
      counts: { accountFailures: 1e9, networkAccounts: 1e9 },
      credentialChangedAt: NOON,
      request: { ...STRANGER.request, at: secondsLater(60) },
    })
    assert.ok(everything.score !== null && everything.score <= 1)
    assert.deepEqual(JSON.parse(JSON.stringify(everything)), everything)
  })

  it('changes nothing of what it is given', () => {
    const facts = riskFacts(STRANGER)
    const before = structuredClone(facts)
    assessRisk(RiskSettings.parse({}), facts)
    assert.deepEqual(facts, before)
  })
})
