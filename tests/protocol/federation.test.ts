/**
 * Signing in through an OpenID Connect provider, as an app sees it: one user, one `sub`, whichever door the person used. The
 * provider is written from the specification and honest here; strangers' providers are in the journeys.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { OidcProviderSettings } from '#core/federation/index.ts'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { type HostileProvider, startHostileProvider } from '#tests/support/hostile-provider.ts'
import type { Asked, RelyingParty } from '#tests/support/relying-party.ts'
import { must, startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
let ann: TestPerson
let upstream: HostileProvider

const providers = () => house.house.ports.federation.providers
const settingsOf = (more: Record<string, unknown> = {}) =>
  OidcProviderSettings.parse({
    kind: 'oidc',
    name: 'Corporate',
    clientId: 'client',
    issuer: upstream.issuer,
    trustsEmail: 'if-verified',
    attributeMapping: { email: 'email', email_verified: 'email_verified', name: 'name' },
    ...more,
  })
const put = async (more: Record<string, unknown> = {}): Promise<void> => {
  const settings = settingsOf(more)
  const { house: built } = house
  const now = new Date()
  const store = built.federation.providers
  must(
    await store.create(
      { poolId: house.poolId, name: settings.name, settings, createdAt: now, updatedAt: now },
      'secret',
      {
        events: [],
      },
    ),
  )
}

before(async () => {
  upstream = await startHostileProvider(() => Math.floor(Date.now() / 1000), 'client')
  house = await startTestHouse(null, { clients: { shop: {} }, users: [{}] })
  shop = await house.clients.shop.party()
  ;[ann] = house.people as [TestPerson]
  await put()
})
after(async () => {
  await house?.stop()
  await upstream?.close()
})

/** The provider speaks of somebody else than usual. */
const personThere = (sub: string, email: string) => {
  const about = (claims: Record<string, unknown>) => ({ ...claims, sub, email, email_verified: true })
  return { claims: about, userInfo: about }
}

/** To the provider and back, by an address that names it. */
const comeBy = async (through: FormBrowser, asked: Asked = { identity_provider: 'Corporate' }) => {
  const attempt = await shop.begin(asked)
  await through.open(attempt.url)
  const away = through.departure?.url ?? assert.fail(through.page.text)
  const brought = upstream.signIn(away.href)
  await through.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`)
  return attempt
}

const arrive = async (through: FormBrowser, attempt: Awaited<ReturnType<RelyingParty['begin']>>) => {
  const tokens = await shop.finish(attempt, through.callback())
  return tokens.claims() ?? assert.fail('no ID token')
}

describe('signing in through an identity provider', () => {
  it('gives the app plain OpenID Connect: one person, the first time and the second', async () => {
    const first = browser()
    const claims = await arrive(first, await comeBy(first))
    assert.equal(claims.email, 'ann@fjord.example')
    assert.match(String(claims['cognito:username']), /^Corporate_/)
    const second = browser()
    assert.equal((await arrive(second, await comeBy(second))).sub, claims.sub)
  })

  it('keeps a session here: the next app asks nobody anything', async () => {
    const through = browser()
    const { sub } = await arrive(through, await comeBy(through))
    const silent = await shop.begin({ prompt: 'none' })
    await through.open(silent.url)
    assert.equal((await arrive(through, silent)).sub, sub)
  })

  it('is refused when the journey belongs to another browser (attack 38)', async () => {
    const victim = browser()
    const attempt = await shop.begin({ identity_provider: 'Corporate' })
    const thief = browser()
    await thief.open(attempt.url)
    const brought = upstream.signIn(thief.departure?.url.href ?? '')
    await victim.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`)
    assert.equal(victim.page.status, 400)
    assert.match(victim.page.text, /providerReturn/)
  })

  it('is nobody else’s: whoever has another sign in at the provider gets none of it (attacks 22, 38)', async () => {
    // The thief begins, and has the victim’s browser, signed in there, open the provider’s page of that journey.
    const thief = browser()
    const attempt = await shop.begin({ identity_provider: 'Corporate' })
    await thief.open(attempt.url)
    const brought = upstream.signIn(thief.departure?.url.href ?? '')
    const victim = browser()
    await victim.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`)
    const way = victim.page.trail.at(-1) ?? assert.fail('nowhere')
    assert.equal(victim.page.status, 400)
    // The thief has the journey’s cookie and knows its address; what the answer was fetched with went to the victim.
    await thief.open(`${way.origin}${way.pathname}`)
    assert.doesNotMatch(String(thief.departure?.url), /code=/, 'signed in as the victim')
  })

  it('is refused with a state that nobody gave out, twice, or none (attacks 24, 38)', async () => {
    const through = browser()
    const answers: Record<string, string>[] = [
      {},
      { state: 'x' },
      { code: 'code', state: `${'a'.repeat(21)}.${'b'.repeat(43)}` },
    ]
    for (const answer of answers) {
      await through.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(answer)}`)
      assert.equal(through.page.status, 400)
    }
    const used = browser()
    const attempt = await shop.begin({ identity_provider: 'Corporate' })
    await used.open(attempt.url)
    const brought = upstream.signIn(used.departure?.url.href ?? '')
    const back = `${house.issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`
    await used.open(back)
    used.callback()
    await through.open(back)
    assert.equal(through.page.status, 400)
  })

  it('shows the sign-in page with what went wrong when the provider says no, or lies', async () => {
    const cases = [
      {
        how: {
          callback: ({ state = '', iss = '' }: Record<string, string>) => ({ state, iss, error: 'access_denied' }),
        },
        words: 'upstream.refused',
      },
      {
        how: { claims: (claims: Record<string, unknown>) => ({ ...claims, aud: 'somebody-else' }) },
        words: 'upstream.invalid',
      },
      { how: { foreignKey: true }, words: 'upstream.invalid' },
    ]
    for (const { how, words } of cases) {
      upstream.misbehave(how)
      const through = browser()
      await comeBy(through)
      upstream.misbehave({})
      assert.equal(through.page.url.pathname.split('/').at(-1), 'sign-in')
      assert.match(through.page.text, new RegExp(words))
    }
  })

  it('leads to the sign-in page for a provider that nobody knows', async () => {
    const through = browser()
    await through.open((await shop.begin({ identity_provider: 'Nobody' })).url)
    assert.match(through.page.text, /upstream\.notOffered/)
  })

  it('ends the sign-ins of a provider that is switched off (attack 26)', async () => {
    await put({ name: 'Passing' })
    const through = browser()
    const attempt = await comeBy(through, { identity_provider: 'Passing' })
    const tokens = await shop.finish(attempt, through.callback())
    const sub = tokens.claims()?.sub ?? ''
    house.travel(2)
    const known = (await providers().find(house.poolId, 'Passing')) ?? assert.fail('gone')
    const off = { ...known, settings: { ...known.settings, enabled: false }, updatedAt: new Date() }
    must(await house.house.federation.providers.change(off, undefined, { events: [] }, new Date()))
    await assert.rejects(shop.refresh(tokens.refresh_token ?? ''))
    await assert.rejects(shop.userInfo(tokens.access_token, sub))
    const silent = await shop.begin({ prompt: 'none' })
    await through.open(silent.url)
    assert.equal(through.callback().searchParams.get('error'), 'login_required')
  })
})

describe('an account with the same address', () => {
  it('is connected once it is proven, and signs in by both doors from then on', async () => {
    upstream.misbehave(personThere('ann-there', ann.username))
    const through = browser()
    const attempt = await comeBy(through)
    assert.equal(through.page.url.pathname.split('/').at(-1), 'link-account')
    await through.submit({}, { button: 'Confirm it’s you' })
    await through.submit({ username: ann.username, password: ann.password }, { button: 'Sign in' })
    assert.equal(through.page.url.pathname.split('/').at(-1), 'connect-provider')
    await through.submit({}, { button: 'Connect' })
    const claims = await arrive(through, attempt)
    assert.equal(claims.sub, ann.sub)
    const again = browser()
    assert.equal((await arrive(again, await comeBy(again))).sub, ann.sub)
    upstream.misbehave({})
  })
})

describe('an account elsewhere, connected from one’s own account', () => {
  it('is fetched, shown, and connected by a last word', async () => {
    const person = await house.createUser()
    const through = browser()
    await through.open(`${house.issuer}/account/connections`)
    await through.submit({ username: person.username, password: person.password }, { button: 'Sign in' })
    upstream.misbehave(personThere('theirs', 'theirs@fjord.example'))
    const shown = await through.send(
      'POST',
      `${house.issuer}/account/connections`,
      {
        _token: through.page.forms[0]?.controls.find(({ name }) => name === '_token')?.value ?? '',
        _intent: 'connect',
        provider: 'Corporate',
      },
      { headers: { origin: house.origin, 'sec-fetch-site': 'same-origin' } },
    )
    assert.ok(shown)
    const away = through.departure?.url ?? assert.fail(through.page.text)
    await through.open(`${house.issuer}/oauth2/idpresponse?${new URLSearchParams(upstream.signIn(away.href))}`)
    assert.equal(through.page.url.pathname.split('/').at(-1), 'connect-provider')
    await through.submit({}, { button: 'Connect' })
    assert.equal(through.page.url.pathname.split('/').at(-1), 'connections', through.page.text)
    assert.match(through.page.body, /theirs@fjord\.example/)
    upstream.misbehave({})
    const [identity] = await house.house.ports.federation.identities.list(house.poolId, person.sub)
    assert.equal(identity?.subject, 'theirs')
  })
})
