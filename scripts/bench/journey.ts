import { createHash, randomBytes } from 'node:crypto'
import { type Connection, headerOf, type Reply, requestText } from './connection.ts'
import type { Endpoints } from './flows.ts'
import type { BenchClient, Target } from './target.ts'

export interface TokenAnswer {
  access_token: string
  refresh_token?: string
  id_token?: string
}

const MOST_HOPS = 12

/** Cookies by path, enough for servers that scope them so; everything else is the tests' business. */
const cookieBox = () => {
  const kept = new Map<string, { name: string; value: string; path: string }>()
  return {
    take({ headers }: Reply, url: URL) {
      for (const [key, line] of headers) {
        if (key !== 'set-cookie') continue
        const [pair = '', ...attributes] = line.split(';')
        const equals = pair.indexOf('=')
        const name = pair.slice(0, equals).trim()
        const given = attributes.map((each) => each.trim()).find((each) => /^path=/i.test(each))
        const path = given?.slice(5) ?? url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/')))
        const value = pair.slice(equals + 1)
        if (value === '') kept.delete(`${path} ${name}`)
        else kept.set(`${path} ${name}`, { name, value, path })
      }
    },
    for({ pathname }: URL): Record<string, string> {
      const sent: string[] = []
      for (const { name, value, path } of kept.values()) {
        if (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
          sent.push(`${name}=${value}`)
      }
      return sent.length === 0 ? {} : { Cookie: sent.join('; ') }
    },
  }
}

const NAVIGATION = {
  Accept: 'text/html',
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
}

/** Every sign-in comes from another address, by another person: limits per network and per account are not what is measured. */
let turns = 0
const nextTurn = (): number => {
  turns = (turns + 1) % 0xffffff
  return turns
}
const addressOf = (turn: number): string => `10.${turn >> 16}.${(turn >> 8) & 255}.${turn & 255}`

const decoded = (attribute: string): string =>
  attribute.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&#39;', "'")

/** Hidden fields of the page's posted form that has a password field, in whatever order attributes stand. */
const hiddenFields = (html: string): URLSearchParams => {
  const form = html.split('<form').find((part) => part.includes('name="password"')) ?? ''
  const fields = new URLSearchParams()
  for (const [input] of form.split('</form>')[0]?.matchAll(/<input[^>]*type="hidden"[^>]*>/g) ?? []) {
    const name = /name="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined) fields.append(name, decoded(/value="([^"]*)"/.exec(input)?.[1] ?? ''))
  }
  return fields
}

const refreshTarget = (html: string): string | undefined => {
  const found = /http-equiv="refresh"[^>]*content="0;\s*url=([^"]+)"/i.exec(html)?.[1]
  return found === undefined ? undefined : decoded(found)
}

const basic = ({ id, secret }: BenchClient): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

/** A whole sign-in without a browser: authorize → page → post → … → code → tokens, in a fresh session. */
export const signIn = async (
  connection: Connection,
  { target, endpoints, client }: { target: Target; endpoints: Endpoints; client: BenchClient },
): Promise<TokenAnswer> => {
  const turn = nextTurn()
  const person = target.people[turn % target.people.length]
  const cookies = cookieBox()
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(12).toString('base64url')
  const query = new URLSearchParams({
    client_id: client.id,
    redirect_uri: target.redirectUri,
    response_type: 'code',
    scope: client.scope,
    state,
    nonce: state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  let url = new URL(`${endpoints.authorization.href}?${query}`)
  let body: string | undefined
  let posted = false
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const headers = {
      ...NAVIGATION,
      'X-Forwarded-For': addressOf(turn),
      ...cookies.for(url),
      ...(body === undefined ? {} : { Origin: url.origin }),
    }
    const reply = await connection.send(
      requestText(body === undefined ? 'GET' : 'POST', url, body === undefined ? { headers } : { headers, body }),
    )
    cookies.take(reply, url)
    body = undefined
    const next = headerOf(reply, 'location') ?? (reply.status === 200 ? refreshTarget(reply.body) : undefined)
    if (next?.startsWith(target.redirectUri)) {
      const answer = new URL(next).searchParams
      const code = answer.get('code')
      if (code === null || answer.get('state') !== state) throw new Error(`${target.name} sent back ${next}`)
      const exchange = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: target.redirectUri,
        code_verifier: verifier,
      }).toString()
      const granted = await connection.send(
        requestText('POST', endpoints.token, { headers: { Authorization: basic(client) }, body: exchange }),
      )
      const tokens = JSON.parse(granted.body) as TokenAnswer
      if (granted.status !== 200 || !tokens.id_token)
        throw new Error(`${target.name}: ${granted.status} ${granted.body}`)
      return tokens
    }
    if (next !== undefined) {
      url = new URL(next, url)
    } else {
      const fields = hiddenFields(reply.body)
      if (posted || !reply.body.includes('name="password"')) {
        throw new Error(`${target.name} stayed on ${url.pathname} with ${reply.status}: ${reply.body.slice(0, 300)}`)
      }
      fields.set('username', person?.username ?? '')
      fields.set('password', person?.password ?? '')
      body = fields.toString()
      posted = true
    }
  }
  throw new Error(`${target.name} needed more than ${MOST_HOPS} steps; last ${url.pathname}`)
}

export { basic }
