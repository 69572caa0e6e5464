import { knownProvider, unknownProvider } from '#core/federation/index.ts'
import { ProviderSettings } from '#core/federation/provider-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { type Setting, settingsOf } from '#core/shared/settings/index.ts'
import { UsageError } from './command.ts'
import { settingsFrom } from './settings.ts'

/** What can be set of each kind of provider. */
export const PROVIDER_SETTINGS: Readonly<Record<string, readonly Setting[]>> = Object.fromEntries(
  ProviderSettings.options.map((option) => [
    option.shape.kind.value,
    settingsOf(option).filter(({ path }) => path !== 'kind'),
  ]),
)

export const settingsOfKind = (kind: string): readonly Setting[] => {
  const settings = Object.hasOwn(PROVIDER_SETTINGS, kind) ? PROVIDER_SETTINGS[kind] : undefined
  if (settings === undefined) throw new UsageError(`a kind is ${Object.keys(PROVIDER_SETTINGS).join(', ')}: ${kind}`)
  return settings
}

const wordAfter = (words: readonly string[], name: string): string | null => {
  const word = words.findLast((each) => each.startsWith(`${name}=`))
  return word === undefined ? null : word.slice(name.length + 1)
}

/** What a known provider asks for reads like a setting, and is none. */
const wordsAsSettings = (names: readonly string[]): Setting[] =>
  names.map((path) => ({ path, kind: 'text', choices: [], fallback: undefined }))

/** A secret on the command line would stand in the list of processes: exit 2, before anything is done with it. */
const refuseWrittenSecret = (words: readonly string[]): void => {
  if (words.some((word) => /^(?:client)?_?secret=/i.test(word)))
    throw new UsageError('a secret is not written here: --secret-file names its file, --secret-stdin reads it')
}

/** Settings of a provider that is there, with the words of a command laid over them. Fails with `settings-refused`. */
export const changedProviderSettings = (kind: string, present: object, words: readonly string[]): Result<unknown> => {
  refuseWrittenSecret(words)
  return settingsFrom(settingsOfKind(kind), present, words)
}

/** Settings of a new provider from the words of a command. Fails with `settings-refused`, all problems at once. */
export const newProviderSettings = (
  name: string | null,
  words: readonly string[],
  more: Readonly<Record<string, unknown>>,
): Result<unknown> => {
  refuseWrittenSecret(words)
  const [kind, key] = [wordAfter(words, 'kind'), wordAfter(words, 'known')]
  if ((kind === null) === (key === null)) throw new UsageError('say what it is: known=<provider>, or kind=<kind>')
  const others = words.filter((word) => !word.startsWith('kind=') && !word.startsWith('known='))
  const base = { ...(name === null ? {} : { name }), ...more }
  if (key === null) return settingsFrom(settingsOfKind(kind ?? ''), { kind, ...base }, others)
  const known = knownProvider(key)
  if (known === null) return unknownProvider(key)
  const settings = [...settingsOfKind(known.settings.kind), ...wordsAsSettings(Object.keys(known.asks))]
  const read = settingsFrom(settings, { known: key, ...base }, others)
  return read.ok ? ok(read.value) : read
}
