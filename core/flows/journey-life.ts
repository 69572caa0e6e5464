/** No journey lives longer, however busy it is. Its cookies and the protocol's interaction last as long. Seconds. */
export const LONGEST_JOURNEY_SECONDS = 10_800

/**
 * Until when a journey may be taken up again: `idleSeconds` after the last step that went well, at most three hours after
 * it began. A refused post extends nothing, so guessing does not keep a journey alive. Epoch milliseconds.
 */
export const journeyExpiry = (createdAt: number, now: Date, idleSeconds: number): number =>
  Math.min(now.getTime() + idleSeconds * 1000, createdAt + LONGEST_JOURNEY_SECONDS * 1000)
