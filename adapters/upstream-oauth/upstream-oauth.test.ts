import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { knownProvider, mapAttributes, OAuthProviderSettings, settingsOf } from '#core/federation/index.ts'
import type { GuardedFetch, GuardedRequest, UpstreamState } from '#core/federation/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { upstreamOAuth } from './upstream-oauth.ts'

const CALLBACK = 'https://id.fjord.example/oauth2/idpresponse'
const TOKEN = { access_token: 'at-1', token_type: 'bearer' }

type Answers = Readonly<Record<string, unknown>>

const LATE = 'no answer in time'

/** Answers by address; a number is a status, a text a reason for not answering. */
const someProvider = (answers: Answers) => {
  const seen: GuardedRequest[] = []
  const call: GuardedFetch = async (request) => {
    seen.push(request)
    const answer = answers[request.url.split('?')[0] ?? '']
    if (typeof answer === 'string')
      return fail(answer === LATE ? 'upstream-slow' : 'upstream-unreachable', { because: answer })
    if (typeof answer === 'number') return ok({ status: answer, headers: {}, body: '{}' })
    return ok({ status: 200, headers: {}, body: JSON.stringify(answer ?? null) })
  }
  return { call, seen }
}

const plain = OAuthProviderSettings.parse({
  ...{ kind: 'oauth', name: 'Plain', clientId: 'c', scopes: ['me'], subjectClaim: 'id' },
  endpoints: { authorization: 'https://o.example/a?theme=1&state=x', token: 'https://o.example/t' },
  ...{ auth: { method: 'client_secret_post' }, profile: [{ url: 'https://o.example/me' }] },
})
const HONEST: Answers = { 'https://o.example/t': TOKEN, 'https://o.example/me': { id: 'u1', name: 'Ann' } }

const journey = async (
  settings: OAuthProviderSettings,
  answers: Answers,
  change: Record<string, string | undefined> = {},
) => {
  const { call, seen } = someProvider(answers)
  const upstream = upstreamOAuth(settings, { call, readSecret: async () => 'sword:fish', random: seededRandom(1) })
  const asked = {
    callbackUrl: CALLBACK,
    state: 'st',
    locale: 'en',
    loginHint: null,
    forceAuthentication: false,
    asksForAccount: false,
  }
  const begun = await upstream.begin({ ...asked, acr: null, now: 0 })
  assert.ok(begun.ok && begun.value.departure.kind === 'redirect')
  const url = new URL(begun.value.departure.url)
  const all = { code: 'co', state: 'st', ...change }
  const parameters = Object.fromEntries(Object.entries(all).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])))
  const finish = (remember: UpstreamState = begun.value.remember, method: 'GET' | 'POST' = 'GET') =>
    upstream.finish({ method, url: CALLBACK, parameters, now: 0 }, remember)
  return { upstream, url, seen, finish, remember: begun.value.remember }
}
const reasonOf = async (answers: Answers, change = {}, settings = plain) => {
  const result = await (await journey(settings, { ...HONEST, ...answers }, change)).finish()
  assert.ok(!result.ok)
  return `${result.failure.code}: ${result.failure.because}`
}

describe('a provider of plain OAuth 2.0', () => {
  it('says who somebody is', async () => {
    const { url, seen, finish, remember } = await journey(plain, HONEST)
    const result = await finish()
    assert.ok(result.ok, JSON.stringify(result))
    assert.equal(result.value.subject, 'u1')
    assert.deepEqual(result.value.claims, { id: 'u1', name: 'Ann' })
    assert.deepEqual(url.searchParams.getAll('state'), ['st'])
    assert.equal(url.searchParams.get('theme'), '1')
    const challenge = createHash('sha256').update(String(remember.verifier)).digest('base64url')
    assert.equal(url.searchParams.get('code_challenge'), challenge)
    const sent = new URLSearchParams(seen[0]?.body)
    assert.equal(sent.get('code_verifier'), remember.verifier)
    assert.equal(sent.get('client_secret'), 'sword:fish')
    assert.equal(seen[1]?.headers?.authorization, 'Bearer at-1')
  })

  it('is shown our secret in a header where it wants that', async () => {
    const { seen, finish } = await journey({ ...plain, auth: { method: 'client_secret_basic' } }, HONEST)
    assert.ok((await finish()).ok)
    assert.equal(seen[0]?.headers?.authorization, `Basic ${Buffer.from('c:sword%3Afish').toString('base64')}`)
    assert.equal(new URLSearchParams(seen[0]?.body).get('client_secret'), null)
  })

  it('is not asked when the answer belongs elsewhere', async () => {
    const CASES: [Record<string, string | undefined>, string][] = [
      [{ state: 'other' }, 'upstream-invalid: the answer belongs to another sign-in'],
      [{ state: undefined }, 'upstream-invalid: the answer belongs to no sign-in'],
      [{ code: undefined }, 'upstream-invalid: the answer holds no code'],
      [
        { error: 'access_denied', error_description: 'she\r\nchanged ✗' },
        'upstream-refused: access_denied: shechanged',
      ],
    ]
    for (const [change, because] of CASES) {
      assert.equal(await reasonOf({}, change), because)
      const { seen, finish } = await journey(plain, HONEST, change)
      await finish()
      assert.deepEqual(seen, [])
    }
  })

  it('is not mixed up with another one, nor with what it was before (attack 24)', async () => {
    const { finish, remember } = await journey(plain, HONEST)
    for (const foreign of [{ ...remember, provider: 'Other' }, { ...remember, tokenEndpoint: 'https://x/' }, {}]) {
      const result = await finish(foreign as UpstreamState)
      assert.equal(!result.ok && result.failure.because, 'the sign-in began at another provider')
    }
    const posted = await finish(remember, 'POST')
    assert.equal(!posted.ok && posted.failure.because, 'the answer came in another way than was asked for')
  })

  it('signs nobody in with a token or a profile that does not hold', async () => {
    const [token, me] = ['https://o.example/t', 'https://o.example/me']
    const CASES: [Answers, string][] = [
      [
        { [token]: { error: 'invalid_grant', error_description: 'old' } },
        'upstream-invalid: token endpoint: invalid_grant: old',
      ],
      [{ [token]: { error: { message: 'Bad', code: 1 } } }, 'upstream-invalid: token endpoint: error: Bad'],
      [{ [token]: {} }, 'upstream-invalid: token endpoint: no access token'],
      [{ [token]: { ...TOKEN, token_type: 'mac' } }, 'upstream-invalid: token endpoint: a token of an unknown type'],
      [
        { [token]: { ...TOKEN, access_token: 'a\r\nb' } },
        'upstream-invalid: token endpoint: an access token that cannot be sent',
      ],
      [{ [token]: 302 }, 'upstream-invalid: token endpoint: answered with a redirect'],
      [{ [token]: 503 }, 'upstream-unreachable: token endpoint: answered 503'],
      [
        { [token]: 'the host leads to a private address' },
        'upstream-unreachable: token endpoint: the host leads to a private address',
      ],
      [{ [me]: 401 }, 'upstream-invalid: profile: answered 401'],
      [{ [me]: LATE }, 'upstream-slow: profile: no answer in time'],
      [{ [me]: [] }, 'upstream-invalid: profile: a list'],
      [{ [me]: { id: 'u1', note: 'x'.repeat(70_000) } }, 'upstream-invalid: the claims are too long'],
      ...[undefined, null, '', {}, true, 1.5, 2 ** 60, 'x'.repeat(256), 'a\u0000'].map((id): [Answers, string] => [
        { [me]: { id } },
        'upstream-invalid: the subject is unfit',
      ]),
    ]
    for (const [answers, because] of CASES) assert.equal(await reasonOf(answers), because)
  })
})

describe('known providers of plain OAuth 2.0', () => {
  const known = (key: string, words = {}): OAuthProviderSettings => {
    const settings = settingsOf(knownProvider(key) ?? assert.fail(key), { clientId: 'c' }, words)
    assert.ok(settings.kind === 'oauth')
    return settings
  }
  const profileOf = async (settings: OAuthProviderSettings, answers: Answers) => {
    const result = await (await journey(settings, { [settings.endpoints.token]: TOKEN, ...answers })).finish()
    assert.ok(result.ok, JSON.stringify(result))
    return { subject: result.value.subject, attributes: mapAttributes(settings, result.value.claims).attributes }
  }

  it('GitHub: by number, with the primary verified address alone', async () => {
    const me = { id: 583231, login: 'ann', name: 'Ann', email: 'public@else.example', avatar_url: null }
    const emails = [
      { email: 'old@fjord.example', primary: false, verified: true },
      { email: 'ann@fjord.example', primary: true, verified: true },
    ]
    const answers = { 'https://api.github.com/user': me, 'https://api.github.com/user/emails': emails }
    assert.deepEqual(await profileOf(known('github'), answers), {
      subject: '583231',
      attributes: { email: 'ann@fjord.example', email_verified: true, name: 'Ann', nickname: 'ann' },
    })
    const unverified = { ...answers, 'https://api.github.com/user/emails': [{ ...emails[1], verified: false }] }
    assert.equal((await profileOf(known('github'), unverified)).attributes.email, undefined)
  })

  it('X: from inside its envelope', async () =>
    assert.deepEqual(
      await profileOf(known('x'), {
        'https://api.x.com/2/users/me': { data: { id: '22', name: 'Ann', username: 'a' } },
      }),
      { subject: '22', attributes: { name: 'Ann', nickname: 'a' } },
    ))

  it('Facebook: its address is never verified, and may be missing', async () => {
    const settings = known('facebook', { version: 'v17.0' })
    const at = 'https://graph.facebook.com/v17.0/me'
    const { attributes } = await profileOf(settings, { [at]: { id: '9', name: 'Ann', email: 'a@b.example' } })
    assert.equal(attributes.email_verified, false)
    assert.equal((await profileOf(settings, { [at]: { id: '9' } })).attributes.email, undefined)
    const { url } = await journey(settings, {})
    assert.equal(url.searchParams.get('scope'), 'public_profile,email')
  })

  it('Amazon, LinkedIn and Discord: by the id that stays', async () => {
    const profile = {
      user_id: 'amzn1.account.X',
      sub: 'li-1',
      id: '80351110224678912',
      email: 'a@b.example',
      verified: true,
    }
    for (const [key, at, subject] of [
      ['amazon', 'https://api.amazon.com/user/profile', 'amzn1.account.X'],
      ['linkedin', 'https://api.linkedin.com/v2/userinfo', 'li-1'],
      ['discord', 'https://discord.com/api/users/@me', '80351110224678912'],
    ] as const) {
      const found = await profileOf(known(key), { [at]: profile })
      assert.equal(found.subject, subject)
      assert.equal(found.attributes.email_verified, false)
    }
  })
})

describe('looking at a provider of plain OAuth 2.0', () => {
  const check = async (answers: Answers) => (await journey(plain, answers)).upstream.check()

  it('tells by an impossible code whether it knows us', async () => {
    const known = await check({ 'https://o.example/t': { error: 'invalid_grant' } })
    assert.deepEqual(
      known.map(({ line, ok: good }) => [line, good]),
      [
        ['secret', true],
        ['token endpoint', true],
        ['client id and secret', true],
      ],
    )
    assert.equal(
      (await check({ 'https://o.example/t': { error: 'invalid_client' } })).at(-1)?.because,
      'invalid_client',
    )
    const away = await check({ 'https://o.example/t': LATE })
    assert.equal(away.at(-1)?.because, 'token endpoint: no answer in time')
  })
})

describe('the tokens of a provider of plain OAuth 2.0', () => {
  const keeping = OAuthProviderSettings.parse({ ...plain, keepsTokens: true })
  const answering = (token: unknown) => ({ ...HONEST, 'https://o.example/t': token })
  const refreshed = async (token: unknown) => {
    const { upstream, seen } = await journey(keeping, answering(token))
    return { result: await upstream.refresh({ refreshToken: 'rt-1', subject: 'u1', now: 1000 }), seen }
  }

  it('are renewed by nobody whose refresh token is refused; other troubles say nothing of it', async () => {
    const cases: [unknown, string][] = [
      [{ error: 'invalid_grant' }, 'upstream-refused'],
      [{ error: 'bad_refresh_token', error_description: 'it has expired' }, 'upstream-refused'],
      [{ error: 'invalid_client' }, 'upstream-invalid'],
      [{ error: { message: 'invalid_grant' } }, 'upstream-invalid'],
      [{ ...TOKEN, access_token: '' }, 'upstream-invalid'],
      [503, 'upstream-unreachable'],
      ['the connection was cut', 'upstream-unreachable'],
    ]
    for (const [token, code] of cases) {
      const { result } = await refreshed(token)
      assert.equal(!result.ok && result.failure.code, code, JSON.stringify(token))
    }
  })

  it('are handed on where the settings keep them, and renewed', async () => {
    const token = { ...TOKEN, refresh_token: 'rt-1', expires_in: '60' }
    const { finish } = await journey(keeping, answering(token))
    const came = await finish()
    assert.deepEqual(came.ok && came.value.tokens, { accessToken: 'at-1', refreshToken: 'rt-1', expiresAt: 60_000 })
    const forgotten = await (await journey(plain, answering(token))).finish()
    assert.equal(forgotten.ok && Object.hasOwn(forgotten.value, 'tokens'), false)
    const { result, seen } = await refreshed({ ...TOKEN, access_token: 'at-2' })
    assert.deepEqual(result, { ok: true, value: { accessToken: 'at-2', refreshToken: null, expiresAt: null } })
    const sent = Object.fromEntries(new URLSearchParams(seen[0]?.body))
    const ours = { client_id: 'c', client_secret: 'sword:fish' }
    assert.deepEqual(sent, { grant_type: 'refresh_token', refresh_token: 'rt-1', ...ours })
  })
})
