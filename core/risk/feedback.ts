import { agentOf } from './agent.ts'
import { networkKeysOf } from './network-keys.ts'
import { MOST_KEPT, type Seen, type SignInProfile } from './profile.ts'

/** What an event of the past still tells about the sign-in that it stands for. */
export interface JudgedSignIn {
  at: Date
  ip: string | null
  userAgent: string | null
  country: string | null
}

export type FeedbackValue = 'valid' | 'invalid'

const VALID_POINTS = -0.5
const INVALID_POINTS = 1
const LEAST_POINTS = -1.5
const MOST_POINTS = 3

const without = (seen: readonly Seen[], key: string | null): Seen[] => seen.filter((each) => each.key !== key)
const with1 = (seen: readonly Seen[], key: string | null, now: number, most: number): Seen[] =>
  key === null
    ? [...seen]
    : [
        { key, count: (seen.find((each) => each.key === key)?.count ?? 0) + 1, lastAt: now },
        ...without(seen, key),
      ].slice(0, most)

/** One that was seen once is unlearnt; a country in which the person lives stays theirs, whoever else signed in from there. */
const unlearn = (seen: readonly Seen[], key: string | null): Seen[] =>
  seen.flatMap((each) => {
    if (each.key !== key) return [each]
    return each.count > 2 ? [{ ...each, count: each.count - 1 }] : []
  })

/**
 * The profile after the person (or an administrator) said whether a sign-in was theirs.
 *
 * "Not mine" unlearns its network and browser, remembers the network as reported, and makes the next weeks' judgement
 * stricter; "mine" learns network and country and makes it milder. Saying the same of one event twice is for the caller to
 * prevent (one feedback per event).
 */
export const feedback = (
  profile: SignInProfile,
  event: JudgedSignIn,
  value: FeedbackValue,
  now: Date,
): SignInProfile => {
  const at = Math.floor(now.getTime() / 1000)
  const keys = networkKeysOf(event.ip)
  const agent = agentOf(event.userAgent)
  const added = profile.caution.points + (value === 'valid' ? VALID_POINTS : INVALID_POINTS)
  const caution = { points: Math.min(MOST_POINTS, Math.max(LEAST_POINTS, added)), at }
  if (value === 'valid') {
    return {
      ...profile,
      caution,
      near: with1(profile.near, keys?.near ?? null, at, MOST_KEPT.near),
      wide: with1(profile.wide, keys?.wide ?? null, at, MOST_KEPT.wide),
      countries: with1(profile.countries, event.country, at, MOST_KEPT.countries),
      reported: without(profile.reported, keys?.near ?? null),
    }
  }
  const isLastSignIn = profile.last !== null && Math.abs(profile.last.at - event.at.getTime() / 1000) < 1
  return {
    ...profile,
    caution,
    near: without(profile.near, keys?.near ?? null),
    wide: unlearn(profile.wide, keys?.wide ?? null),
    countries: unlearn(profile.countries, event.country),
    agents: unlearn(profile.agents, agent),
    reported: with1(profile.reported, keys?.near ?? null, at, MOST_KEPT.reported),
    last: isLastSignIn ? null : profile.last,
  }
}
