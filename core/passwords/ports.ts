/** Passwords that guessers try first: lower case, NFKC. Loaded once, when the first password is chosen. */
export interface CommonPasswords {
  /** Reads the list at the first call. */
  load(): Promise<ReadonlySet<string>>
}

/** Where compromised passwords are looked up: the list shipped with the product, the operator's file, a range service. */
export type BreachSource = 'list' | 'file' | 'range'

/** A password that others know. */
export interface Breach {
  source: BreachSource
  /**
   * How often it was seen; null where the source does not count. Never written down: a count as large as that of `123456`
   * gives the password away.
   */
  count: number | null
}

/** Answers whether a password, normalised, has leaked anywhere. Never throws: a source that cannot tell is `unavailable`. */
export interface CompromisedPasswords {
  /** Null: in none of the sources that answered. */
  find(password: string): Promise<Breach | null | 'unavailable'>
}
