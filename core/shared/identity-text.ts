/** Longest subject that is kept, in bytes of UTF-8. */
const MOST_SUBJECT_BYTES = 512

/** Whether the subject of an identity can be kept as it is: a cut one could be somebody else's. */
export const isSubject = (subject: string): boolean =>
  subject !== '' &&
  subject.isWellFormed() &&
  !subject.includes('\0') &&
  new TextEncoder().encode(subject).length <= MOST_SUBJECT_BYTES

/** One text for an identity and, where a proof is about connecting it, the account: no two differ in meaning and agree in text. */
export const identityText = (
  { poolId, provider, subject }: { poolId: string; provider: string; subject: string },
  sub: string | null = null,
): string => JSON.stringify([poolId, provider, subject, sub])
