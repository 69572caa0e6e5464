import { type Connection, requestText } from './connection.ts'
import { basic, signIn, type TokenAnswer } from './journey.ts'
import type { BenchClient, Target } from './target.ts'

/** Addresses as discovery names them. */
export interface Endpoints {
  discovery: URL
  jwks: URL
  authorization: URL
  token: URL
  userInfo: URL
  introspection: URL
}

/** One repeatable act of one worker; resolves when the answer was right, throws when it was not. */
export type Act = () => Promise<unknown>

export interface Flow {
  name: string
  /** Workers in the closed loop; pages and journeys hold more state per act than single requests. */
  workers: number
  /** Makes what one worker needs, outside the measured time. */
  prepare(worker: { target: Target; endpoints: Endpoints; connection: Connection }): Promise<Act>
}

export const discover = async (issuer: string): Promise<Endpoints> => {
  const discovery = new URL(`${issuer}/.well-known/openid-configuration`)
  const answer = (await (await fetch(discovery)).json()) as Record<string, string>
  const named = (name: string): URL => {
    const value = answer[name]
    if (value === undefined) throw new Error(`${discovery} names no ${name}`)
    return new URL(value)
  }
  return {
    discovery,
    jwks: named('jwks_uri'),
    authorization: named('authorization_endpoint'),
    token: named('token_endpoint'),
    userInfo: named('userinfo_endpoint'),
    introspection: named('introspection_endpoint'),
  }
}

const same =
  (connection: Connection, request: string, isRight: (body: string) => boolean): Act =>
  async () => {
    const { status, body } = await connection.send(request)
    if (status !== 200 || !isRight(body))
      throw new Error(`${request.split('\r\n')[0]}: ${status} ${body.slice(0, 300)}`)
  }

const tokenRequest = (endpoints: Endpoints, client: BenchClient, fields: Record<string, string>): string =>
  requestText('POST', endpoints.token, {
    headers: { Authorization: basic(client) },
    body: new URLSearchParams(fields).toString(),
  })

const refreshToken = (tokens: TokenAnswer): string => {
  if (tokens.refresh_token === undefined) throw new Error('A sign-in brought no refresh token')
  return tokens.refresh_token
}

/** The sign-in page alone: the address a fresh authorization request leads to, opened again and again by one browser. */
const signInPage = async (connection: Connection, target: Target, endpoints: Endpoints): Promise<string> => {
  const query = new URLSearchParams({
    client_id: target.web.id,
    redirect_uri: target.redirectUri,
    response_type: 'code',
    scope: target.web.scope,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    state: 'bench',
  })
  let url = new URL(`${endpoints.authorization.href}?${query}`)
  const cookies = new Map<string, string>()
  for (let hop = 0; hop < 5; hop++) {
    const request = requestText('GET', url, {
      headers: { Accept: 'text/html', Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    const reply = await connection.send(request)
    if (reply.status === 200) return request
    for (const [name, line] of reply.headers) {
      const [, key = '', value = ''] = name === 'set-cookie' ? (/^([^=]+)=([^;]*)/.exec(line) ?? []) : []
      if (key !== '') cookies.set(key, value)
    }
    url = new URL(reply.headers.find(([name]) => name === 'location')?.[1] ?? '', url)
  }
  throw new Error(`${target.name} shows no sign-in page`)
}

export const FLOWS: readonly Flow[] = [
  {
    name: 'discovery',
    workers: 16,
    prepare: async ({ connection, endpoints }) =>
      same(connection, requestText('GET', endpoints.discovery), (body) => body.includes('"issuer"')),
  },
  {
    name: 'JWKS',
    workers: 16,
    prepare: async ({ connection, endpoints }) =>
      same(connection, requestText('GET', endpoints.jwks), (body) => body.includes('"kid"')),
  },
  {
    name: 'sign-in page',
    workers: 16,
    prepare: async ({ connection, target, endpoints }) =>
      same(connection, await signInPage(connection, target, endpoints), (body) => body.includes('name="password"')),
  },
  {
    name: 'client credentials',
    workers: 16,
    prepare: async ({ connection, target: { machine }, endpoints }) =>
      same(
        connection,
        tokenRequest(endpoints, machine, { grant_type: 'client_credentials', scope: machine.scope }),
        (body) => body.includes('"access_token"'),
      ),
  },
  {
    name: 'refresh',
    workers: 16,
    async prepare({ connection, target, endpoints }) {
      const tokens = await signIn(connection, { target, endpoints, client: target.web })
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken(tokens) }
      return same(connection, tokenRequest(endpoints, target.web, fields), (body) => body.includes('"id_token"'))
    },
  },
  {
    name: 'rotating refresh',
    workers: 16,
    async prepare({ connection, target, endpoints }) {
      let current = refreshToken(await signIn(connection, { target, endpoints, client: target.rotating }))
      return async () => {
        const fields = { grant_type: 'refresh_token', refresh_token: current }
        const { status, body } = await connection.send(tokenRequest(endpoints, target.rotating, fields))
        const next = status === 200 ? refreshToken(JSON.parse(body) as TokenAnswer) : current
        if (next === current) throw new Error(`${target.name} did not rotate: ${status} ${body.slice(0, 300)}`)
        current = next
      }
    },
  },
  {
    name: 'userInfo',
    workers: 16,
    async prepare({ connection, target, endpoints }) {
      const { access_token } = await signIn(connection, { target, endpoints, client: target.shown })
      const request = requestText('GET', endpoints.userInfo, { headers: { Authorization: `Bearer ${access_token}` } })
      return same(connection, request, (body) => body.includes('"sub"'))
    },
  },
  {
    name: 'introspection',
    workers: 16,
    async prepare({ connection, target, endpoints }) {
      const { access_token } = await signIn(connection, { target, endpoints, client: target.shown })
      const request = requestText('POST', endpoints.introspection, {
        headers: { Authorization: basic(target.shown) },
        body: new URLSearchParams({ token: access_token }).toString(),
      })
      return same(connection, request, (body) => body.includes('"active":true'))
    },
  },
  {
    name: 'whole sign-in',
    workers: 8,
    prepare:
      async ({ connection, target, endpoints }) =>
      () =>
        signIn(connection, { target, endpoints, client: target.web }),
  },
]
