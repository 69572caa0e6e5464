import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { browser, type FormBrowser } from './form-browser.ts'

export interface RelyingPartySettings {
  issuer: string
  clientId: string
  /** Absent: a public client. */
  clientSecret?: string
  redirectUri?: string
  scope?: string
  authentication?: 'basic' | 'post'
}

/** Parameters of an authorization request; `null` leaves out what is sent otherwise. */
export type Asked = Readonly<Record<string, string | null>>

export type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

/** An attempt to sign in: the address to open, and what its answer must match. */
export interface Attempt {
  url: URL
  checks: client.AuthorizationCodeGrantChecks
}

export interface RelyingParty {
  config: client.Configuration
  redirectUri: string
  /** Code flow with fresh state, nonce and PKCE (S256). */
  begin(asked?: Asked): Promise<Attempt>
  /** Exchanges the code; throws openid-client's errors, `AuthorizationResponseError` for an error redirect. */
  finish(attempt: Attempt, callback: URL): Promise<Tokens>
  refresh(refreshToken: string, more?: Readonly<Record<string, string>>): Promise<Tokens>
  machineToken(scope?: string): Promise<Tokens>
  userInfo(accessToken: string, sub: string): Promise<client.UserInfoResponse>
  introspect(token: string): Promise<client.IntrospectionResponse>
  revoke(token: string): Promise<void>
  logoutUrl(asked?: Readonly<Record<string, string>>): URL
  /** Claims of a JWT signed by a published key of the issuer: any token, checked by signature, issuer and time. */
  verified(token: string): Promise<JWTPayload>
}

/** A relying party on `openid-client`, told nothing but what an operator would copy: issuer, client id, secret. */
export const relyingParty = async ({
  issuer,
  clientId,
  clientSecret,
  redirectUri = 'http://localhost:9/callback',
  scope = 'openid email profile',
  authentication = 'basic',
}: RelyingPartySettings): Promise<RelyingParty> => {
  const method =
    clientSecret === undefined
      ? client.None()
      : authentication === 'basic'
        ? client.ClientSecretBasic(clientSecret)
        : client.ClientSecretPost(clientSecret)
  const config = await client.discovery(new URL(issuer), clientId, undefined, method, {
    execute: [client.allowInsecureRequests],
  })
  const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? ''))

  return {
    config,
    redirectUri,
    async begin(asked = {}) {
      const verifier = client.randomPKCECodeVerifier()
      const wanted: Record<string, string | null> = {
        redirect_uri: redirectUri,
        scope,
        state: client.randomState(),
        nonce: client.randomNonce(),
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...asked,
      }
      const sent: Record<string, string> = {}
      for (const [name, value] of Object.entries(wanted)) if (value !== null) sent[name] = value
      return {
        url: client.buildAuthorizationUrl(config, sent),
        checks: {
          ...(sent.state === undefined ? {} : { expectedState: sent.state }),
          ...(sent.nonce === undefined ? {} : { expectedNonce: sent.nonce }),
          ...(sent.code_challenge === undefined ? {} : { pkceCodeVerifier: verifier }),
          ...(sent.max_age === undefined ? {} : { maxAge: Number(sent.max_age) }),
        },
      }
    },
    finish: ({ checks }, callback) => client.authorizationCodeGrant(config, callback, checks),
    refresh: (refreshToken, more) => client.refreshTokenGrant(config, refreshToken, more),
    machineToken: (wanted) => client.clientCredentialsGrant(config, wanted === undefined ? {} : { scope: wanted }),
    userInfo: (accessToken, sub) => client.fetchUserInfo(config, accessToken, sub),
    introspect: (token) => client.tokenIntrospection(config, token),
    revoke: (token) => client.tokenRevocation(config, token),
    logoutUrl: (asked) => client.buildEndSessionUrl(config, asked),
    async verified(token) {
      const { payload } = await jwtVerify(token, keys, { issuer: config.serverMetadata().issuer })
      return payload
    },
  }
}

interface Person {
  username: string
  password: string
}

interface SignInOptions {
  through?: FormBrowser
  asked?: Asked
}

/** A sign-in without scripts, up to the code: opens the page, fills it, comes back. */
export const codeFor = async (
  party: RelyingParty,
  person: Person,
  { through = browser(), asked = {} }: SignInOptions = {},
): Promise<{ attempt: Attempt; callback: URL; code: string; verifier: string; browser: FormBrowser }> => {
  const attempt = await party.begin(asked)
  await through.open(attempt.url)
  if (through.departure === null) await through.submit({ username: person.username, password: person.password })
  const callback = through.callback()
  const code = callback.searchParams.get('code') ?? ''
  return { attempt, callback, code, verifier: attempt.checks.pkceCodeVerifier ?? '', browser: through }
}

/** A whole sign-in: `codeFor`, and the code exchanged. */
export const signInWith = async (
  party: RelyingParty,
  person: Person,
  options: SignInOptions = {},
): Promise<{ tokens: Tokens; sub: string; browser: FormBrowser }> => {
  const { attempt, callback, browser: through } = await codeFor(party, person, options)
  const tokens = await party.finish(attempt, callback)
  return { tokens, sub: tokens.claims()?.sub ?? '', browser: through }
}
