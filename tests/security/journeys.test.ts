/** A journey belongs to the browser that began it, and what it asks for never changes. Attacks 22, 23, 32, 35, 41, 48 and 59. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { browser, type FormBrowser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse, type TestPerson } from '#tests/support/test-house.ts'

const NEW_PASSWORD = 'wandering teapot 93 times'

let house: TestHouse<'shop'>
let shop: RelyingParty
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())

let ann: TestPerson
let attacker: FormBrowser
let victim: FormBrowser
beforeEach(async () => {
  ann = await house.createUser()
  attacker = browser()
  victim = browser()
})

const begin = async (through: FormBrowser, asked = {}) => {
  await through.open((await shop.begin(asked)).url)
  return through.page.url
}
const stepToken = ({ page }: FormBrowser): string =>
  page.forms[0]?.controls.find(({ name }) => name === '_step')?.value ?? ''
const addressOf = (through: FormBrowser, step: string): URL => new URL(step, through.page.url)
/** Posts to an address as a page of ours would: what is refused is refused for what it says. */
const post = (through: FormBrowser, url: URL, fields: Readonly<Record<string, string>>) =>
  through.send('POST', url, fields, { headers: { origin: house.origin, 'sec-fetch-site': 'same-origin' } })
const codeFor = async (address: string): Promise<string> => {
  const [mail] = await house.inbox(address)
  const subject = mail?.message.channel === 'email' ? mail.message.subject : ''
  return /(\d{3})\s?(\d{3})/.exec(subject)?.slice(1).join('') ?? ''
}

describe('a journey in another browser', () => {
  it('is not shown, takes no form, and does not end, however much of it is known', async () => {
    const url = await begin(attacker)
    const form = { _step: stepToken(attacker), username: ann.username, password: ann.password }
    for (const method of ['GET', 'POST'] as const) {
      for (const step of ['sign-in', 'sign-up', 'complete', 'done']) {
        if (method === 'POST' && step === 'complete') continue
        const at = new URL(step, url)
        const page = await (method === 'POST' ? post(victim, at, form) : victim.send('GET', at))
        assert.ok([400, 404].includes(page.status), `${method} ${step}: ${page.status}`)
        assert.doesNotMatch(page.body, /_step/)
        assert.equal(victim.departure, null)
      }
    }
    await attacker.submit({ username: ann.username, password: ann.password })
    assert.ok(attacker.callback().searchParams.has('code'))
  })

  it('begun there and finished by a victim signs nobody in at the attacker’s', async () => {
    const url = await begin(attacker)
    // The victim has a journey of their own, and its cookies, and is given the address of the attacker's.
    await begin(victim)
    const page = await victim.open(url)
    assert.equal(page.status, 400)
    // Nothing to fill in but the language of the page.
    assert.deepEqual(
      page.forms.filter(({ action }) => action !== `/${house.poolId}/language`),
      [],
    )
    await attacker.open(addressOf(attacker, 'complete'))
    assert.equal(attacker.departure, null)
  })

  it('does not go on from a cookie planted in the victim’s browser', async () => {
    const url = await begin(attacker)
    for (const { name, value } of await attacker.cookiesFor(url))
      await victim.cookies.setCookie(`${name}=${value}; Path=/${house.poolId}`, house.origin)
    // Whoever can plant every cookie of a journey has the victim sign in to the victim's own browser: the session that
    // results is made anew, and the attacker's copies know nothing of it.
    assert.equal((await victim.open(url)).status, 200)
    await victim.submit({ username: ann.username, password: ann.password })
    await attacker.open((await shop.begin({ prompt: 'none' })).url)
    assert.equal(attacker.callback().searchParams.get('error'), 'login_required')
  })

  it('cannot be ended by its address without having been done', async () => {
    await begin(attacker)
    await attacker.open(addressOf(attacker, 'complete'))
    assert.equal(attacker.departure, null)
    assert.equal(attacker.page.url.pathname.endsWith('/sign-in'), true)
  })

  it('ends once: its last address is worth nothing the second time', async () => {
    await begin(attacker)
    const complete = addressOf(attacker, 'complete')
    await attacker.submit({ username: ann.username, password: ann.password })
    const again = await attacker.send('GET', complete)
    assert.equal(again.status, 400)
  })
})

describe('what a journey asks for', () => {
  it('is what the app asked, whatever the browser adds later', async () => {
    const attempt = await shop.begin({ scope: 'openid' })
    await attacker.open(attempt.url)
    const hostile = {
      scope: 'openid email profile aws.cognito.signin.user.admin',
      client_id: 'x',
      redirect_uri: 'http://evil.example/',
      response_type: 'token',
      state: 'forged',
      flowId: 'x',
      step: 'done',
      sub: 'x',
    }
    const action = new URL(attacker.page.url)
    for (const [name, value] of Object.entries(hostile)) action.searchParams.set(name, value)
    await post(attacker, action, {
      _step: stepToken(attacker),
      username: ann.username,
      password: ann.password,
      ...hostile,
    })
    const tokens = await shop.finish(attempt, attacker.callback())
    assert.equal(tokens.scope, 'openid')
  })
})

describe('a step that was not reached', () => {
  it('is not shown and takes nothing', async () => {
    await begin(attacker)
    const _step = stepToken(attacker)
    for (const step of [
      'password',
      'new-password',
      'reset-password',
      'change-password',
      'consent',
      'missing-attributes',
      'confirm-account',
      'confirm-sign-up',
      'reset-code',
      'done',
    ]) {
      const shown = await attacker.send('GET', addressOf(attacker, step))
      assert.match(shown.url.pathname, /\/sign-in$/, step)
      const fields = {
        _step,
        username: ann.username,
        password: NEW_PASSWORD,
        current: NEW_PASSWORD,
        code: '123456',
        decision: 'allow',
      }
      const posted = await post(attacker, addressOf(attacker, step), fields)
      assert.match(posted.url.pathname, /\/sign-in$/, step)
      assert.equal(attacker.departure, null, step)
    }
    await attacker.submit({ username: ann.username, password: NEW_PASSWORD })
    assert.equal(attacker.departure, null, 'no password was changed')
  })

  it('is not reached by an empty form', async () => {
    await begin(attacker, { screen_hint: 'forgot-password' })
    await attacker.submit({ username: ann.username })
    for (const fields of [
      { _step: stepToken(attacker) },
      { _step: stepToken(attacker), code: '' },
      { _step: stepToken(attacker), password: NEW_PASSWORD },
    ]) {
      const page = await post(attacker, attacker.page.url, fields)
      assert.match(page.url.pathname, /\/reset-code$/)
    }
  })
})

describe('a form without its step token', () => {
  it('changes nothing, also from the right browser', async () => {
    await begin(attacker)
    for (const fields of [{}, { _step: 'x' }, { _step: `${stepToken(attacker)}x` }] as Record<string, string>[]) {
      await post(attacker, attacker.page.url, { username: ann.username, password: ann.password, ...fields })
      assert.equal(attacker.departure, null)
    }
  })

  it('of another journey of the same browser changes nothing', async () => {
    await begin(attacker)
    const other = browser()
    await begin(other)
    await post(attacker, attacker.page.url, {
      _step: stepToken(other),
      username: ann.username,
      password: ann.password,
    })
    assert.equal(attacker.departure, null)
  })
})

describe('a reset of a password', () => {
  it('needs the code of the mail, once, in any number of journeys', async () => {
    await begin(attacker, { screen_hint: 'forgot-password' })
    await attacker.submit({ username: ann.username })
    const code = await codeFor(ann.username)
    assert.match(code, /^\d{6}$/)
    await begin(victim, { screen_hint: 'forgot-password' })
    await victim.submit({ username: ann.username })
    const second = await codeFor(ann.username)
    await victim.submit({ code: second })
    await victim.submit({ password: NEW_PASSWORD })
    assert.match(victim.page.url.pathname, /\/sign-in$/)
    // The first code was sent for the same thing and died with the second.
    await attacker.submit({ code })
    assert.match(attacker.page.url.pathname, /\/reset-code$/)
    await victim.submit({ username: ann.username, password: NEW_PASSWORD })
    assert.ok(victim.callback().searchParams.has('code'))
  })
})

describe('a link of a mail', () => {
  it('confirms nothing by being opened, works once by its button, and signs in nobody elsewhere', async () => {
    await begin(attacker, { screen_hint: 'signup' })
    await attacker.submit({ username: 'linked@example.com', password: NEW_PASSWORD })
    const mail = JSON.stringify((await house.inbox('linked@example.com'))[0]?.message)
    const link = /https?:\/\/[^\s"\\<>]*confirmUser\?token=[\w-]+/.exec(mail)?.[0] ?? ''
    const scanner = browser()
    for (let n = 0; n < 3; n++) assert.equal((await scanner.open(link)).status, 200)
    const used = await scanner.submit()
    assert.equal(used.status, 200)
    assert.equal(scanner.departure, null)
    assert.deepEqual(
      (await scanner.cookiesFor(house.issuer)).filter(({ name }) => name.includes('session')),
      [],
    )
    assert.equal((await victim.open(link)).status, 400)
  })

  it('to confirm one address confirms no other that was chosen afterwards', async () => {
    await begin(attacker, { screen_hint: 'signup' })
    await attacker.submit({ username: 'mine@example.com', password: NEW_PASSWORD })
    const code = await codeFor('mine@example.com')
    await attacker.open(addressOf(attacker, 'sign-up'))
    await attacker.submit({ username: 'theirs@example.com', password: NEW_PASSWORD })
    await attacker.submit({ code })
    assert.equal(attacker.departure, null)
    assert.match(attacker.page.text, /code\.wrong/)
  })
})

describe('sign-up where it is closed', () => {
  it('is refused at every door', async () => {
    const pool = await house.createPool({ settings: { selfSignUp: false } })
    const party = await (await pool.createClient()).party()
    for (const asked of [{ screen_hint: 'signup' }, { prompt: 'create' }, {}]) {
      const through = browser()
      await through.open((await party.begin(asked)).url)
      const token = stepToken(through)
      const page = await post(through, new URL('sign-up', through.page.url), {
        _step: token,
        username: 'new@example.com',
        password: NEW_PASSWORD,
      })
      assert.doesNotMatch(page.url.pathname, /confirm-sign-up/)
      assert.match(page.text, /signup\.closed/)
    }
    assert.deepEqual(await house.inbox('new@example.com'), [])
  })
})
