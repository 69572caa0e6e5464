/** Controls, and the marks that make text read in another order than it is stored (Unicode UAX #9, embeddings and isolates). */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu
const HEADER_BREAKS = /[\p{Cc}\u2028\u2029]/u

/** A value from outside as one line of text: what it contains cannot start a line or turn its neighbours round. */
export const oneLine = (value: string, maxLength = 256): string => {
  const line = value.replace(CONTROLS, ' ').trim()
  return line.length <= maxLength ? line : `${[...line].slice(0, maxLength - 1).join('')}…`
}

/** Whether the value may stand in a header: no CR, LF or other control (RFC 5322 §2.2). */
export const fitsHeader = (value: string): boolean => !HEADER_BREAKS.test(value)

/**
 * One mailbox, plainly written: no quoted local part, no display name, no second address. At most 64 and 254 characters
 * (RFC 5321 §4.5.3.1), other scripts allowed (RFC 6531).
 */
export const isMailbox = (value: string): boolean =>
  value.length <= 254 && /^[^\s\p{Cc}<>()[\]\\,;:@"]{1,64}@[^\s\p{Cc}<>()[\]\\,;:@"/]+$/u.test(value)

/** ITU-T E.164: a plus and at most fifteen digits. */
export const isPhoneNumber = (value: string): boolean => /^\+[1-9]\d{4,14}$/.test(value)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for quoted attribute values. */
export const escapeHtml = (value: string): string => value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
