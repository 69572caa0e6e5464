import { agentOf, languageOf } from './agent.ts'
import type { RiskFacts } from './facts.ts'
import { networkKeysOf } from './network-keys.ts'
import { knows, MOST_KEPT, type Seen, type SignInProfile } from './profile.ts'

/** What has not been seen for that long counts half. */
const HALF_LIFE_SECONDS = 60 * 24 * 3600
/** How much the latest sign-in says about what is usual: some twelve of them make a habit. */
const NOVELTY_STEP = 0.08
/** The first ones are new in every way, which is no habit. */
const NOVELTY_FROM = 3
/** Hours fade by halves, so that a change of shift is learnt within weeks. */
const MOST_HOURS = 240
const LONGEST_KEY = 80

const worth = ({ count, lastAt }: Seen, now: number): number =>
  count * 0.5 ** (Math.max(0, now - lastAt) / HALF_LIFE_SECONDS)

/** The list with one more sight of the key, without what is least worth keeping when it is full. */
const seeAgain = (seen: readonly Seen[], key: string | null, now: number, most: number): Seen[] => {
  if (key === null || key === '') return [...seen]
  const short = key.slice(0, LONGEST_KEY)
  const known = seen.find((each) => each.key === short)
  // A clock that went back makes nothing older than it is.
  const next = {
    key: short,
    count: (known === undefined ? 0 : Math.round(worth(known, now) * 100) / 100) + 1,
    lastAt: Math.max(now, known?.lastAt ?? 0),
  }
  const others = seen.filter((each) => each.key !== short)
  return [next, ...others.sort((a, b) => worth(b, now) - worth(a, now)).slice(0, most - 1)]
}

const step = (share: number, isNew: boolean): number =>
  Math.round((share + NOVELTY_STEP * ((isNew ? 1 : 0) - share)) * 1000) / 1000

const noveltyAfter = ({ profile, request, device }: Pick<RiskFacts, 'profile' | 'request' | 'device'>) => {
  if (profile.signIns < NOVELTY_FROM) return profile.novelty
  const keys = networkKeysOf(request.ip)
  const { device: devices, network, country } = profile.novelty
  return {
    device: step(devices, device === null),
    network: step(network, keys === null || !knows(profile.near, keys.near)),
    country: request.place === null ? country : step(country, !knows(profile.countries, request.place.country)),
  }
}

const hoursAfter = (hours: readonly number[], at: Date): number[] => {
  const next = hours.map((count, hour) => (hour === at.getUTCHours() ? count + 1 : count))
  const total = next.reduce((sum, count) => sum + count, 0)
  return total > MOST_HOURS ? next.map((count) => Math.round(count * 50) / 100) : next
}

/**
 * The profile after a sign-in that succeeded in every step. Never for one that was only tried: whoever knows a password must
 * not be able to teach the profile that they are its owner.
 */
export const learn = (
  profile: SignInProfile,
  { request, device }: Pick<RiskFacts, 'request' | 'device'>,
): SignInProfile => {
  const now = Math.floor(request.at.getTime() / 1000)
  if (!Number.isFinite(now)) return profile
  const keys = networkKeysOf(request.ip)
  const { place } = request
  // A sign-in that overtakes a later one does not become the last.
  const isLast = profile.last === null || now >= profile.last.at
  return {
    ...profile,
    signIns: profile.signIns + 1,
    novelty: noveltyAfter({ profile, request, device }),
    near: seeAgain(profile.near, keys?.near ?? null, now, MOST_KEPT.near),
    wide: seeAgain(profile.wide, keys?.wide ?? null, now, MOST_KEPT.wide),
    countries: seeAgain(profile.countries, place?.country ?? null, now, MOST_KEPT.countries),
    agents: seeAgain(profile.agents, agentOf(request.userAgent), now, MOST_KEPT.agents),
    languages: seeAgain(profile.languages, languageOf(request.acceptLanguage), now, MOST_KEPT.languages),
    hours: hoursAfter(profile.hours, request.at),
    last: place === null || !isLast ? profile.last : { at: now, ...place },
  }
}
