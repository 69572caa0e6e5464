import type { Alongside } from '../shared/alongside.ts'

/** How long somebody who waited may set up a new factor; an old request must not stay a way in. */
const OPEN_DAYS = 7
const DAY_MS = 86_400_000

/** Somebody's wish to replace a factor that is lost, after a time in which its owner can object. One a person at most. */
export interface FactorRecovery {
  poolId: string
  sub: string
  /** Keyed hash of the token in the messages' links, which stop it. */
  tokenHash: string
  requestedAt: Date
  /** From then on the password alone may replace the factor, */
  readyAt: Date
  /** until then. */
  expiresAt: Date
  /** The password it was asked for with: another one since, and the waiting begins anew. */
  passwordChangedAt: Date
}

/** Requests to replace a lost factor. Each method is one transaction with what stands alongside, written only where it is true. */
export interface FactorRecoveryStore {
  /**
   * Null when none is live: never asked for, stopped, used, or past its end.
   *
   * @param passwordChangedAt of the person's password as it is now
   */
  find(poolId: string, sub: string, passwordChangedAt: Date, at: Date): Promise<FactorRecovery | null>
  /** False when one is live already, which stays as it is: of fifty at once exactly one is true. */
  request(wish: FactorRecovery, alongside: Alongside): Promise<boolean>
  /** Stops it. False when there was nothing to stop. */
  cancel(poolId: string, sub: string, at: Date, alongside: Alongside): Promise<boolean>
  /** Whose request a link stops; null when it stops nothing any more. */
  findByToken(poolId: string, tokenHash: string, at: Date): Promise<FactorRecovery | null>
  /**
   * Uses it, once, where its time has come and the password is still that one, and takes all factors, recovery codes and
   * remembered browsers away. False: nothing happened.
   */
  complete(poolId: string, sub: string, passwordChangedAt: Date, at: Date, alongside: Alongside): Promise<boolean>
}

/** A new request: when it may be used, and until when. */
export const newFactorRecovery = (
  of: Pick<FactorRecovery, 'poolId' | 'sub' | 'tokenHash' | 'passwordChangedAt'>,
  waitingDays: number,
  now: Date,
): FactorRecovery => {
  const readyAt = new Date(now.getTime() + waitingDays * DAY_MS)
  return { ...of, requestedAt: now, readyAt, expiresAt: new Date(readyAt.getTime() + OPEN_DAYS * DAY_MS) }
}
