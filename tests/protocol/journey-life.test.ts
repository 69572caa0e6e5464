/** How long a journey may be taken up again: its row, its cookies and the library's interaction together. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import { startTestHouse } from '#tests/support/test-house.ts'

const MINUTES = 60

it('a journey finishes at the app after 110 minutes of steps, and is over after an hour without one', async (t) => {
  const house = await startTestHouse(t, { clients: { shop: {} } })
  const ann = await house.createUser()
  const shop = await house.clients.shop.party()
  const through = browser()
  const attempt = await shop.begin()
  await through.open(attempt.url)
  for (const wait of [55, 55]) {
    house.travel(wait * MINUTES)
    await through.submit({}, { tamper: { _intent: 'language', lang: 'de' } })
    assert.equal(through.page.status, 200)
  }
  await through.submit({ username: ann.username, password: ann.password })
  assert.equal((await shop.finish(attempt, through.callback())).claims()?.sub, ann.sub)

  const idle = browser()
  await idle.open((await shop.begin()).url)
  house.travel(61 * MINUTES)
  await idle.submit({ username: ann.username, password: ann.password })
  assert.match(idle.page.text, /problem expired/)
})
