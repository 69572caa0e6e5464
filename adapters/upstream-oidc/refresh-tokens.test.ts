import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostileSignIn } from '#tests/support/hostile-sign-in.ts'

const { clock, seconds, provider, aClient, signIn } = await hostileSignIn()
const keeping = () => aClient({ keepsTokens: true })

/** What a refresh with the last refresh token comes to, by a provider that misbehaves so from then on. */
const refreshed = async (how: Parameters<typeof provider.misbehave>[0], refreshToken?: string) => {
  provider.misbehave({})
  const client = keeping()
  const came = await signIn(client)
  assert.ok(came.ok && came.value.tokens)
  provider.misbehave(how)
  const kept = refreshToken ?? came.value.tokens.refreshToken ?? ''
  const request = { refreshToken: kept, subject: came.value.subject, now: clock.now().getTime() }
  return { result: await client.upstream.refresh(request), before: came.value.tokens }
}
const reasonOf = async (...how: Parameters<typeof refreshed>): Promise<string> => {
  const { result } = await refreshed(...how)
  assert.ok(!result.ok, 'nothing is renewed')
  return `${result.failure.code}: ${result.failure.because}`
}

describe('renewing the tokens of a provider', () => {
  it('is refused with a refresh token that the provider takes no more', async () => {
    assert.equal(await reasonOf({}, 'refresh-0'), 'upstream-refused: invalid_grant: used')
  })

  it('is no refusal of the person where the provider refuses us, is in trouble, or answers with nonsense', async () => {
    const sending = (status: number, body: string) => ({
      answer: {
        path: /^\/token$/,
        send: (response: import('node:http').ServerResponse) =>
          void response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      },
    })
    assert.equal(
      await reasonOf(sending(401, '{"error":"invalid_client"}')),
      'upstream-invalid: token endpoint: invalid_client',
    )
    assert.equal(
      await reasonOf(sending(503, '{"error":"invalid_grant"}')),
      'upstream-unreachable: token endpoint: answered 503',
    )
    assert.match(await reasonOf(sending(200, 'hello')), /^upstream-invalid: /)
    assert.match(await reasonOf({ tokens: ({ access_token: _, ...all }) => all }), /^upstream-invalid: .*access token/)
    assert.match(await reasonOf({ tokens: (all) => ({ ...all, access_token: 'a\nb' }) }), /^upstream-invalid: .*sent/)
    const cut = {
      answer: { path: /^\/token$/, send: (response: import('node:http').ServerResponse) => void response.destroy() },
    }
    assert.match(await reasonOf(cut), /^upstream-unreachable: /)
  })

  it('is refused where the ID token of the answer does not hold, or is of somebody else', async () => {
    const said = (more: Record<string, unknown>) => ({
      claims: (all: Record<string, unknown>) => ({ ...all, ...more }),
    })
    assert.equal(await reasonOf(said({ sub: 'bo' })), 'upstream-invalid: the ID token is of somebody else')
    assert.equal(await reasonOf(said({ aud: 'other' })), 'upstream-invalid: the ID token is for another audience')
    assert.equal(
      await reasonOf(said({ iss: 'https://o.example' })),
      'upstream-invalid: the ID token is of another issuer',
    )
    assert.equal(await reasonOf(said({ azp: 'other' })), 'upstream-invalid: the ID token was issued to another client')
    assert.equal(await reasonOf(said({ iat: seconds() + 600 })), 'upstream-invalid: the ID token is of the future')
    assert.equal(await reasonOf({ foreignKey: true }), "upstream-invalid: the ID token's signature does not hold")
  })

  it('brings others, with when they run out; without an ID token as well', async () => {
    const { result, before } = await refreshed({ tokens: ({ id_token: _, ...all }) => all })
    assert.ok(result.ok)
    assert.notEqual(result.value.accessToken, before.accessToken)
    assert.notEqual(result.value.refreshToken, before.refreshToken)
    assert.equal(result.value.expiresAt, clock.now().getTime() + 300_000)
    assert.equal(before.expiresAt, clock.now().getTime() + 300_000)
    const sent = provider.seen.findLast(({ path }) => path === '/token')?.body
    assert.equal(sent?.get('grant_type'), 'refresh_token')
    assert.equal(sent?.get('client_secret'), 'swordfish')
  })

  it('says null for a refresh token that goes on, and for a time that nobody said', async () => {
    const { result } = await refreshed({ tokens: ({ refresh_token: _, expires_in: __, ...all }) => all })
    assert.deepEqual(result.ok && [result.value.refreshToken, result.value.expiresAt], [null, null])
  })
})

describe('the tokens of a sign-in', () => {
  it('are not handed on where the settings do not keep them', async () => {
    const result = await signIn()
    assert.ok(result.ok)
    assert.equal(Object.hasOwn(result.value, 'tokens'), false)
  })
})
