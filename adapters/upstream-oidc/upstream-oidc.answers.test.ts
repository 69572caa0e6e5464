// Attacks 12, 13, 24 and 38: answers and addresses that are not what they seem. Every one is refused for a reason of its own.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fail } from '#core/shared/result.ts'
import type { Misbehaviour } from '#tests/support/hostile-provider.ts'
import { hostileSignIn } from '#tests/support/hostile-sign-in.ts'
import { loopbackFetch, upstreamClient } from '#tests/support/upstream-client.ts'

const { clock, provider, aClient, refusedFor } = await hostileSignIn()

describe('answers that belong elsewhere', () => {
  const CALLBACKS: [string, Misbehaviour['callback'], string][] = [
    ['of another sign-in', (all) => ({ ...all, state: 'of-somebody-else' }), 'the answer belongs to another sign-in'],
    ['of no sign-in', ({ state: _, ...all }) => all, 'the answer belongs to no sign-in'],
    [
      'of another provider (mix-up)',
      (all) => ({ ...all, iss: 'https://evil.example' }),
      'the answer is of another provider',
    ],
    ['of nobody', ({ iss: _, ...all }) => all, 'the answer does not say which provider gives it'],
    ['without a code', ({ code: _, ...all }) => all, 'the answer holds no code'],
    ['with tokens in the address', (all) => ({ ...all, id_token: 'a.b.c' }), 'the answer holds tokens in the address'],
  ]
  for (const [what, callback, because] of CALLBACKS) {
    it(`(${what}) sign nobody in and send no code anywhere`, async () => {
      const before = provider.seen.filter(({ path }) => path === '/token').length
      assert.equal(await refusedFor(callback === undefined ? {} : { callback }), `upstream-invalid: ${because}`)
      assert.equal(provider.seen.filter(({ path }) => path === '/token').length, before)
    })
  }

  it('do not bring an error of a provider that was not asked', async () =>
    assert.equal(
      await refusedFor({
        callback: ({ state }) => ({ error: 'access_denied', state: state ?? '', iss: 'https://evil.example' }),
      }),
      'upstream-invalid: the answer is of another provider',
    ))

  it('tell what the provider says when a person cancels, in one plain line', async () => {
    const callback = (all: Record<string, string>) => ({
      ...{ state: all.state ?? '', iss: all.iss ?? '' },
      ...{ error: 'access_denied', error_description: `changed\r\nher mind ✗ ${'x'.repeat(500)}` },
    })
    const because = await refusedFor({ callback })
    assert.match(because, /^upstream-refused: access_denied: changedher mind {2}x+$/)
    assert.ok(because.length < 240)
  })

  it('are not taken for another provider, whose sign-in began in the same browser (attack 24)', async () => {
    const client = aClient()
    const { url, remember } = await aClient({ name: 'Other' }).begin()
    const result = await client.finish(provider.signIn(url.href), remember)
    assert.equal(!result.ok && result.failure.because, 'the sign-in began at another provider')
    const foreign = await client.finish(provider.signIn(url.href), { saml: 'request' })
    assert.equal(!foreign.ok && foreign.failure.because, 'the sign-in began at another provider')
  })

  it('are not taken when the settings now name another issuer', async () => {
    const { url, remember } = await aClient().begin()
    const result = await aClient({ issuer: 'https://moved.example' }).finish(provider.signIn(url.href), remember)
    assert.equal(!result.ok && result.failure.because, 'the sign-in began at another provider')
  })

  it('with the code of somebody else fail by PKCE, and by the nonce where a provider ignores that', async () => {
    const client = aClient()
    for (const [ignoresPkce, because] of [
      [false, 'token endpoint: invalid_grant'],
      [true, 'the ID token belongs to another sign-in'],
    ] as const) {
      const victim = await client.begin()
      const attacker = await client.begin()
      const stolen = provider.signIn(victim.url.href)
      provider.misbehave({ ignoresPkce })
      const result = await client.finish(stolen, attacker.remember)
      assert.equal(!result.ok && result.failure.because, because)
    }
  })

  it('are good for one sign-in: the code does not work twice (attack 38)', async () => {
    const client = aClient()
    const { url, remember } = await client.begin()
    const callback = provider.signIn(url.href)
    assert.ok((await client.finish(callback, remember)).ok)
    const again = await client.finish(callback, remember)
    assert.equal(!again.ok && again.failure.because, 'token endpoint: invalid_grant')
  })

  it('by a form where the address was asked for are refused', async () => {
    const client = aClient()
    const { url, remember } = await client.begin()
    const result = await client.finish(provider.signIn(url.href), remember, 'POST')
    assert.equal(!result.ok && result.failure.because, 'the answer came in another way than was asked for')
  })
})

describe('discovery that lies', () => {
  const refusedDiscovery = async (change: Record<string, unknown>): Promise<string | undefined> => {
    provider.misbehave({ discovery: (document) => ({ ...document, ...change }) })
    const request = { callbackUrl: 'https://id.fjord.example/x', state: 's', locale: 'en', loginHint: null }
    // A client of its own: after a refusal the same one does not ask again for a while.
    const begun = await aClient().upstream.begin({
      ...request,
      forceAuthentication: false,
      asksForAccount: false,
      acr: null,
      now: 0,
    })
    return begun.ok ? undefined : begun.failure.because
  }

  it('about who it is, is refused', async () =>
    assert.equal(
      await refusedDiscovery({ issuer: 'https://other.example' }),
      'discovery: the document is of another issuer',
    ))

  it('by leaving out what is needed, is refused', async () =>
    assert.equal(await refusedDiscovery({ token_endpoint: undefined }), 'discovery: token_endpoint is missing'))

  it('by pointing anywhere but https, is refused', async () => {
    for (const address of [
      'http://169.254.169.254/token',
      'file:///etc/passwd',
      'javascript:alert(1)',
      '//x',
      'https://u@h/',
    ])
      for (const name of [
        'authorization_endpoint',
        'token_endpoint',
        'jwks_uri',
        'userinfo_endpoint',
        'end_session_endpoint',
      ])
        assert.equal(await refusedDiscovery({ [name]: address }), `discovery: ${name} is not https`)
  })

  it('by offering no algorithm that we allow, is refused', async () =>
    assert.equal(
      await refusedDiscovery({ id_token_signing_alg_values_supported: ['none', 'HS256'] }),
      'discovery: no signing algorithm in common',
    ))

  for (const [name, where] of [
    ['token_endpoint', 'token endpoint'],
    ['jwks_uri', 'keys'],
    ['userinfo_endpoint', 'userInfo'],
  ] as const) {
    it(`by pointing ${name} at a metadata service, reaches nothing`, async () => {
      provider.misbehave({ discovery: (document) => ({ ...document, [name]: 'https://169.254.169.254/latest' }) })
      assert.equal(await refusedFor({}), `upstream-unreachable: ${where}: the host leads to a reserved address`)
    })
  }
})

describe('answers on the way', () => {
  for (const [path, where] of [
    [/token/, 'token endpoint'],
    [/keys/, 'keys'],
    [/userinfo/, 'userInfo'],
  ] as const) {
    const answering = (send: NonNullable<Misbehaviour['answer']>['send']) => refusedFor({ answer: { path, send } })

    it(`that are redirects are not followed (${where})`, async () => {
      const because = await answering((response) =>
        response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      )
      assert.match(because, new RegExp(`^upstream-(?:invalid|unreachable): ${where}: answered with a redirect$`))
    })

    it(`that never end are cut (${where})`, async () => {
      const because = await answering((response) => response.writeHead(200).end('x'.repeat(300_000)))
      assert.equal(because, `upstream-unreachable: ${where}: the answer is too long`)
    })

    it(`that never come are given up (${where})`, async () => {
      const { url, remember } = await aClient().begin()
      provider.misbehave({ answer: { path, send: () => {} } })
      const hasty = upstreamClient({ issuer: provider.issuer }, clock, {
        call: (request) => loopbackFetch({ ...request, timeoutMs: path.test(request.url) ? 80 : 5000 }),
      })
      const result = await hasty.finish(provider.signIn(url.href), remember)
      assert.deepEqual(result, fail('upstream-slow', { because: `${where}: no answer in time` }))
    })

    it(`that are no JSON are refused (${where})`, async () => {
      const because = await answering((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'))
      assert.match(because, new RegExp(`^upstream-invalid: ${where}: `))
    })
  }

  it('that blame our secret are told apart from those that blame the code', async () => {
    const send: NonNullable<Misbehaviour['answer']>['send'] = (response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}')
    assert.equal(
      await refusedFor({ answer: { path: /token/, send } }),
      'upstream-invalid: token endpoint: invalid_client',
    )
  })
})
