import type { Alongside } from '#core/shared/alongside.ts'
import type { RiskLevel } from './assess-risk.ts'
import type { RiskDecision } from './decide.ts'
import type { Place, RiskCounts } from './facts.ts'
import type { FeedbackValue, JudgedSignIn } from './feedback.ts'
import type { SignInProfile } from './profile.ts'
import type { StoredFeedback } from './to-cognito-auth-event.ts'

/** Says where an address is. */
export interface PlaceFinder {
  /** Null for private, reserved and unreadable addresses, and for those that the data does not know. Never throws for an address. */
  find(ip: string): Place | null
}

/** The operator's list of networks that attacks come from. */
export interface BadNetworks {
  /** False for an address that cannot be read: that has a signal of its own. */
  has(ip: string | null): boolean
}

export interface StoredProfile {
  /** As it was stored: `readProfile` makes sense of it, older shapes included. */
  profile: unknown
  version: number
}

/** What people's sign-ins usually look like, one row each. */
export interface ProfileStore {
  /** Null for somebody who never signed in. */
  find(poolId: string, sub: string): Promise<StoredProfile | null>
  /**
   * Writes the profile if the stored one still has that version (0: there is none), in one conditional statement, together
   * with what happens alongside. False when another sign-in of the person came first: read and learn again, twice at most. A
   * sign-in that goes unlearnt harms nobody, so the sign-in itself never waits or fails for it.
   */
  save(
    poolId: string,
    sub: string,
    profile: SignInProfile,
    version: number,
    at: Date,
    alongside?: Alongside,
  ): Promise<boolean>
}

/**
 * Counts wrong passwords for the signals `accountFailures` and `spray`, over windows of `RISK_WINDOW_SECONDS` that start with
 * the first.
 *
 * How many different accounts failed from a network is counted exactly and without a list, in rows like those of
 * `rate_bucket` and in one statement: the row keyed by HMAC(pool | network | account) counts itself up, and only where it
 * comes out as 1 (it is new, or its window had ended) is the row keyed by HMAC(pool | network) counted up too:
 *
 *     WITH pair AS (
 *       INSERT INTO rate_bucket AS b (key, count, reset_at) VALUES ($pair, 1, $until)
 *       ON CONFLICT (key) DO UPDATE SET count = CASE WHEN b.reset_at <= $now THEN 1 ELSE b.count + 1 END,
 *                                       reset_at = CASE WHEN b.reset_at <= $now THEN $until ELSE b.reset_at END
 *       RETURNING count)
 *     INSERT INTO rate_bucket AS b (key, count, reset_at) SELECT $network, 1, $until FROM pair WHERE count = 1
 *     ON CONFLICT (key) DO UPDATE SET … the same …
 *
 * Two parallel failures of one account meet on the pair's row, so that one of them counts the network up and the other does
 * not. Rows are bounded by what the budget `sign-in.network` lets through, and leave with the sweep.
 */
export interface RiskCounters {
  /**
   * Counts one wrong password, for unknown names too: `account` is the sub, or the normalised name where nobody has it.
   * `network` is `countedNetworkOf` the address.
   */
  noteFailure(poolId: string, account: string, network: string, at: Date): Promise<void>
  /** Looks without counting. */
  read(poolId: string, account: string, network: string, at: Date): Promise<RiskCounts>
}

/** What people say of sign-ins that were theirs or not. */
export interface SignInFeedback {
  /**
   * Notes it on the event, once: null when there is no such sign-in of this person, or something was said of it already. What
   * the event still tells is for the profile. Alongside is written only where it was noted.
   */
  give(
    poolId: string,
    sub: string,
    eventId: string,
    feedback: StoredFeedback,
    alongside: Alongside,
  ): Promise<JudgedSignIn | null>
}

/** Told of judgements, questions and answers, for the operator's eyes. */
export interface RiskWatch {
  judged(level: RiskLevel, effect: RiskDecision['effect']): void
  /** Somebody is asked whether a sign-in was theirs. */
  asked(about: 'completed' | 'blocked'): void
  answered(value: FeedbackValue, by: 'person' | 'administrator'): void
}
