import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

type Claims = Record<string, unknown>

/** How a provider departs from what it should do; all honest where nothing is said. */
export interface Misbehaviour {
  discovery?: (document: Claims) => Claims
  /** Instead of an answer: a whole one, at every path that matches. */
  answer?: { path: RegExp; send: (response: ServerResponse) => void }
  header?: (header: Claims) => Claims
  claims?: (claims: Claims) => Claims
  /** Signs with a key nobody published. */
  foreignKey?: boolean
  /** Instead of the signed token. */
  token?: (honest: string) => string | undefined
  userInfo?: (claims: Claims) => Claims
  /** The token endpoint's answer, whatever was asked. */
  tokens?: (honest: Claims) => Claims
  /** What the browser brings back. */
  callback?: (parameters: Record<string, string>) => Record<string, string>
  ignoresPkce?: boolean
}

interface Grant {
  nonce: string
  challenge: string
  redirectUri: string
}

export interface SeenRequest {
  path: string
  headers: IncomingMessage['headers']
  body: URLSearchParams
}

export interface HostileProvider {
  issuer: string
  seen: SeenRequest[]
  misbehave(how: Misbehaviour): void
  /** What a browser sent to this address would bring back after an honest person signed in. */
  signIn(departure: string): Record<string, string>
  rotateKey(): Promise<void>
  close(): Promise<void>
}

const readBody = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = ''
  for await (const chunk of request) text += chunk
  return new URLSearchParams(text)
}

const makeKey = async (kid: string) => {
  const pair = await generateKeyPair('RS256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' }
  return { kid, jwk, privateKey: pair.privateKey }
}

/** An OpenID Connect provider, written from the specification, that lies on demand. `now`: epoch seconds by its clock. */
export const startHostileProvider = async (now: () => number, clientId: string): Promise<HostileProvider> => {
  let how: Misbehaviour = {}
  let key = await makeKey('first')
  const foreign = await makeKey('first')
  const grants = new Map<string, Grant>()
  const seen: SeenRequest[] = []
  let issuer = ''
  let codes = 0
  let turns = 0
  /** The one that is taken: the last one given out. */
  let refreshToken = ''

  const discovery = (): Claims => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/end`,
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    scopes_supported: ['openid', 'profile', 'email'],
    authorization_response_iss_parameter_supported: true,
  })

  const idToken = async (nonce: string | null): Promise<string | undefined> => {
    const honest = {
      ...{ iss: issuer, aud: clientId, sub: 'ann-4711', ...(nonce !== null && { nonce }) },
      ...{ iat: now(), exp: now() + 300, name: 'Ann' },
    }
    const header = { alg: 'RS256', kid: key.kid, ...how.header?.({}) }
    const signed = await new SignJWT(how.claims?.(honest) ?? honest)
      .setProtectedHeader(header)
      .sign(how.foreignKey ? foreign.privateKey : key.privateKey)
    return how.token === undefined ? signed : how.token(signed)
  }

  const granted = async (nonce: string | null): Promise<[number, Claims]> => {
    turns += 1
    refreshToken = `refresh-${turns}`
    const honest = {
      ...{ access_token: turns === 1 ? 'access' : `access-${turns}`, token_type: 'Bearer', expires_in: 300 },
      ...{ refresh_token: refreshToken, id_token: await idToken(nonce) },
    }
    return [200, how.tokens?.(honest) ?? honest]
  }

  const tokens = async (body: URLSearchParams): Promise<[number, Claims]> => {
    if (body.get('grant_type') === 'refresh_token') {
      if (body.get('refresh_token') !== refreshToken)
        return [400, { error: 'invalid_grant', error_description: 'used' }]
      return granted(null)
    }
    const grant = grants.get(body.get('code') ?? '')
    grants.delete(body.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    const fits = grant?.redirectUri === body.get('redirect_uri') && (how.ignoresPkce || grant?.challenge === challenge)
    if (grant === undefined || !fits) return [400, { error: 'invalid_grant' }]
    return granted(grant.nonce)
  }

  const answerTo = async (path: string, body: URLSearchParams): Promise<[number, Claims]> => {
    switch (path) {
      case '/.well-known/openid-configuration':
        return [200, how.discovery?.(discovery()) ?? discovery()]
      case '/keys':
        return [200, { keys: [key.jwk] }]
      case '/token':
        return tokens(body)
      case '/userinfo': {
        const honest = { sub: 'ann-4711', email: 'ann@fjord.example', email_verified: true }
        return [200, how.userInfo?.(honest) ?? honest]
      }
      default:
        return [404, {}]
    }
  }

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://provider').pathname
    const body = await readBody(request)
    seen.push({ path, headers: request.headers, body })
    if (how.answer?.path.test(path)) return how.answer.send(response)
    const [status, value] = await answerTo(path, body)
    return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    issuer,
    seen,
    misbehave(next) {
      how = next
    },
    signIn(departure) {
      const asked = new URL(departure).searchParams
      codes += 1
      const code = `code-${codes}`
      grants.set(code, {
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        redirectUri: asked.get('redirect_uri') ?? '',
      })
      const honest = { code, state: asked.get('state') ?? '', iss: issuer }
      return how.callback?.(honest) ?? honest
    },
    async rotateKey() {
      key = await makeKey('second')
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
