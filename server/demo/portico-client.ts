import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import * as client from 'openid-client'
import type { Attempt, SignedIn } from './demo-sessions.ts'

export interface ClientSettings {
  issuer: string
  clientId: string
  clientSecret: string | null
  redirectUri: string
  afterSignOut: string
  scope: string
}

/** Pages of the pool where an attempt may begin; all lead back to the callback. */
export type Beginning = 'sign-in' | 'sign-up' | 'forgot-password'

const PAGES: Readonly<Record<Beginning, string>> = {
  'sign-in': '/oauth2/authorize',
  'sign-up': '/signup',
  'forgot-password': '/forgotPassword',
}

/** Everything the app says to the pool, through openid-client; the only thing it was told is the issuer and its own credentials. */
export const connectTo = async ({
  issuer,
  clientId,
  clientSecret,
  redirectUri,
  afterSignOut,
  scope,
}: ClientSettings) => {
  const address = new URL(issuer)
  const config = await client.discovery(
    address,
    clientId,
    undefined,
    clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
    // Signatures of ID tokens are checked even though they came straight from the token endpoint.
    {
      execute: [
        client.enableNonRepudiationChecks,
        ...(address.protocol === 'http:' ? [client.allowInsecureRequests] : []),
      ],
    },
  )
  const server = config.serverMetadata()
  const keys = createRemoteJWKSet(new URL(server.jwks_uri ?? ''))

  return {
    async begin(where: Beginning): Promise<{ url: URL; state: string; attempt: Attempt }> {
      const attempt = { nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
      const state = client.randomState()
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      url.pathname = url.pathname.replace(/\/oauth2\/authorize$/, PAGES[where])
      return { url, state, attempt }
    },

    /** Throws openid-client's errors; `AuthorizationResponseError` when the pool answered with one. */
    async finish(callback: URL, state: string, { nonce, verifier }: Attempt): Promise<SignedIn> {
      const tokens = await client.authorizationCodeGrant(config, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined || tokens.id_token === undefined) throw new Error('The answer holds no ID token')
      return {
        sub: claims.sub,
        idToken: tokens.id_token,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? null,
        idClaims: claims,
      }
    },

    async refresh(before: SignedIn): Promise<SignedIn> {
      const tokens = await client.refreshTokenGrant(config, before.refreshToken ?? '')
      const claims = tokens.claims()
      if (claims !== undefined && claims.sub !== before.sub)
        throw new Error('The refreshed token is about someone else')
      return {
        sub: before.sub,
        idToken: tokens.id_token ?? before.idToken,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? before.refreshToken,
        idClaims: claims ?? before.idClaims,
      }
    },

    userInfo: ({ accessToken, sub }: SignedIn) => client.fetchUserInfo(config, accessToken, sub),

    /** Claims of the access token, checked the way an API would: signature, issuer, time, purpose, client. Null when it is opaque. */
    async accessClaims({ accessToken }: SignedIn): Promise<JWTPayload | null> {
      if (accessToken.split('.').length !== 3) return null
      const { payload } = await jwtVerify(accessToken, keys, { issuer: server.issuer })
      if (payload.client_id !== clientId) throw new Error('The access token was made for another client')
      if (payload.token_use !== undefined && payload.token_use !== 'access') throw new Error('This is no access token')
      return payload
    },

    signOutUrl: ({ idToken }: SignedIn): URL =>
      client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: afterSignOut }),
  }
}
export type PorticoClient = Awaited<ReturnType<typeof connectTo>>
