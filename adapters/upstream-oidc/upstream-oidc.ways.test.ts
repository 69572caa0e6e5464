import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hostileSignIn } from '#tests/support/hostile-sign-in.ts'

const { provider, aClient, signIn } = await hostileSignIn()

describe("Apple's ways", () => {
  const apple = () => aClient({ type: 'SignInWithApple', responseMode: 'form_post', usesUserInfo: false })
  const arrive = async (user: string) => {
    const client = apple()
    const { url, remember } = await client.begin()
    assert.equal(url.searchParams.get('response_mode'), 'form_post')
    return client.finish({ ...provider.signIn(url.href), user }, remember, 'POST')
  }

  it('take the name from the form of the first time, and no address', async () => {
    provider.misbehave({ claims: ({ name: _, ...all }) => ({ ...all, email: 'x1@privaterelay.appleid.com' }) })
    const user = { name: { firstName: 'Ann', lastName: 'Ås' }, email: 'victim@fjord.example' }
    const result = await arrive(JSON.stringify(user))
    assert.ok(result.ok, JSON.stringify(result))
    const { given_name, family_name, name, email } = result.value.claims
    assert.deepEqual([given_name, family_name, name], ['Ann', 'Ås', 'Ann Ås'])
    assert.equal(email, 'x1@privaterelay.appleid.com')
  })

  it('bear a form that is anything else', async () => {
    for (const user of [
      '',
      'x',
      '[]',
      'null',
      '{"name":"Ann"}',
      '{"name":{"firstName":7}}',
      `{"name":{"firstName":"${'x'.repeat(3000)}"}}`,
    ])
      assert.ok((await arrive(user)).ok, user.slice(0, 40))
  })
})

describe('signing out at a provider', () => {
  it('goes there with the ID token of the sign-in, where the settings want it', async () => {
    const client = aClient({ signsOutUpstream: true })
    const result = await signIn(client)
    assert.ok(result.ok && result.value.session !== null)
    const departure = await client.upstream.logout(result.value.session, 'https://id.fjord.example/out')
    assert.ok(departure?.kind === 'redirect')
    const url = new URL(departure.url)
    assert.equal(url.pathname, '/end')
    assert.equal(url.searchParams.get('id_token_hint'), result.value.session)
    assert.equal(url.searchParams.get('post_logout_redirect_uri'), 'https://id.fjord.example/out')
  })

  it('is not possible where the settings do not, or the provider cannot', async () => {
    assert.equal(await aClient().upstream.logout('x', 'https://id.fjord.example/out'), null)
    provider.misbehave({ discovery: ({ end_session_endpoint: _, ...all }) => all })
    const unable = aClient({ signsOutUpstream: true })
    assert.equal(await unable.upstream.logout('x', 'https://id.fjord.example/out'), null)
  })
})

describe('looking at a provider', () => {
  it('says line by line what is right', async () => {
    const lines = await aClient().upstream.check()
    assert.ok(
      lines.every(({ ok }) => ok),
      JSON.stringify(lines),
    )
    assert.deepEqual(
      lines.slice(0, 3).map(({ line }) => line),
      ['secret', 'discovery', 'keys: 1'],
    )
  })

  it('says line by line what is wrong', async () => {
    provider.misbehave({
      discovery: ({ userinfo_endpoint: _, ...all }) => ({
        ...all,
        code_challenge_methods_supported: ['plain'],
        token_endpoint_auth_methods_supported: ['client_secret_basic'],
        scopes_supported: ['openid'],
        jwks_uri: 'https://169.254.169.254/keys',
      }),
    })
    const wrong = (await aClient().upstream.check()).filter(({ ok }) => !ok)
    assert.deepEqual(
      wrong.map(({ line, because }) => `${line} (${because})`),
      [
        'keys (keys: the host leads to a reserved address)',
        'PKCE with S256 (the provider announces other methods alone)',
        'client authentication: client_secret_post (not among the announced methods)',
        'userInfo (there is no such endpoint)',
      ],
    )
  })

  it('only notes what ordinary providers leave out, and what it did not try', async () => {
    provider.misbehave({
      discovery: ({ authorization_response_iss_parameter_supported: _, ...all }) => ({
        ...all,
        scopes_supported: ['openid'],
      }),
    })
    const lines = await aClient().upstream.check()
    assert.equal(
      lines.every(({ ok }) => ok),
      true,
    )
    assert.deepEqual(
      lines.filter(({ isNote }) => isNote).map(({ line, because }) => `${line} (${because})`),
      [
        'secret (present, not tried)',
        'scopes (not announced: profile, email)',
        'answers name the provider (RFC 9207) (not announced; state and nonce bind alone)',
      ],
    )
  })

  it('stops where there is nothing to look at', async () => {
    provider.misbehave({ answer: { path: /well-known/, send: (response) => response.writeHead(404).end() } })
    assert.deepEqual((await aClient().upstream.check()).at(-1), {
      line: 'discovery',
      ok: false,
      because: 'discovery: answered 404',
    })
  })
})
