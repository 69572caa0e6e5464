import type { Place, RiskFacts, RiskRequest } from '#core/risk/facts.ts'
import { emptyProfile, learn, type SignInProfile } from '#core/risk/index.ts'
import { NOON } from './builders.ts'

export const CHROME_ON_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36'
export const SAFARI_ON_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
export const FIREFOX_ON_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

export const aPlace = (overrides: Partial<Place> = {}): Place => ({
  country: 'DE',
  city: null,
  lat: null,
  lon: null,
  accuracyKm: null,
  ...overrides,
})

/** Ann at home: Chrome on Windows, in German, from one line in Germany. */
export const aRiskRequest = (overrides: Partial<RiskRequest> = {}): RiskRequest => ({
  at: NOON,
  ip: '84.140.7.9',
  place: aPlace(),
  userAgent: CHROME_ON_WINDOWS,
  clientHints: { brands: '"Chromium";v="138", "Google Chrome";v="138"', platform: '"Windows"' },
  acceptLanguage: 'de-DE,de;q=0.9,en;q=0.8',
  isSecure: true,
  ...overrides,
})

const DAY_MS = 24 * 3600 * 1000

/** The device that Ann has had for a month. */
export const aDevice = (): NonNullable<RiskFacts['device']> => ({
  firstSeenAt: new Date(NOON.getTime() - 30 * DAY_MS),
  lastSeenAt: new Date(NOON.getTime() - DAY_MS),
  agent: 'Chrome on Windows',
})

/** What so many days of Ann at home teach; the last of them was yesterday. */
export const aProfile = (signIns = 30, request: Partial<RiskRequest> = {}): SignInProfile =>
  Array.from({ length: signIns }, (_, index) => new Date(NOON.getTime() - (signIns - index) * DAY_MS)).reduce(
    (profile, at) => learn(profile, { request: aRiskRequest({ ...request, at }), device: aDevice() }),
    emptyProfile(),
  )

/** An ordinary sign-in of Ann's, of which no signal has anything to say. */
export const riskFacts = ({
  request = {},
  ...overrides
}: Partial<Omit<RiskFacts, 'request'>> & { request?: Partial<RiskRequest> } = {}): RiskFacts => ({
  request: aRiskRequest(request),
  device: aDevice(),
  profile: aProfile(),
  counts: { accountFailures: 0, networkAccounts: 0 },
  credentialChangedAt: null,
  isBadNetwork: false,
  ...overrides,
})
