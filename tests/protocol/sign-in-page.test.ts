/** What an authorization request says to the sign-in page: whose name is typed already, and in which language. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { browser } from '#tests/support/form-browser.ts'
import type { RelyingParty } from '#tests/support/relying-party.ts'
import { startTestHouse, type TestHouse } from '#tests/support/test-house.ts'

let house: TestHouse<'shop'>
let shop: RelyingParty
before(async () => {
  house = await startTestHouse(null, { clients: { shop: {} } })
  shop = await house.clients.shop.party()
})
after(() => house?.stop())

describe('the sign-in page', () => {
  it('has the hint typed already', async () => {
    const through = browser()
    await through.open((await shop.begin({ login_hint: 'ann+"hint"@example.com' })).url)
    const username = through.page.forms.flatMap(({ controls }) => controls).find(({ name }) => name === 'username')
    assert.equal(username?.value, 'ann+"hint"@example.com')
  })

  it('speaks the language asked for: lang, else ui_locales, else the browser’s', async () => {
    const [, other = ''] = ((await shop.config.serverMetadata()).ui_locales_supported as string[]) ?? []
    const pageIn = async (asked: Record<string, string>, language: string) => {
      const through = browser({ language })
      return (await through.open((await shop.begin(asked)).url)).lang
    }
    assert.equal(await pageIn({}, 'en'), 'en')
    assert.equal(await pageIn({}, other), other)
    assert.equal(await pageIn({ ui_locales: `xx ${other}` }, 'en'), other)
    assert.equal(await pageIn({ lang: other, ui_locales: 'en' }, 'en'), other)
    assert.equal(await pageIn({ lang: 'xx' }, 'en'), 'en')
  })
})
