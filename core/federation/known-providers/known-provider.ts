import { OAuthProviderSettings, OidcProviderSettings } from '../provider-settings.ts'

export interface AskedWord {
  form: RegExp
  /** What it is and how it looks, for whoever has to look it up. */
  words: string
}

/** A provider that everybody knows: a file of data, so that setting it up takes a client id and a secret. */
export interface KnownProvider {
  /** Name of its logo, and how the configuration calls it. */
  key: string
  /** Cognito's name of it where it has one; otherwise its own. */
  name: string
  /** What must be said besides client id and secret; replaces `{word}` in the settings. */
  asks: Readonly<Record<string, AskedWord>>
  /** Settings without name, client id and secret. */
  settings: { kind: 'oidc' | 'oauth' } & Readonly<Record<string, unknown>>
}

const filled = (value: unknown, words: Readonly<Record<string, string>>): unknown => {
  if (typeof value === 'string') return value.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole)
  if (Array.isArray(value)) return value.map((one) => filled(one, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, words)]))
}

/** Names of the words that are missing or look wrong. */
export const unfitWords = ({ asks }: KnownProvider, words: Readonly<Record<string, string>>): string[] =>
  Object.entries(asks).flatMap(([word, { form }]) => (form.test(words[word] ?? '') ? [] : [word]))

/** What a known provider's settings and the given ones make together, unparsed; `given` wins member by member. */
export const filledSettings = (
  known: KnownProvider,
  given: Readonly<Record<string, unknown>>,
  words: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> => ({ name: known.name, ...(filled(known.settings, words) as object), ...given })

/** The same, parsed. Throws a ZodError where the two do not make settings, and an Error where a word is unfit (ask `unfitWords` first). */
export const settingsOf = (
  known: KnownProvider,
  given: { clientId: string } & Readonly<Record<string, unknown>>,
  words: Readonly<Record<string, string>> = {},
): OidcProviderSettings | OAuthProviderSettings => {
  const unfit = unfitWords(known, words)
  if (unfit.length > 0) throw new Error(`${known.key} needs ${unfit.join(', ')}`)
  const settings = filledSettings(known, given, words)
  return known.settings.kind === 'oidc' ? OidcProviderSettings.parse(settings) : OAuthProviderSettings.parse(settings)
}
