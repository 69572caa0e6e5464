import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { KoaContext, Payload, Token } from 'oidc-provider'
import { ok } from '#core/shared/result.ts'
import { noTriggers, type TokenClaimsAnswer, type Triggers } from '#core/triggers/index.ts'
import { aClient, aPool, aUser, NOON } from '#tests/support/builders.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'
import { tokenHooks } from './token-hooks.ts'

const pool = aPool()
const user = aUser(pool.id, { username: 'ann' })

const changes: TokenClaimsAnswer = {
  idToken: { add: {}, suppress: [] },
  accessToken: {
    add: { tenant: 'north', sub: 'root', client_id: 'root' },
    suppress: [],
    addScopes: [],
    suppressScopes: [],
  },
  groups: null,
}

type Asked = Parameters<Triggers['preTokenGeneration']>[0]

/** One token, made for a person or for a client itself; the signer of this test shows what it is given. */
const setUp = (preTokenGeneration: Triggers['preTokenGeneration']) => {
  const counted: string[] = []
  const asked: Asked[] = []
  // Only what a token is made of is there.
  const deps = {
    artifacts: { forPool: () => ({}) },
    hashes: { of: (...parts: string[]) => parts.join() },
    random: seededRandom(1),
    clock: { now: () => NOON },
    events: { count: async ({ type }: { type: string }) => void counted.push(type) },
    triggers: {
      ...noTriggers,
      preTokenGeneration: (call: Asked) => {
        asked.push(call)
        return preTokenGeneration(call)
      },
    },
  } as unknown as OidcDeps
  const signer = { sign: async (_use: string, _typ: string | null, claims: Payload) => JSON.stringify(claims) }
  const hooks = tokenHooks(
    {
      pool,
      issuer: 'https://auth.example.com/pool',
      base: '/pool',
      signer,
      resourceServers: [],
    } as unknown as PoolForOidc,
    deps,
  )
  const issue = (whose: 'person' | 'client', accessTokenFormat: 'jwt' | 'rfc9068' | 'opaque') => {
    const client = aClient(pool.id, { id: 'shop', settings: { accessTokenFormat } })
    const entities =
      whose === 'person'
        ? { Account: { account: { user, groups: [] } }, AccessToken: { scopes: new Set(['openid']) } }
        : {}
    const ctx = {
      oidc: {
        client: { clientId: 'shop', portico_settings: client.settings },
        entities,
        params: { grant_type: whose === 'person' ? 'authorization_code' : 'client_credentials' },
      },
    } as unknown as KoaContext
    const token = {
      kind: whose === 'person' ? 'AccessToken' : 'ClientCredentials',
      jti: 'the-token',
    } as unknown as Token
    const payload = {
      clientId: 'shop',
      scope: whose === 'person' ? 'openid' : 'orders/read orders/write',
      ...(whose === 'person' ? { accountId: user.sub } : {}),
    }
    return hooks.representAccessToken(token, payload, ctx)
  }
  return { issue, asked, counted }
}

describe('the pre-token-generation trigger', () => {
  it('is asked about a client on its own behalf, and adds to its token what is not reserved', async () => {
    const { issue, asked, counted } = setUp(async () => ok(changes))
    const claims = JSON.parse(await issue('client', 'jwt')) as Payload
    assert.deepEqual([claims.tenant, claims.sub, claims.client_id], ['north', 'shop', 'shop'])
    const [call] = asked
    assert.deepEqual(
      [call?.source, call?.username, call?.attributes, call?.groups, call?.scopes],
      ['client-credentials', 'shop', {}, [], ['orders/read', 'orders/write']],
    )
    assert.deepEqual(counted, ['token.issued'])
  })

  it('is asked about an opaque token too, which stays what it is', async () => {
    const { issue, asked } = setUp(async () => ok(changes))
    assert.equal(await issue('person', 'opaque'), 'the-token')
    assert.deepEqual(
      asked.map(({ source, username }) => [source, username]),
      [['hosted-auth', 'ann']],
    )
  })

  it('may refuse any token, and a refused one is not counted as issued', async () => {
    for (const [whose, format] of [
      ['client', 'jwt'],
      ['client', 'rfc9068'],
      ['person', 'jwt'],
      ['person', 'opaque'],
    ] as const) {
      const { issue, counted } = setUp(async () => ({ ok: false, failure: { code: 'trigger-refused' } }))
      await assert.rejects(issue(whose, format), { error: 'invalid_grant' }, `${whose} ${format}`)
      assert.deepEqual(counted, [])
    }
  })
})
