import type { Random } from './ports.ts'

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LOWER_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** `<region>_<9 letters or digits>`: the shape AWS clients parse. */
export const POOL_ID = /^[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{9}$/
/** 26 of `[a-z0-9]`, as Cognito's. */
export const CLIENT_ID = /^[a-z0-9]{26}$/

/** Any version (RFC 9562 §4), in either case. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Matches `POOL_ID`. */
export const newPoolId = (random: Random, region: string): string => `${region}_${random.text(9, LETTERS_AND_DIGITS)}`
/** Matches `CLIENT_ID`. */
export const newClientId = (random: Random): string => random.text(26, LOWER_AND_DIGITS)
/** 51 of `[a-z0-9]` (263 bits): letters and digits only, because clients disagree about percent-encoding in Basic credentials. */
export const newClientSecret = (random: Random): string => random.text(51, LOWER_AND_DIGITS)
/** 256 bits, base64url. */
export const newBearerSecret = (random: Random): string => Buffer.from(random.bytes(32)).toString('base64url')
/** With leading zeros; 20 bits, so every use of one is counted. */
export const newSixDigitCode = (random: Random): string => random.text(6, '0123456789')
