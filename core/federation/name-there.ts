/** Claims by which people know themselves, the best first. */
const NAMING_CLAIMS = ['email', 'preferred_username', 'login', 'username', 'name'] as const
const MOST_CHARACTERS = 128
/** Spaces, control characters, and what turns the direction of the text around it. */
const GAPS = /[\s\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu

/**
 * Who somebody is at a provider, as they would know it: an address or a name. It is somebody else's text, and becomes one line of
 * at most 128 characters. Null: the claims hold nothing of the kind.
 */
export const nameThere = (claims: Readonly<Record<string, unknown>>): string | null => {
  for (const claim of NAMING_CLAIMS) {
    const value = claims[claim]
    const name = typeof value === 'string' ? value.replaceAll(GAPS, ' ').trim() : ''
    if (name !== '') return [...name].slice(0, MOST_CHARACTERS).join('')
  }
  return null
}
