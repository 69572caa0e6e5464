import { createHash } from 'node:crypto'

/**
 * Upper-case SHA-1 of the password's bytes, the key of every public collection of leaked passwords. It protects nothing: a
 * hash of this kind is kept secret like the password itself.
 */
export const sha1Hex = (password: string): string =>
  createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase()
