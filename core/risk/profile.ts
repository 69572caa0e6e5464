import { z } from 'zod'

/** Seen so often, last at that moment (epoch seconds). */
const Seen = z.object({ key: z.string().max(80), count: z.number().min(0), lastAt: z.number() })
export type Seen = z.infer<typeof Seen>

/** How many of each are kept; the least used and longest unseen leaves first. */
export const MOST_KEPT = { near: 24, wide: 16, countries: 12, agents: 8, languages: 4, reported: 12 } as const

const seenUpTo = (most: number) => z.array(Seen).max(most).default([]).catch([])
const share = z.number().min(0).max(1).default(0).catch(0)
const count = z.number().min(0).default(0).catch(0)

export const HOURS = 24

const LastSignIn = z.object({
  /** Epoch seconds. */
  at: z.number(),
  country: z.string(),
  city: z.string().nullable().default(null),
  lat: z.number().nullable().default(null),
  lon: z.number().nullable().default(null),
  accuracyKm: z.number().nullable().default(null),
})

/**
 * What a person's sign-ins usually look like: some 4 KB of JSON at most, whatever happens. Counts fade, so that a former home
 * is forgotten in time. Holds no address, only networks.
 *
 * Every member has a fallback: a profile that an older version wrote, or one with a part that cannot be read, loses that part
 * and no more.
 */
export const SignInProfile = z.object({
  v: z.literal(1).default(1).catch(1),
  /** Successful ones, ever. */
  signIns: count,
  near: seenUpTo(MOST_KEPT.near),
  wide: seenUpTo(MOST_KEPT.wide),
  countries: seenUpTo(MOST_KEPT.countries),
  agents: seenUpTo(MOST_KEPT.agents),
  languages: seenUpTo(MOST_KEPT.languages),
  /** Sign-ins by hour of the day in UTC: whatever the person's own time zone, it is their own pattern. */
  hours: z
    .array(z.number().min(0))
    .length(HOURS)
    .default(() => Array.from({ length: HOURS }, () => 0))
    .catch(() => Array.from({ length: HOURS }, () => 0)),
  /** How often, of late, this person came with something new (0 to 1). What somebody does all the time tells little. */
  novelty: z
    .object({ device: share, network: share, country: share })
    .default({ device: 0, network: 0, country: 0 })
    .catch({ device: 0, network: 0, country: 0 }),
  last: LastSignIn.nullable().default(null).catch(null),
  /** Networks from which sign-ins came that the person said were not theirs. */
  reported: seenUpTo(MOST_KEPT.reported),
  /** Points added (not theirs) or taken away (theirs) by the person's answers; fades from `at` on. */
  caution: z
    .object({ points: z.number().min(-2).max(3), at: z.number() })
    .default({ points: 0, at: 0 })
    .catch({ points: 0, at: 0 }),
})
export type SignInProfile = z.infer<typeof SignInProfile>

/** Of somebody who never signed in. */
export const emptyProfile = (): SignInProfile => SignInProfile.parse({})

/** A profile as it was stored. What cannot be read at all is an empty one: the person is met as new, and that is written down. */
export const readProfile = (stored: unknown): SignInProfile => {
  const parsed = SignInProfile.safeParse(stored ?? {})
  return parsed.success ? parsed.data : emptyProfile()
}

/** Whether a key is among what was seen. */
export const knows = (seen: readonly Seen[], key: string): boolean => seen.some((each) => each.key === key)
