/** What holds for every sign-in, however odd: judged over thousands of random facts and profiles from fixed seeds. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { CHROME_ON_WINDOWS, FIREFOX_ON_LINUX, SAFARI_ON_IPHONE } from '#tests/support/risk-facts.ts'
import { type SeededRandom, seededRandom } from '#tests/support/seeded-random.ts'
import { assessRisk } from './assess-risk.ts'
import type { RiskFacts } from './facts.ts'
import { feedback } from './feedback.ts'
import { learn } from './learn.ts'
import { emptyProfile, readProfile, SignInProfile } from './profile.ts'
import { RiskSettings } from './risk-settings.ts'
import { SIGNAL_NAMES } from './signals/index.ts'

const DAY_MS = 24 * 3600 * 1000
const SETTINGS = RiskSettings.parse({})

const IPS = [
  null,
  '',
  'x',
  '84.140.7.9',
  '84.140.9.9',
  '9.9.9.9',
  '::1',
  '2003:e1:1:2::1',
  '::ffff:84.140.7.1',
  '10.0.0.1',
]
const AGENTS = [null, '', CHROME_ON_WINDOWS, FIREFOX_ON_LINUX, SAFARI_ON_IPHONE, 'curl/8', '\u0000', 'Mozilla/5.0 (']
const LANGUAGES = [null, '', '*', 'de', 'en-US,en', '🙂']
const PLACES = [null, 'DE', 'BR', 'XX', ''].map(
  (country) => country && { country, city: null, lat: null, lon: null, accuracyKm: null },
)
const TIMES = [0, 1, -DAY_MS, DAY_MS, -400 * DAY_MS, 4000 * DAY_MS, Number.NaN]

const someFacts = (random: SeededRandom, profile: SignInProfile): RiskFacts => {
  const at = new Date(NOON.getTime() + random.pick(TIMES) + random.below(DAY_MS))
  const userAgent = random.pick(AGENTS)
  const place = random.pick(PLACES)
  return {
    request: {
      at,
      ip: random.pick(IPS),
      place: place === '' ? null : place,
      userAgent,
      clientHints: random.pick([
        null,
        { brands: null, platform: null },
        { brands: '"Chromium"', platform: '"Windows"' },
      ]),
      acceptLanguage: random.pick(LANGUAGES),
      isSecure: random.pick([true, false]),
    },
    device: random.pick([
      null,
      { firstSeenAt: NOON, lastSeenAt: NOON, agent: random.pick([null, '', 'Chrome on Windows']) },
    ]),
    profile,
    counts: { accountFailures: random.below(30), networkAccounts: random.below(200) },
    credentialChangedAt: random.pick([null, NOON, new Date(Number.NaN)]),
    isBadNetwork: random.pick([true, false]),
  }
}

/** Calls back with facts of a person whose profile goes through learning, answers and storage on the way. */
const forManySignIns = (check: (facts: RiskFacts) => void): void => {
  for (const seed of [1, 2, 3]) {
    const random = seededRandom(seed)
    let profile = emptyProfile()
    for (let nth = 0; nth < 1500; nth += 1) {
      const facts = someFacts(random, profile)
      check(facts)
      if (random.below(3) > 0) profile = learn(profile, facts)
      if (random.below(20) === 0) {
        const event = { ...facts.request, country: facts.request.place?.country ?? null }
        profile = feedback(profile, event, random.pick(['valid', 'invalid'] as const), NOON)
      }
      profile = random.below(200) === 0 ? emptyProfile() : readProfile(JSON.parse(JSON.stringify(profile)))
    }
  }
}

describe('whatever a sign-in is like', () => {
  it('its score is within 0 and 1, its level follows from the score, and all of it can be stored', () => {
    forManySignIns((facts) => {
      const { score, level, parts } = assessRisk(SETTINGS, facts)
      assert.ok(score !== null && score >= 0 && score <= 1)
      const { low, medium, high } = SETTINGS.thresholds
      assert.equal(level, score >= high ? 'high' : score >= medium ? 'medium' : score >= low ? 'low' : 'none')
      for (const { strength, points, params } of parts) {
        assert.ok(strength > 0 && strength <= 1 && points > 0)
        for (const value of Object.values(params)) assert.notEqual(Number.isNaN(value), true)
      }
      assert.deepEqual(JSON.parse(JSON.stringify(parts)), parts)
    })
  })

  it('the profile stays valid, small, and reads back as it was written', () => {
    forManySignIns(({ profile }) => {
      assert.ok(SignInProfile.safeParse(profile).success)
      assert.deepEqual(readProfile(JSON.parse(JSON.stringify(profile))), profile)
      assert.ok(JSON.stringify(profile).length < 8000)
    })
  })

  it('one more thing against it never makes it less risky', () => {
    forManySignIns((facts) => {
      const before = assessRisk(SETTINGS, facts).score ?? 0
      const { accountFailures, networkAccounts } = facts.counts
      for (const worse of [
        { ...facts, isBadNetwork: true },
        { ...facts, counts: { accountFailures: accountFailures + 10, networkAccounts } },
        { ...facts, counts: { accountFailures, networkAccounts: networkAccounts + 10 } },
      ])
        assert.ok((assessRisk(SETTINGS, worse).score ?? 0) >= before)
    })
  })

  it('a weight of more never makes it less risky', () => {
    const doubled = SIGNAL_NAMES.map((name) =>
      RiskSettings.parse({ weights: { ...SETTINGS.weights, [name]: Math.min(10, SETTINGS.weights[name] * 2) } }),
    )
    let nth = 0
    forManySignIns((facts) => {
      const heavier = doubled[nth++ % doubled.length] ?? SETTINGS
      assert.ok((assessRisk(heavier, facts).score ?? 0) >= (assessRisk(SETTINGS, facts).score ?? 0))
    })
  })
})
