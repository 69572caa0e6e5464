import { createHash } from 'node:crypto'
import type {
  GuardedFetch,
  ProviderCheck,
  ReadProviderSecret,
  RedirectProvider,
  UpstreamState,
  UpstreamTokenRefresh,
} from '#core/federation/ports.ts'
import type { OAuthProviderSettings } from '#core/federation/provider-settings.ts'
import type { Random } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { safeDescription } from '#core/shared/safe-description.ts'
import { readProfile, subjectOf, withListedAddress } from './profile-claims.ts'
import { askJson, timedCalls } from './read-answer.ts'
import { codeGrant, redeemCode, redeemRefreshToken, tokenRequest } from './token-request.ts'

export interface UpstreamOAuthDependencies {
  call: GuardedFetch
  readSecret: ReadProviderSecret
  random: Random
}

interface Remembered extends UpstreamState {
  provider: string
  /** Changes when the settings come to mean somebody else. */
  tokenEndpoint: string
  state: string
  /** RFC 7636; empty where the provider knows no PKCE. */
  verifier: string
  callbackUrl: string
}
const NAMES = ['provider', 'tokenEndpoint', 'state', 'verifier', 'callbackUrl'] as const

const isRemembered = (state: UpstreamState): state is Remembered =>
  NAMES.every((name) => typeof state[name] === 'string')

const invalid = (because: string) => fail('upstream-invalid', { because })

/** What the provider blames on us when it is asked with a code that cannot be. */
const BLAMES_CREDENTIALS = /^(?:invalid_client|unauthorized_client|incorrect_client_credentials)\b/

/**
 * One provider of plain OAuth 2.0, which says who somebody is when it is asked with their access token.
 *
 * What it cannot say, we do not know: how and when the person authenticated (`amr`, `acr`, `authenticatedAt` are null), and a wish
 * for a new authentication does not reach it.
 */
export const upstreamOAuth = (
  settings: OAuthProviderSettings,
  { call, readSecret, random }: UpstreamOAuthDependencies,
): RedirectProvider & UpstreamTokenRefresh & ProviderCheck => {
  const { name, endpoints } = settings
  const secretOrNull = () => readSecret().catch(() => null)

  return {
    async begin({ callbackUrl, state }) {
      const verifier = settings.usesPkce ? Buffer.from(random.bytes(32)).toString('base64url') : ''
      const url = new URL(endpoints.authorization)
      const parameters = {
        ...settings.authorizationParameters,
        client_id: settings.clientId,
        redirect_uri: callbackUrl,
        response_type: 'code',
        scope: settings.scopes.join(settings.scopeSeparator),
        state,
        ...(settings.usesPkce && {
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
        }),
      }
      for (const [parameter, value] of Object.entries(parameters)) url.searchParams.set(parameter, value)
      const remember: Remembered = { provider: name, tokenEndpoint: endpoints.token, state, verifier, callbackUrl }
      return ok({ departure: { kind: 'redirect', url: url.href }, remember })
    },

    async finish({ method, parameters, now }, remembered) {
      if (!isRemembered(remembered) || remembered.provider !== name || remembered.tokenEndpoint !== endpoints.token)
        return invalid('the sign-in began at another provider')
      if (method !== 'GET') return invalid('the answer came in another way than was asked for')
      const { state, code, error, error_description: description } = parameters
      if (state === undefined) return invalid('the answer belongs to no sign-in')
      if (state !== remembered.state) return invalid('the answer belongs to another sign-in')
      if (error !== undefined)
        return fail('upstream-refused', { because: safeDescription(error, description) || 'error' })
      if (code === undefined || code === '') return invalid('the answer holds no code')

      const secret = await secretOrNull()
      if (secret === null) return invalid('our secret for the provider cannot be used')
      const timed = timedCalls(call)
      const { callbackUrl, verifier } = remembered
      const asking = { call: timed, settings, secret, now }
      const tokens = await redeemCode(asking, { code, callbackUrl, verifier: verifier || null })
      if (!tokens.ok) return tokens
      const profile = await readProfile(timed, settings, tokens.value.accessToken)
      if (!profile.ok) return profile
      const subject = subjectOf(profile.value, settings)
      if (!subject.ok) return subject
      const claims = withListedAddress(profile.value, settings)
      return ok({
        ...{ subject: subject.value, claims, amr: null, acr: null, authenticatedAt: null, session: null },
        ...(settings.keepsTokens && { tokens: tokens.value }),
      })
    },

    async refresh({ refreshToken, now }) {
      const secret = await secretOrNull()
      if (secret === null) return invalid('our secret for the provider cannot be used')
      return redeemRefreshToken({ call: timedCalls(call), settings, secret, now }, refreshToken)
    },

    /** Redeems a code that cannot be: whom the provider blames tells whether it knows us. */
    async check() {
      const secret = await secretOrNull()
      if (secret === null) return [{ line: 'secret', ok: false, because: 'there is none' }]
      const nothing = {
        code: 'check',
        callbackUrl: 'https://check.invalid/',
        verifier: settings.usesPkce ? 'x'.repeat(43) : null,
      }
      const answer = await askJson(
        timedCalls(call),
        tokenRequest(settings, secret, codeGrant(nothing)),
        'token endpoint',
      )
      const good = { line: 'secret', ok: true, because: null }
      if (!answer.ok)
        return [good, { line: 'token endpoint', ok: false, because: answer.failure.because ?? answer.failure.code }]
      const { error } = answer.value.json as { error?: unknown }
      const isBlamed = typeof error === 'string' && BLAMES_CREDENTIALS.test(error)
      return [
        good,
        { line: 'token endpoint', ok: true, because: null },
        { line: 'client id and secret', ok: !isBlamed, because: isBlamed ? safeDescription(error) : null },
      ]
    },
  }
}
