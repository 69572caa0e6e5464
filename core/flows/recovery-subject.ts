import type { KeyedHash } from '../shared/ports.ts'
import type { Destination } from '../users/index.ts'

/** Whose guesses at reset codes are counted: a person's, or a name's that nobody has. */
export const recoveryGuesses = (sub: string | null, name: string): string =>
  sub === null ? `name:${name}` : `user:${sub}`

/**
 * Whose reset codes these are: this person's, at this address, whichever journey asked for them. One that went to a former
 * address opens nothing: whoever moved away from a mailbox did so because others read it.
 */
export const recoverySubject = (hashes: KeyedHash, guesses: string, { channel, address }: Destination): string =>
  `${guesses}:${hashes.of('recovery-address', `${channel}|${address}`)}`
