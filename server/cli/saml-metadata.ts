import { ok, type Result } from '#core/shared/result.ts'
import { settingsRefused } from '#core/shared/settings/index.ts'
import { type CommandInput, type Option, UsageError } from './command.ts'

export const SAML_METADATA: Readonly<Record<string, Option>> = {
  'saml-metadata': { value: 'file', help: 'metadata of a SAML service provider: the client is of type saml' },
}

/**
 * Settings of a client with what a service provider says of itself in its metadata; what the document does not speak of stays as
 * it is. Fails with `settings-refused` for a document that is none.
 */
export const withSamlMetadata = async (present: object, text: string, now: number): Promise<Result<object>> => {
  // Loaded here: reading XML costs other commands a tenth of a second.
  const { readSpMetadata } = await import('#adapters/saml-idp/sp-metadata.ts')
  const { SAML_REFUSALS } = await import('#adapters/saml/refusals.ts')
  const read = readSpMetadata(text, now)
  if (read.ok)
    return ok({
      ...present,
      type: 'saml',
      saml: { ...('saml' in present ? (present.saml as object) : {}), ...read.value },
    })
  const because = (read.failure.because ?? '').split(':')[0] ?? ''
  const message = Object.hasOwn(SAML_REFUSALS, because) ? SAML_REFUSALS[because as keyof typeof SAML_REFUSALS] : because
  return settingsRefused([{ path: 'saml', message }])
}

/** The settings to begin with, the file of `--saml-metadata` read in where one is named. */
export const withNamedMetadata = async (
  { values, readFile }: CommandInput,
  present: object,
): Promise<Result<object>> => {
  const file = values['saml-metadata']
  if (file === undefined) return ok(present)
  let text: string
  try {
    text = readFile(file)
  } catch {
    throw new UsageError(`${file} cannot be read`)
  }
  return withSamlMetadata(present, text, Date.now())
}
