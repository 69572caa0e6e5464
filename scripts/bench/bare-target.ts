import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { type BenchClient, startMeasured, type Target } from './target.ts'

export type SigningAlgorithm = 'RS256' | 'ES256'

const SECRET = 'floor-of-overhead-floor-of-overhead-floor-of-over'
const REDIRECT = 'http://localhost:9/callback'

const client = (id: string, scope = 'openid email profile'): BenchClient => ({ id, secret: SECRET, scope })

/** oidc-provider alone, with its in-memory store. */
export const startBare = async ({ port, alg }: { port: number; alg: SigningAlgorithm }): Promise<Target> => {
  const web = client('web')
  const rotating = client('rotating')
  // The library refuses its own JWT access tokens at userInfo and introspection, so the floor there is its opaque form.
  const shown = client('shown')
  const machine = client('machine', 'api/read')
  const clients = [web, rotating, shown, machine].map(({ id, secret, scope }) => ({
    id,
    secret,
    scope,
    redirectUri: id === 'machine' ? null : REDIRECT,
    accessTokens: id === 'shown' ? 'opaque' : 'jwt',
    rotates: id === 'rotating',
  }))
  const started = performance.now()
  const process = await startMeasured(fileURLToPath(new URL('bare-server.ts', import.meta.url)), {
    args: [String(port), alg],
    env: { BENCH_CLIENTS: JSON.stringify(clients) },
    ready: (output) => output.includes('ready'),
  })
  const issuer = `http://localhost:${port}`
  await fetch(`${issuer}/.well-known/openid-configuration`)
  const firstAnswerMs = performance.now() - started
  return {
    name: 'bare oidc-provider',
    issuer,
    redirectUri: REDIRECT,
    web,
    rotating,
    shown,
    machine,
    people: [{ username: 'ann@bench.example', password: 'any will do' }],
    process,
    firstAnswerMs,
    stop: () => process.stop(),
  }
}
