/** Passwords that guessers try first: lower case, NFKC. Loaded once, when the first password is chosen. */
export interface CommonPasswords {
  load(): Promise<ReadonlySet<string>>
}
