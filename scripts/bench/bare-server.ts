/**
 * The floor: oidc-provider as its documentation sets it up, its in-memory store, and the least interaction that works —
 * a form, and an answer that accepts whoever is typed. Run as a process of its own: `bare-server.ts <port> <alg>`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'

const [port = '4370', alg = 'RS256'] = process.argv.slice(2)
const { BENCH_CLIENTS = '[]' } = process.env
const API = 'urn:bench:api'
const DAY = 86_400

interface FloorClient {
  id: string
  secret: string
  redirectUri: string | null
  scope: string
  accessTokens: 'jwt' | 'opaque'
  rotates: boolean
}
const clients = JSON.parse(BENCH_CLIENTS) as FloorClient[]
const settingsOf = (id: string) => clients.find((client) => client.id === id)

// The library ships no types; this file uses it as its documentation shows.
const { default: Provider } = await import('oidc-provider' as string)

const { privateKey } = await generateKeyPair(alg, { extractable: true })
const key = { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: 'bench' }

const provider = new Provider(`http://localhost:${port}`, {
  jwks: { keys: [key] },
  clients: clients.map(({ id, secret, redirectUri }) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: redirectUri === null ? [] : [redirectUri],
    response_types: redirectUri === null ? [] : ['code'],
    grant_types: redirectUri === null ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: alg,
  })),
  cookies: { keys: ['bench'] },
  scopes: ['openid', 'email', 'profile', 'offline_access', 'api/read'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_ctx: unknown, sub: string) => ({
    accountId: sub,
    claims: () => ({ sub, email: sub, email_verified: true, name: 'Ann Bench' }),
  }),
  issueRefreshToken: () => true,
  rotateRefreshToken: (ctx: { oidc: { client: { clientId: string } } }) =>
    settingsOf(ctx.oidc.client.clientId)?.rotates ?? false,
  async loadExistingGrant(ctx: {
    oidc: { client: { clientId: string }; session: { accountId: string }; params: { scope: string } }
  }) {
    const { clientId } = ctx.oidc.client
    const grant = new provider.Grant({ clientId, accountId: ctx.oidc.session.accountId })
    grant.addOIDCScope(ctx.oidc.params.scope)
    grant.addResourceScope(API, 'api/read')
    await grant.save()
    return grant
  },
  interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  ttl: {
    AccessToken: 3600,
    IdToken: 3600,
    RefreshToken: 30 * DAY,
    Session: 3600,
    Grant: 30 * DAY,
    Interaction: 3600,
    ClientCredentials: 3600,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx: unknown, { clientId }: { clientId: string }) =>
        settingsOf(clientId)?.accessTokens === 'jwt' ? API : undefined,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'api/read',
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg } },
      }),
    },
  },
})

const answer = provider.callback()
const FORM = `<!doctype html><html lang="en"><title>Sign in</title><form method="post"><label>Email <input name="username"></label>
<label>Password <input type="password" name="password"></label><button>Sign in</button></form></html>`

const interact = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
  if (req.method === 'POST') {
    const form = new URLSearchParams(String(await req.toArray().then((parts) => Buffer.concat(parts))))
    await provider.interactionFinished(
      req,
      res,
      { login: { accountId: form.get('username') } },
      { mergeWithLastSubmission: false },
    )
    return
  }
  await provider.interactionDetails(req, res)
  res.setHeader('content-type', 'text/html; charset=utf-8')
  res.end(FORM)
}

const failed = (res: ServerResponse) => (problem: Error) => {
  console.error(problem)
  res.writeHead(500).end()
}

createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
  if (req.url?.startsWith('/interaction/')) interact(req, res).catch(failed(res))
  else answer(req, res)
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
process.on('SIGTERM', () => process.exit(0))
