import {
  allowInsecureRequests,
  authorizationCodeGrant,
  type ClientAuth,
  Configuration,
  clockSkew,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type ServerMetadata,
  setJwksCache,
} from 'openid-client'
import type { GuardedFetch, UpstreamCallback } from '#core/federation/ports.ts'
import type { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { deadlineIn, guardedCustomFetch, STEP_MS } from './call-out.ts'
import type { Remembered } from './departure.ts'
import type { KeySet, ProviderMetadata } from './provider-metadata.ts'
import { refusalOf } from './refusal-of.ts'
import type { RememberedDocument } from './remembered-document.ts'
import { mergeClaims } from './upstream-claims.ts'

export interface Arrival {
  settings: OidcProviderSettings
  metadata: ProviderMetadata
  keys: RememberedDocument<KeySet>
  auth: ClientAuth
  call: GuardedFetch
}

const MILLISECONDS = 1000
/** Seconds; from 60 on the library asks for the keys again when it meets one that it does not know. */
const AGE_THAT_MAY_BE_RENEWED = 61

const serverMetadataOf = (metadata: ProviderMetadata): ServerMetadata => ({
  issuer: metadata.issuer,
  authorization_endpoint: metadata.authorization,
  token_endpoint: metadata.token,
  jwks_uri: metadata.keys,
  id_token_signing_alg_values_supported: [...metadata.algorithms],
  authorization_response_iss_parameter_supported: metadata.namesItself,
  ...(metadata.userInfo !== null && { userinfo_endpoint: metadata.userInfo }),
})

/** The library reads the clock of the machine; the difference to the moment of the callback is told to it as skew. */
const skewTo = (now: number): number => Math.round((now - Date.now()) / MILLISECONDS)

/** The provider as the library knows it at this moment. */
export const configurationFor = (arrival: Arrival, now: number, keys: KeySet): Configuration => {
  const { settings, metadata, auth, call } = arrival
  const client = { [clockSkew]: skewTo(now), [clockTolerance]: settings.clockSkewSeconds }
  const configuration = new Configuration(serverMetadataOf(metadata), settings.clientId, client, auth)
  // Signatures are checked although TLS brought the token: a token endpoint behind a proxy proves little.
  enableNonRepudiationChecks(configuration)
  // The settings and the guarded fetch decide about http; addresses were checked when they were read.
  allowInsecureRequests(configuration)
  configuration[customFetch] = guardedCustomFetch(call, deadlineIn(STEP_MS), async (url) => {
    if (url !== metadata.keys) return null
    const renewed = await arrival.keys.renew()
    return Response.json(renewed.ok ? renewed.value : keys)
  })
  const uat = Math.floor(Date.now() / MILLISECONDS) - AGE_THAT_MAY_BE_RENEWED
  setJwksCache(configuration, { jwks: { keys: keys.keys as never[] }, uat })
  return configuration
}

/** What the library does not look at. */
export const checkFurther = (
  claims: Readonly<Record<string, unknown>>,
  { settings }: Arrival,
  { notBefore }: Pick<Remembered, 'notBefore'>,
  now: number,
): Result<void> => {
  const { azp, iat, auth_time: authTime } = claims
  const { clientId, clockSkewSeconds } = settings
  if (azp !== undefined && azp !== clientId)
    return fail('upstream-invalid', { because: 'the ID token was issued to another client' })
  if (Number(iat) > now / MILLISECONDS + clockSkewSeconds)
    return fail('upstream-invalid', { because: 'the ID token is of the future' })
  if (notBefore !== '' && typeof authTime === 'number' && authTime < Number(notBefore) - clockSkewSeconds)
    return fail('upstream-invalid', { because: 'the person was not asked to authenticate anew' })
  return ok(undefined)
}

interface Received {
  claims: Readonly<Record<string, unknown>>
  idToken: string
  /** Of the token endpoint. */
  answer: object
}

/**
 * Trades the code for claims that hold: state, `iss` (RFC 9207), PKCE, nonce, signature, audience, times, and a userInfo about the
 * same subject. The signed token comes back as the hint for signing out, and the whole answer for its tokens.
 */
export const receiveClaims = async (
  arrival: Arrival,
  callback: UpstreamCallback,
  remembered: Remembered,
): Promise<Result<Received>> => {
  const { settings, metadata, keys } = arrival
  const known = await keys.get()
  if (!known.ok) return known
  const configuration = configurationFor(arrival, callback.now, known.value)
  const url = new URL(remembered.callbackUrl)
  url.search = new URLSearchParams(callback.parameters).toString()

  let where = 'token endpoint'
  try {
    const tokens = await authorizationCodeGrant(configuration, url, {
      expectedState: remembered.state,
      expectedNonce: remembered.nonce,
      pkceCodeVerifier: remembered.verifier,
      idTokenExpected: true,
    })
    const idClaims = { ...tokens.claims() }
    const further = checkFurther(idClaims, arrival, remembered, callback.now)
    if (!further.ok) return further
    where = 'userInfo'
    const userInfo =
      settings.usesUserInfo && metadata.userInfo !== null
        ? await fetchUserInfo(configuration, tokens.access_token, String(idClaims.sub))
        : {}
    return ok({ claims: mergeClaims(idClaims, userInfo), idToken: String(tokens.id_token), answer: tokens })
  } catch (error) {
    return refusalOf(error, where)
  }
}
