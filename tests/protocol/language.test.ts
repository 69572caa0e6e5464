/** The language switch of pages outside a journey: errors, sign-out, links. Attacks 6 and 11. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import { type RelyingParty, signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
let otherPool: string
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} }, users: [{}] })
  shop = await house.clients.shop.party()
  otherPool = (await house.createPool()).poolId
})
after(() => house?.stop())

const change = (through: FormBrowser, lang: string) => through.submit({ lang }, { button: 'Change' })
const shown = ({ page }: FormBrowser) => ({ lang: page.lang, path: page.url.pathname, text: page.text })

describe('the language chosen on a page', () => {
  it('is spoken by the page itself, and by those that follow in this pool alone', async () => {
    const through = browser()
    await through.open(`${house.issuer}/logout/success`)
    assert.equal(through.page.lang, 'en')
    await change(through, 'ar')
    assert.deepEqual([through.page.lang, through.page.url.pathname], ['ar', `/${house.poolId}/logout/success`])
    await through.open(`${house.issuer}/nothing-here`)
    assert.equal(through.page.lang, 'ar')
    await through.open(`${house.origin}/${otherPool}/nothing-here`)
    assert.equal(through.page.lang, 'en')
  })

  it('outweighs the one that the app asked for, and leaves the rest of the request as it was', async () => {
    const through = browser()
    const { url } = await shop.begin({ lang: 'de', ui_locales: 'de en', redirect_uri: 'http://localhost:9/other' })
    await through.open(url)
    assert.equal(through.page.lang, 'de')
    await change(through, 'ar')
    assert.equal(through.page.lang, 'ar')
    assert.match(through.page.text, /problem appSetup/)
    for (const name of ['lang', 'ui_locales']) url.searchParams.delete(name)
    assert.equal(through.page.url.search, url.search)
  })

  it('is spoken by an expired journey, whatever it began in', async () => {
    const through = browser()
    await through.open((await shop.begin({ lang: 'de' })).url)
    const { pathname } = through.page.url
    const stranger = browser()
    await stranger.open(`${house.origin}${pathname}`)
    assert.equal(stranger.page.lang, 'de')
    await change(stranger, 'en')
    assert.deepEqual([stranger.page.lang, stranger.page.url.pathname], ['en', pathname])
  })

  it('keeps the question of signing out, its tick and its answer', async () => {
    const [ann] = house.people as [TestPerson]
    const { browser: through } = await signInWith(shop, ann)
    await through.open(`${house.issuer}/logout?ui_locales=de`)
    await through.submit({ lang: 'ar', everywhere: true }, { button: 'Change' })
    assert.equal(through.page.lang, 'ar')
    assert.match(shown(through).text, /sign-out/)
    await through.submit({}, { button: 'Sign out' })
    assert.deepEqual([through.page.lang, through.page.url.pathname], ['ar', `/${house.poolId}/logout/everywhere`])
  })
})

describe('the language form', () => {
  const post = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const through = browser()
    await through.open(`${house.issuer}/logout/success`)
    await through.send('POST', `${house.issuer}/language`, fields, { headers })
    return through
  }
  const back = () => `/${house.poolId}/logout/success`

  it('leads to no other place than a page of the pool', async () => {
    const elsewhere = [
      'https://evil.example.com/',
      '//evil.example.com/',
      `//evil.example.com${back()}`,
      '/\\evil.example.com/',
      `/\t/evil.example.com${back()}`,
      `${back()}\r\nset-cookie: a=b`,
      'javascript:alert(1)',
      '',
      'logout/success',
      `/${house.poolId}/../${otherPool}/logout`,
      `/${house.poolId}/%2e%2e/x`,
      `/${otherPool}/logout/success`,
      `/${house.poolId}/language`,
      `/${house.poolId}/_image/logo.png`,
      '/dev/inbox',
      '/assets/portico.css',
      `/${house.poolId}/é`,
    ]
    for (const address of elsewhere) {
      const through = await post({ lang: 'de', back: address })
      assert.equal(through.departure, null, address)
      assert.equal(through.page.status, 400, address)
      assert.match(through.page.text, /badRequest/, address)
      assert.deepEqual(await through.cookiesFor(house.issuer), [], address)
    }
  })

  it('is refused with an unknown language, from elsewhere, or repeated', async () => {
    for (const lang of ['', 'xx', '<b>']) assert.equal((await post({ lang, back: back() })).page.status, 400, lang)
    const foreign = await post({ lang: 'de', back: back() }, { 'sec-fetch-site': 'cross-site' })
    assert.equal(foreign.page.status, 400)
    assert.deepEqual(await foreign.cookiesFor(house.issuer), [])
    const repeated = await fetch(`${house.issuer}/language`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams([
        ['lang', 'de'],
        ['back', back()],
        ['back', back()],
      ]),
    })
    assert.equal(repeated.status, 400)
  })

  it('is posted, and nothing else', async () => {
    const answer = await fetch(`${house.issuer}/language?lang=de&back=${back()}`, { redirect: 'manual' })
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST'])
  })
})
