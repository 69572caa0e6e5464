import type { Materials } from '#core/configuration/index.ts'
import type { SamlAppSettingsInput } from '#core/saml-idp/index.ts'
import { ok, type Result, type SettingsProblem } from '#core/shared/result.ts'
import { settingsRefused } from '#core/shared/settings/index.ts'
import type { CommandInput, Option } from './command.ts'

export const SAML_METADATA: Readonly<Record<string, Option>> = {
  'saml-metadata': { value: 'file', help: 'metadata of a SAML service provider: the client is of type saml' },
}

/** What a refusal means here, where the catalogue speaks of identity providers. */
const OF_SERVICE_PROVIDERS: Readonly<Record<string, string>> = {
  'metadata-no-provider': 'the metadata describes no service provider',
  'metadata-ambiguous': 'the metadata describes several service providers; one client is one of them',
  'metadata-no-endpoint': 'the metadata has no assertion consumer service for HTTP-POST',
}

/** Fails with `settings-refused` for a document that is none. */
const readMetadata = async (text: string): Promise<Result<SamlAppSettingsInput>> => {
  // Loaded here: reading XML costs other commands a tenth of a second.
  const { readSpMetadata } = await import('#adapters/saml-idp/sp-metadata.ts')
  const { SAML_REFUSALS } = await import('#adapters/saml/refusals.ts')
  const read = readSpMetadata(text, Date.now())
  if (read.ok) return read
  const because = (read.failure.because ?? '').split(':')[0] ?? ''
  const meanings: Readonly<Record<string, string>> = { ...SAML_REFUSALS, ...OF_SERVICE_PROVIDERS }
  const message = Object.hasOwn(meanings, because) ? (meanings[because] ?? because) : because
  return settingsRefused([{ path: 'saml', message }])
}

type Saml = Partial<SamlAppSettingsInput>
const samlOf = (settings: object): Saml => ('saml' in settings ? (settings.saml as Saml) : {})

/** A document can ask for signed requests, and never take back that they are asked for (attack 70). */
const tightened = (one: Saml, other: Saml) => ({
  requireSignedRequests: one.requireSignedRequests === true || other.requireSignedRequests === true,
})

/**
 * Settings with what the document says of addresses and keys; the names of people, and what the document does not speak of,
 * stay as they are.
 */
const imported = (settings: object, read: SamlAppSettingsInput): object => {
  const present = samlOf(settings)
  const { nameIdFormats = read.nameIdFormats } = present
  const names = nameIdFormats === undefined ? {} : { nameIdFormats }
  return { ...settings, type: 'saml', saml: { ...present, ...read, ...tightened(present, read), ...names } }
}

/** The settings to begin with, the file of `--saml-metadata` read in where one is named. */
export const withNamedMetadata = async (
  { values, readFile }: CommandInput,
  present: object,
): Promise<Result<object>> => {
  const file = values['saml-metadata']
  if (file === undefined) return ok(present)
  const read = await readMetadata(readFile(file))
  return read.ok ? ok(imported(present, read.value)) : read
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listAt = (value: unknown, name: string): unknown[] => {
  const list = isObject(value) ? value[name] : null
  return Array.isArray(list) ? list : []
}

/**
 * The content of a configuration file with the documents of its `samlMetadata` read in; what the file says itself goes before
 * what they say. Before its form is checked: whatever is no list or object is left for that.
 */
export const withDeclaredMetadata = async (
  content: unknown,
  materials: Pick<Materials, 'text'>,
): Promise<SettingsProblem[]> => {
  const problems: SettingsProblem[] = []
  for (const [at, pool] of listAt(content, 'pools').entries())
    for (const [place, client] of listAt(pool, 'clients').entries()) {
      const file = isObject(client) && isObject(client.samlMetadata) ? client.samlMetadata.file : undefined
      if (typeof file !== 'string' || !isObject(client)) continue
      const path = `pools.${at}.clients.${place}.samlMetadata`
      const text = await materials.text(file)
      const read = text === null ? null : await readMetadata(text)
      if (read?.ok !== true) {
        const [problem] = read?.failure.problems ?? []
        problems.push({ path, message: problem?.message ?? `${file} cannot be read` })
        continue
      }
      const settings = isObject(client.settings) ? client.settings : {}
      const given = samlOf(settings)
      const saml = { ...read.value, ...given, ...tightened(given, read.value) }
      client.settings = { type: 'saml', ...settings, saml }
    }
  return problems
}
