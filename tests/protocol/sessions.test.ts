/**
 * When a person is asked and when not: sessions, prompts, ages and hints. Lines 9–13 and 31 of docs/conformance.md; attacks
 * 22 and 50. The clock stands still from the first journey into the future on: such tests come last.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { refusedAtOnce } from '#tests/support/refusals.ts'
import { type Asked, type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop' | 'desk'>
let shop: RelyingParty
let desk: RelyingParty
let ann: TestPerson
let ben: TestPerson
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {}, desk: {} }, users: [{}, {}] })
  shop = await house.clients.shop.party()
  desk = await house.clients.desk.party()
  ;[ann, ben] = house.people as [TestPerson, TestPerson]
})
after(() => house?.stop())

/** Tokens of a request that must be answered without a page. */
const silently = async (party: RelyingParty, through: FormBrowser, asked: Asked = {}) => {
  const attempt = await party.begin(asked)
  await through.open(attempt.url)
  return party.finish(attempt, through.callback())
}

/** The heading of the page a request shows. */
const pageShown = async (party: RelyingParty, through: FormBrowser, asked: Asked): Promise<string> => {
  await through.open((await party.begin(asked)).url)
  assert.equal(through.departure, null, 'no page was shown')
  return /^[\w-]+/.exec(through.page.text)?.[0] ?? ''
}

const signIn = (person: TestPerson) => ({ username: person.username, password: person.password })

describe('a session', () => {
  it('serves every app of the pool without a page, for the same person and the same moment', async () => {
    const { tokens, browser: through } = await signInWith(shop, ann)
    const first = tokens.claims()
    for (const party of [shop, desk]) {
      const again = (await silently(party, through)).claims()
      assert.equal(again?.sub, ann.sub)
      assert.equal(again?.auth_time, first?.auth_time)
    }
  })

  it('is nothing to another browser', async () => {
    assert.equal(await pageShown(shop, browser(), {}), 'sign-in')
  })

  it('has a cookie that scripts cannot read, for this pool’s path alone', async () => {
    const { browser: through } = await signInWith(shop, ann)
    const cookies = await through.cookiesFor(`${house.issuer}/oauth2/authorize`)
    const session = cookies.find(({ name }) => name.endsWith('portico_session'))
    assert.equal(session?.httpOnly, true)
    assert.equal(session?.path, `/${house.poolId}`)
  })

  it('changes its name when somebody signs in: a cookie planted before is worth nothing after', async () => {
    const through = browser()
    await through.open((await shop.begin()).url)
    const planted = (await through.cookiesFor(`${house.issuer}/oauth2/authorize`)).find(({ name }) =>
      name.endsWith('portico_session'),
    )
    await through.submit(signIn(ann))
    const [session] = (await through.cookiesFor(`${house.issuer}/oauth2/authorize`)).filter(({ name }) =>
      name.endsWith('portico_session'),
    )
    assert.ok(session)
    assert.notEqual(session.value, planted?.value)
  })
})

describe('prompt', () => {
  it('none without a session says login_required', async () => {
    assert.equal(await refusedAtOnce(shop, { prompt: 'none' }), 'login_required')
    assert.equal(await refusedAtOnce(shop, { prompt: 'none', id_token_hint: '' }), 'login_required')
  })

  it('none with a session answers at once, also with the hint of that person', async () => {
    const { tokens, browser: through } = await signInWith(shop, ann)
    assert.equal((await silently(shop, through, { prompt: 'none' })).claims()?.sub, ann.sub)
    const hint = { prompt: 'none', id_token_hint: tokens.id_token ?? '' }
    assert.equal((await silently(shop, through, hint)).claims()?.sub, ann.sub)
  })

  it('none with the hint of another person says login_required', async () => {
    const { tokens } = await signInWith(shop, ben)
    const { browser: through } = await signInWith(shop, ann)
    const hint = { prompt: 'none', id_token_hint: tokens.id_token ?? '' }
    assert.equal(await refusedAtOnce(shop, hint, through), 'login_required')
  })

  it('login shows the page again; consent asks even a first-party app’s person', async () => {
    const { browser: through } = await signInWith(shop, ann)
    assert.equal(await pageShown(shop, through, { prompt: 'login' }), 'sign-in')
    assert.equal(await pageShown(shop, through, { prompt: 'consent' }), 'consent')
  })

  it('consent is answered with tokens or access_denied', async () => {
    const { browser: through } = await signInWith(shop, ann)
    const attempt = await shop.begin({ prompt: 'consent' })
    await through.open(attempt.url)
    await through.submit({}, { button: 'Allow' })
    assert.equal((await shop.finish(attempt, through.callback())).claims()?.sub, ann.sub)
    const second = await shop.begin({ prompt: 'consent' })
    await through.open(second.url)
    await through.submit({}, { button: 'Cancel' })
    assert.equal(through.callback().searchParams.get('error'), 'access_denied')
    assert.equal(through.callback().searchParams.get('state'), second.url.searchParams.get('state'))
    assert.equal(through.callback().searchParams.get('iss'), house.issuer)
  })

  it('select_account lets somebody else sign in, and the session is theirs from then on', async () => {
    const { browser: through } = await signInWith(shop, ann)
    const attempt = await shop.begin({ prompt: 'select_account' })
    await through.open(attempt.url)
    await through.submit(signIn(ben))
    assert.equal((await shop.finish(attempt, through.callback())).claims()?.sub, ben.sub)
    assert.equal((await silently(desk, through, { prompt: 'none' })).claims()?.sub, ben.sub)
  })

  it('create opens sign-up', async () => {
    assert.equal(await pageShown(shop, browser(), { prompt: 'create' }), 'sign-up')
    const { browser: through } = await signInWith(shop, ann)
    assert.equal(await pageShown(shop, through, { prompt: 'create' }), 'sign-up')
  })
})

describe('an ID token as a hint', () => {
  it('that this pool did not sign is refused', async () => {
    const { tokens } = await signInWith(shop, ann)
    const other = await house.createPool()
    const foreign = await signInWith(await (await other.createClient()).party(), await other.createUser())
    const [head, body] = (tokens.id_token ?? '').split('.')
    for (const id_token_hint of [foreign.tokens.id_token ?? '', `${head}.${body}.AAAA`, 'nonsense'])
      assert.equal(await refusedAtOnce(shop, { id_token_hint }), 'invalid_request')
  })

  it('of another person makes the page appear, in spite of the session', async () => {
    const { tokens } = await signInWith(shop, ben)
    const { browser: through } = await signInWith(shop, ann)
    assert.equal(await pageShown(shop, through, { id_token_hint: tokens.id_token ?? '' }), 'sign-in')
  })
})

describe('what the ID token says of the sign-in', () => {
  it('has the level that was asked for and reached, and how', async () => {
    const [level = ''] = shop.config.serverMetadata().acr_values_supported as string[]
    const { tokens } = await signInWith(shop, ann, { asked: { acr_values: `urn:unheard-of ${level}` } })
    assert.equal(tokens.claims()?.acr, level)
    const claims = { id_token: { acr: { essential: true, values: [level] } } }
    const essential = await signInWith(shop, ann, { asked: { claims: JSON.stringify(claims) } })
    assert.equal(essential.tokens.claims()?.acr, level)
  })

  it('is not there when an essential level cannot be reached: the app hears so, and nobody is asked for ever', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:unheard-of' } } })
    const { browser: through } = await signInWith(shop, ann)
    const attempt = await shop.begin({ claims })
    await through.open(attempt.url)
    if (through.departure === null) await through.submit(signIn(ann))
    assert.equal(through.callback().searchParams.get('error'), 'unmet_authentication_requirements')
  })

  it('has the claims that were asked for one by one, and those for userInfo only there', async () => {
    const person = await house.createUser({
      attributes: { email: 'named@example.com', email_verified: true, name: 'Ann Example', nickname: 'annie' },
    })
    const claims = { userinfo: { name: { essential: true } }, id_token: { nickname: null, email: null } }
    const { tokens, sub } = await signInWith(shop, person, {
      asked: { scope: 'openid', claims: JSON.stringify(claims) },
    })
    assert.equal(tokens.claims()?.nickname, 'annie')
    assert.equal(tokens.claims()?.email, 'named@example.com')
    assert.equal(tokens.claims()?.name, undefined)
    const info = await shop.userInfo(tokens.access_token, sub)
    assert.equal(info.name, 'Ann Example')
    assert.equal(info.nickname, undefined)
  })

  it('is refused for a claims parameter that is not what it should be', async () => {
    for (const claims of ['{', '[]', '"x"', '{}', '{"userinfo":[]}', '{"id_token":"x"}'])
      assert.equal(await refusedAtOnce(shop, { claims }), 'invalid_request', claims)
  })
})

describe('time', () => {
  it('shows the page again with max_age=0', async () => {
    const { browser: through } = await signInWith(shop, ann)
    assert.equal(await pageShown(shop, through, { max_age: '0' }), 'sign-in')
  })

  it('shows the page again once the sign-in is older than max_age, and auth_time is later then', async () => {
    const { tokens, browser: through } = await signInWith(shop, ann, { asked: { max_age: '10000' } })
    const first = Number(tokens.claims()?.auth_time)
    house.travel(5)
    const kept = await silently(shop, through, { max_age: '10000' })
    assert.equal(kept.claims()?.auth_time, first)
    const attempt = await shop.begin({ max_age: '1' })
    await through.open(attempt.url)
    assert.equal(through.departure, null)
    await through.submit(signIn(ann))
    assert.ok(Number((await shop.finish(attempt, through.callback())).claims()?.auth_time) >= first + 5)
    house.travel(5)
    const login = await shop.begin({ prompt: 'login' })
    await through.open(login.url)
    await through.submit(signIn(ann))
    assert.ok(Number((await shop.finish(login, through.callback())).claims()?.auth_time) >= first + 10)
  })

  it('ends a session an hour after the sign-in, however often it was used', async () => {
    const { browser: through } = await signInWith(shop, ann)
    for (let turn = 0; turn < 3; turn++) {
      house.travel(1000)
      await silently(shop, through, { prompt: 'none' })
    }
    house.travel(601)
    assert.equal(await refusedAtOnce(shop, { prompt: 'none' }, through), 'login_required')
  })

  it('ends a journey: a page left open too long says so and signs nobody in', async () => {
    const through = browser()
    await through.open((await shop.begin()).url)
    house.travel(3601)
    await through.submit(signIn(ann))
    assert.equal(through.departure, null)
    assert.match(through.page.text, /problem expired/)
  })

  it('keeps no session in a pool that wants none', async () => {
    const pool = await house.createPool({ settings: { session: { maxMinutes: 0 } } })
    const party = await (await pool.createClient()).party()
    const { browser: through } = await signInWith(party, await pool.createUser())
    assert.equal(await refusedAtOnce(party, { prompt: 'none' }, through), 'login_required')
    assert.equal(await pageShown(party, through, {}), 'sign-in')
  })
})
