import type { ProviderCheckLine as Line } from '#core/federation/ports.ts'
import type { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import type { Result } from '#core/shared/result.ts'
import type { KeySet, ProviderMetadata } from './provider-metadata.ts'

const good = (line: string): Line => ({ line, ok: true, because: null })
const bad = (line: string, because: string): Line => ({ line, ok: false, because })
const note = (line: string, because: string): Line => ({ line, ok: true, isNote: true, because })
const judged = (line: string, isGood: boolean, because: string): Line => (isGood ? good(line) : bad(line, because))
const outcome = (line: string, result: Result<unknown>): Line =>
  result.ok ? good(line) : bad(line, result.failure.because ?? result.failure.code)

const METHOD_NAMES = { apple_secret: 'client_secret_post' } as const

const linesOf = (settings: OidcProviderSettings, metadata: ProviderMetadata): Line[] => {
  const { challengeMethods, authMethods, scopes } = metadata.announced
  const { method } = settings.auth
  const sent = method === 'apple_secret' ? METHOD_NAMES[method] : method
  const missing = scopes === null ? [] : settings.scopes.filter((scope) => !scopes.includes(scope))
  return [
    good(`signing algorithms: ${metadata.algorithms.join(', ')}`),
    // Silence is no refusal: the parameter is sent all the same, and has to be ignored where it is not known (RFC 6749 §3.1).
    judged('PKCE with S256', challengeMethods?.includes('S256') ?? true, 'the provider announces other methods alone'),
    judged(`client authentication: ${sent}`, authMethods?.includes(sent) ?? true, 'not among the announced methods'),
    // The list may leave out scopes that are taken (OpenID Connect Discovery §3), and most providers do not name themselves yet.
    missing.length === 0 ? good('scopes') : note('scopes', `not announced: ${missing.join(', ')}`),
    metadata.namesItself
      ? good('answers name the provider (RFC 9207)')
      : note('answers name the provider (RFC 9207)', 'not announced; state and nonce bind alone'),
    ...(settings.usesUserInfo ? [judged('userInfo', metadata.userInfo !== null, 'there is no such endpoint')] : []),
    ...(settings.signsOutUpstream
      ? [judged('signing out there', metadata.endSession !== null, 'there is no such endpoint')]
      : []),
  ]
}

/** Asks a provider what it is, without signing anybody in. */
export const checkProvider = async (
  settings: OidcProviderSettings,
  ask: {
    secret: () => Promise<unknown>
    metadata: () => Promise<Result<ProviderMetadata>>
    keys: (metadata: ProviderMetadata) => Promise<Result<KeySet>>
  },
): Promise<readonly Line[]> => {
  const secret = await ask.secret().then(
    () => note('secret', 'present, not tried'),
    () => bad('secret', 'there is none, or it is no key of this kind'),
  )
  const metadata = await ask.metadata()
  const found = outcome(settings.endpoints === null ? 'discovery' : 'endpoints of the settings', metadata)
  if (!metadata.ok) return [secret, found]
  const keys = await ask.keys(metadata.value)
  const count = keys.ok ? keys.value.keys.length : 0
  const read = keys.ok ? judged(`keys: ${count}`, count > 0, 'the provider publishes none') : outcome('keys', keys)
  return [secret, found, read, ...linesOf(settings, metadata.value)]
}
