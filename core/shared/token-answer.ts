/** Characters of one token. */
const MOST_CHARACTERS = 16 * 1024
const MOST_SECONDS = 10 * 365 * 24 * 3600

/** RFC 6749 Appendix A.12, A.17: printable ASCII. */
const tokenOf = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= MOST_CHARACTERS && /^[\x20-\x7e]+$/.test(value) ? value : null

/**
 * Tokens out of a token endpoint's answer (RFC 6749 §5.1), as they may be kept. Null: there is no access token, or none that could be sent.
 *
 * @param now epoch milliseconds, of the answer
 */
export const readTokenAnswer = (answer: object, now: number) => {
  const { access_token, refresh_token, expires_in } = answer as Readonly<Record<string, unknown>>
  const accessToken = tokenOf(access_token)
  if (accessToken === null) return null
  // Some say it as text.
  const seconds = typeof expires_in === 'string' && expires_in !== '' ? Number(expires_in) : expires_in
  const isSaid = typeof seconds === 'number' && seconds >= 0 && seconds <= MOST_SECONDS
  return {
    accessToken,
    refreshToken: tokenOf(refresh_token),
    expiresAt: isSaid ? Math.floor(now + seconds * 1000) : null,
  }
}
