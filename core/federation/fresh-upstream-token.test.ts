import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anIdentity, NOON, secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, poolWithAnn } from '#tests/support/memory/administration.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { freshUpstreamToken } from './fresh-upstream-token.ts'
import type { TokensToRefresh, UpstreamTokens } from './ports.ts'

const at = (seconds: number): number => secondsLater(seconds).getTime()
const someTokens = (overrides: Partial<UpstreamTokens> = {}): UpstreamTokens => ({
  accessToken: 'a1',
  refreshToken: 'r1',
  expiresAt: at(0),
  ...overrides,
})
const NO_GROUPS = { into: [], outOf: [] }

/** Ann at Corp, with what was kept at noon. `meanwhile` happens while the provider is asked. */
const setUp = async (kept: UpstreamTokens | null, settings: Record<string, unknown> = {}) => {
  const world = await poolWithAnn()
  const { pool, admin, ports } = world
  const { sub } = await world.ann()
  const given = { kind: 'oidc', name: 'Corp', clientId: 'c', issuer: 'https://corp.example.com', keepsTokens: true }
  expectOk(await admin.providers.create({ poolId: pool.id, settings: { ...given, ...settings }, secret: 's' }))
  const key = anIdentity(pool.id, { subject: '1' })
  expectOk(await admin.users.linkIdentity({ pool, sub, provider: 'Corp', subject: '1' }))
  const note = (tokens: UpstreamTokens | null, seconds: number, subject = '1') =>
    ports.identities.note({ ...key, subject }, { claims: {}, tokens, at: secondsLater(seconds) }, NO_GROUPS)
  if (kept !== null) await note(kept, 0)
  const asked: TokensToRefresh[] = []
  const upstream = {
    answers: [] as Result<UpstreamTokens>[],
    meanwhile: async (): Promise<void> => undefined,
    isAble: true,
  }
  const ask = freshUpstreamToken({
    ...ports,
    tokenRefreshes: async () =>
      upstream.isAble
        ? {
            async refresh(tokens) {
              asked.push(tokens)
              await upstream.meanwhile()
              return upstream.answers.shift() ?? fail('upstream-unreachable', { because: 'not expected' })
            },
          }
        : null,
  })
  return {
    ...world,
    sub,
    key,
    note,
    asked,
    upstream,
    ask: (provider = 'Corp', whose = sub) => ask({ poolId: pool.id, sub: whose, provider }),
    tokens: async () => (await ports.identities.record(key))?.tokens ?? null,
    change: async (more: Record<string, unknown>) =>
      expectOk(await admin.providers.change({ poolId: pool.id, name: 'Corp', settings: { ...given, ...more } })),
  }
}

describe('a token of a provider, for calls to it', () => {
  it('is refused where nobody and nothing is there, each in its own words', async () => {
    const { ask } = await setUp(null)
    assert.equal(codeOf(await ask('Nobody')), 'provider-unknown')
    assert.equal(codeOf(await ask('Corp', 'nobody')), 'identity-unknown')
    const missing = await ask()
    assert.equal(codeOf(missing), 'upstream-tokens-missing')
    assert.equal(!missing.ok && missing.failure.params?.provider, 'Corp')
  })

  it('is refused once it has run out, where nothing can renew it', async () => {
    const { ask, asked } = await setUp(someTokens({ refreshToken: null }))
    assert.equal(codeOf(await ask()), 'upstream-tokens-expired')
    assert.deepEqual(asked, [])
    const unable = await setUp(someTokens())
    unable.upstream.isAble = false
    assert.equal(codeOf(await unable.ask()), 'upstream-tokens-expired')
  })

  it('is dropped where the provider takes its refresh token no more', async () => {
    const { ask, upstream, tokens } = await setUp(someTokens())
    upstream.answers = [fail('upstream-refused', { because: 'invalid_grant' })]
    assert.equal(codeOf(await ask()), 'upstream-refused')
    assert.equal(await tokens(), null)
    assert.equal(codeOf(await ask()), 'upstream-tokens-missing')
  })

  it('stays where the provider cannot be reached, or mistakes us', async () => {
    const { ask, upstream, tokens } = await setUp(someTokens())
    upstream.answers = [
      fail('upstream-unreachable', { because: 'down' }),
      fail('upstream-invalid', { because: 'who?' }),
    ]
    assert.equal(codeOf(await ask()), 'upstream-unreachable')
    assert.equal(codeOf(await ask()), 'upstream-invalid')
    assert.deepEqual(await tokens(), someTokens())
  })

  it('is the kept one while it has a minute left, or nobody said how long it lasts', async () => {
    const { ask, asked, sub, setTime } = await setUp(someTokens({ expiresAt: at(120) }))
    setTime(secondsLater(60))
    const answer = { provider: 'Corp', subject: '1', accessToken: 'a1', expiresAt: at(120) }
    assert.deepEqual(expectOk(await ask()), answer)
    const forever = await setUp(someTokens({ expiresAt: null }))
    assert.equal(expectOk(await forever.ask()).expiresAt, null)
    assert.deepEqual(asked, [])
    assert.ok(sub)
  })

  it('is renewed after that, and kept; a new refresh token replaces the old one, none leaves it', async () => {
    const { ask, asked, upstream, tokens, setTime, key, ports } = await setUp(someTokens({ expiresAt: at(120) }))
    setTime(secondsLater(61))
    upstream.answers = [ok(someTokens({ accessToken: 'a2', refreshToken: 'r2', expiresAt: at(100) }))]
    assert.equal(expectOk(await ask()).accessToken, 'a2')
    upstream.answers = [ok(someTokens({ accessToken: 'a3', refreshToken: null, expiresAt: at(1000) }))]
    assert.equal(expectOk(await ask()).accessToken, 'a3')
    assert.deepEqual(
      asked.map(({ refreshToken, subject }) => [refreshToken, subject]),
      [
        ['r1', '1'],
        ['r2', '1'],
      ],
    )
    assert.deepEqual(await tokens(), { accessToken: 'a3', refreshToken: 'r2', expiresAt: at(1000) })
    assert.deepEqual((await ports.identities.record(key))?.at, NOON)
  })

  it('is of the identity that signed in last, where somebody has several there', async () => {
    const { ask, note, admin, pool, sub } = await setUp(someTokens({ expiresAt: null }))
    expectOk(await admin.users.linkIdentity({ pool, sub, provider: 'Corp', subject: '2' }))
    await note(someTokens({ accessToken: 'later', expiresAt: null }), 5, '2')
    assert.deepEqual(expectOk(await ask()).accessToken, 'later')
    await note(null, 9, '2')
    assert.deepEqual(expectOk(await ask()).accessToken, 'a1')
  })
})

describe('two at once', () => {
  it('do not make an outage of a refresh token that the other one has used', async () => {
    const { ask, upstream, key, ports, tokens } = await setUp(someTokens())
    const theirs = someTokens({ accessToken: 'theirs', refreshToken: 'r2', expiresAt: at(300) })
    upstream.meanwhile = async () => void (await ports.identities.keepTokens(key, theirs, NOON))
    upstream.answers = [fail('upstream-refused', { because: 'invalid_grant' })]
    assert.equal(expectOk(await ask()).accessToken, 'theirs')
    assert.deepEqual(await tokens(), theirs)
  })

  it('look again once, and no more', async () => {
    const { ask, asked, upstream, key, ports } = await setUp(someTokens())
    let turn = 1
    upstream.meanwhile = async () => {
      turn += 1
      await ports.identities.keepTokens(key, someTokens({ refreshToken: `r${turn}` }), NOON)
    }
    const refused = fail('upstream-refused', { because: 'invalid_grant' })
    upstream.answers = [refused, refused, refused]
    assert.equal(codeOf(await ask()), 'upstream-refused')
    assert.equal(asked.length, 2)
  })

  it('let a sign-in of meanwhile win', async () => {
    const { ask, upstream, note, tokens } = await setUp(someTokens())
    const newer = someTokens({ accessToken: 'newer', expiresAt: at(300) })
    upstream.meanwhile = () => note(newer, 5)
    upstream.answers = [ok(someTokens({ accessToken: 'renewed', expiresAt: at(200) }))]
    assert.equal(expectOk(await ask()).accessToken, 'newer')
    assert.deepEqual(await tokens(), newer)
  })

  it('keep and tell nothing of somebody who was disconnected meanwhile, or a provider that was switched off', async () => {
    const renewed = ok(someTokens({ accessToken: 'renewed', expiresAt: at(300) }))
    const gone = await setUp(someTokens())
    gone.upstream.answers = [renewed]
    gone.upstream.meanwhile = async () => {
      const { pool, sub } = gone
      expectOk(await gone.admin.users.unlinkIdentity({ pool, sub, provider: 'Corp', subject: '1' }))
    }
    assert.equal(codeOf(await gone.ask()), 'upstream-tokens-missing')
    const off = await setUp(someTokens())
    off.upstream.answers = [renewed]
    off.upstream.meanwhile = async () => void (await off.change({ enabled: false }))
    assert.equal(codeOf(await off.ask()), 'upstream-tokens-missing')
    assert.equal(await off.tokens(), null)
  })
})

describe('tokens that were kept', () => {
  for (const [why, change] of [
    ['the provider is switched off', { enabled: false }],
    ['its tokens are to be kept no more', { keepsTokens: false }],
    ['another issuer has its name', { issuer: 'https://next.example.com' }],
    ['we are another client there', { clientId: 'd' }],
  ] as const)
    it(`go when ${why}, and do not come back with the former settings`, async () => {
      const { ask, tokens, change: changeTo } = await setUp(someTokens({ expiresAt: null }))
      await changeTo({ displayName: 'The Corporation' })
      expectOk(await ask())
      await changeTo(change)
      assert.equal(await tokens(), null)
      await changeTo({})
      assert.equal(codeOf(await ask()), 'upstream-tokens-missing')
    })
})
