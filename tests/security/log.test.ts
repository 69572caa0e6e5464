/** The log holds no secret, no code, no password and nothing personal. Attacks 32 and 84. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { basic, send } from '#tests/support/refusals.ts'
import { codeFor, signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse } from '#tests/support/test-house.ts'

it('whole journeys leave nothing in the log that opens a door or names a person', async (t) => {
  const house = await startTestHouse(t, { clients: { shop: {} }, config: { LOG_LEVEL: 'trace' } })
  const { clientId, clientSecret = '' } = house.clients.shop
  const shop = await house.clients.shop.party()
  const secrets: Record<string, string> = { 'client secret': clientSecret }

  const ann = await house.createUser({
    attributes: { email: 'private-ann@example.com', email_verified: true, name: 'Private Ann' },
  })
  secrets.password = ann.password
  const wrong = browser()
  await wrong.open((await shop.begin({ login_hint: ann.username, state: 'private-state', nonce: 'private-nonce' })).url)
  await wrong.submit({ username: ann.username, password: 'private-wrong-password' })

  const { code, verifier, callback } = await codeFor(shop, ann)
  Object.assign(secrets, { code, verifier, callback: callback.search.slice(1) })
  const { tokens, browser: through } = await signInWith(shop, ann)
  Object.assign(secrets, { access: tokens.access_token, refresh: tokens.refresh_token, id: tokens.id_token })
  for (const { name, value } of await through.cookiesFor(house.issuer)) secrets[`cookie ${name}`] = value
  await shop.userInfo(tokens.access_token, tokens.claims()?.sub ?? '')
  await shop.refresh(tokens.refresh_token ?? '')
  await shop.introspect(tokens.access_token)
  await shop.revoke(tokens.refresh_token ?? '')

  const newcomer = browser()
  await newcomer.open((await shop.begin({ screen_hint: 'signup' })).url)
  await newcomer.submit({ username: 'private-new@example.com', password: 'private new teapot 93' })
  const mail = (await house.inbox('private-new@example.com'))[0]?.message
  const subject = mail?.channel === 'email' ? mail.subject : ''
  const sent = /(\d{3})\s?(\d{3})/.exec(subject)?.slice(1).join('') ?? ''
  secrets['mailed code'] = sent
  secrets['mailed link'] = /token=([\w-]+)/.exec(JSON.stringify(mail))?.[1] ?? ''
  await newcomer.submit({ code: sent })
  const forgot = browser()
  await forgot.open((await shop.begin({ screen_hint: 'forgot-password' })).url)
  await forgot.submit({ username: ann.username })

  // What goes wrong must not tell either.
  await send(
    `${house.issuer}/oauth2/token?client_secret=private-query`,
    { grant_type: 'authorization_code', code: 'private-code', password: 'private-body' },
    { headers: basic(clientId, clientSecret) },
  )
  await send(`${house.issuer}/nowhere?email=private-query@example.com`, null, { method: 'GET' })
  await house.house.database.pool.query('ALTER TABLE flow RENAME TO flow_away')
  const broken = await shop.begin({ login_hint: 'private-broken@example.com' })
  const answer = await fetch(broken.url, { redirect: 'manual' })
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /flow_away|relation|SELECT|INSERT/)

  const log = house.log.join('')
  assert.ok(house.log.length > 20, 'there is a log')
  for (const [what, secret] of Object.entries(secrets)) {
    assert.notEqual(secret, '', what)
    assert.ok(!log.includes(secret), `the log holds the ${what}`)
  }
  assert.doesNotMatch(log, /private|@example\.com/i)
  assert.match(log, /"requestId":"[0-9a-f-]{36}"/)
  assert.ok(log.includes(answer.headers.get('x-request-id') ?? '?'), 'a failure is found by its reference')
})
