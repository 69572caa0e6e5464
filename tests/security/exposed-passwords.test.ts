/** A password that is looked up stays here: not in the log, a row, a metric or a message, nor its hash, nor how often it was seen. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { it } from 'node:test'
import { sha1Hex } from '#adapters/passwords/sha1.ts'
import { aFileOf, aRangeServer, breachLines } from '#tests/support/breach-sources.ts'
import { browser } from '#tests/support/form-browser.ts'
import { signInWith } from '#tests/support/relying-party.ts'
import { startTestHouse } from '#tests/support/test-house.ts'

const IN_THE_FILE = 'umbrellas for each of the guests'
const AT_THE_SERVICE = 'kettles on the third shelf'
const NOWHERE = 'a lamp nobody switches off'
const COUNT = 48_151_623

it('looking passwords up leaves nothing of them anywhere', async (t) => {
  const file = aFileOf(t, `${breachLines({ [IN_THE_FILE]: COUNT, filler: 1 }).join('\r\n')}\r\n`)
  const range = await aRangeServer(t, { [AT_THE_SERVICE]: COUNT })
  const house = await startTestHouse(t, {
    config: { LOG_LEVEL: 'trace', BREACH_FILE: file, BREACH_RANGE_URL: range.url },
    settings: { compromisedCredentials: { signUp: 'off', signIn: 'tell', passwordChange: 'block' } },
    clients: { shop: {} },
    users: [{ password: IN_THE_FILE }, { password: AT_THE_SERVICE }, { password: NOWHERE }],
  })
  const shop = await house.clients.shop.party()
  for (const person of house.people) await signInWith(shop, person)

  await house.changeSettings({ compromisedCredentials: { signUp: 'block', signIn: 'change' } })
  for (const password of [IN_THE_FILE, AT_THE_SERVICE]) {
    const newcomer = browser()
    await newcomer.open((await shop.begin({ screen_hint: 'signup' })).url)
    await newcomer.submit({ username: 'new@example.com', password })
    assert.match(newcomer.page.body, /newpassword\.breached/)
  }
  const [ann] = house.people
  const changing = browser()
  await changing.open((await shop.begin()).url)
  await changing.submit({ username: ann?.username ?? '', password: IN_THE_FILE })
  await changing.submit({ password: AT_THE_SERVICE })
  range.answerWith((res) => void res.writeHead(500).end())
  const unanswered = [1, 2, 3, 4].map((n) => `${NOWHERE} ${n}`)
  for (const password of unanswered) await house.house.ports.compromised.find(password)

  const { pool: database } = house.house.database
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
  )
  const stored: string[] = []
  for (const { name } of tables) {
    const { rows } = await database.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`)
    stored.push(...rows.map(({ row }) => row))
  }
  assert.ok(
    stored.some((row) => row.includes('credentials.compromised')),
    'there are events',
  )
  const messages = JSON.stringify(await Promise.all(house.people.map(({ username }) => house.inbox(username))))
  assert.match(messages, /password-exposed/)
  assert.match(house.log.join(''), /left alone for a while/)

  const places = {
    log: house.log.join(''),
    store: stored.join('\n'),
    messages,
    service: JSON.stringify(range.requests),
  }
  for (const password of [IN_THE_FILE, AT_THE_SERVICE, NOWHERE, ...unanswered]) {
    const hash = sha1Hex(password)
    const base64 = createHash('sha1').update(password).digest('base64')
    const forms = [password, encodeURIComponent(password), hash, hash.slice(5), base64.slice(0, 20), String(COUNT)]
    for (const [place, text] of Object.entries(places)) {
      for (const form of forms)
        assert.ok(!text.toLowerCase().includes(form.toLowerCase()), `${place} holds ${form} of “${password}”`)
      if (place !== 'service')
        assert.ok(!new RegExp(`\\b${hash.slice(0, 5)}\\b`, 'i').test(text), `${place}: the range`)
    }
  }
})
