import { readFileSync } from 'node:fs'
import type { Locator } from '@playwright/test'
import { signIn } from '#tests/support/screens/account.ts'
import { refusedWith, summaryOf } from '#tests/support/screens/hosted-page.ts'
import { expect, test } from '../journey.ts'

const CLASSIC = readFileSync('tests/fixtures/themes/cognito-classic.css', 'utf8')

/** As it is painted, whatever colour space it was written in. */
const backgroundOf = (of: Locator): Promise<string> =>
  of.evaluate((element) => {
    const pen = new OffscreenCanvas(1, 1).getContext('2d')
    if (pen === null) return 'no canvas'
    pen.fillStyle = getComputedStyle(element).backgroundColor
    pen.fillRect(0, 0, 1, 1)
    return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(' ')
  })

test('the pool’s look is worn by all its apps, an app’s own values go over it one by one', async ({
  page,
  front,
  estate,
  app,
}) => {
  const shop = await front()
  const { pool, client } = shop
  await estate.look(pool, '', { hue: 155, radius: '12px', colors: { light: { rail: '#123456' } } })
  await estate.look(pool, client.clientId, { colors: { light: { rail: '#4a1d5e' } } })
  const desk = await estate.client(pool.id, { displayName: 'Meridian Desk', callbackUrls: [app.callback] })
  const lookOf = async (clientId: string) => {
    await shop.enter(page, { client_id: clientId })
    return {
      rail: await backgroundOf(page.getByRole('banner')),
      radius: await page
        .getByRole('button', { name: 'Sign in' })
        .evaluate((button) => getComputedStyle(button).borderStartStartRadius),
    }
  }
  expect(await lookOf(desk.clientId)).toEqual({ rail: '18 52 86', radius: '12px' })
  expect(await lookOf(client.clientId)).toEqual({ rail: '74 29 94', radius: '12px' })
})

test('another shipped theme changes the layout, and a new look is seen at the next page', async ({
  page,
  front,
  estate,
}) => {
  const shop = await front()
  await shop.enter(page)
  await expect(page.locator('html')).toHaveAttribute('data-layout', 'hinge')
  await estate.look(shop.pool, '', { base: 'hearth', colorMode: 'dark' })
  await expect(async () => {
    await shop.enter(page)
    await expect(page.locator('html')).toHaveAttribute('data-layout', 'card', { timeout: 100 })
  }).toPass()
  await expect(page.locator('html')).toHaveAttribute('data-color-mode', 'dark')
})

test('a stylesheet written for Cognito’s classic pages takes effect, and cannot take away size, focus or errors', async ({
  page,
  front,
  estate,
  stranger,
}) => {
  const shop = await front()
  await estate.look(shop.pool, '', {}, CLASSIC)
  await shop.enter(page)
  const submit = page.getByRole('button', { name: 'Sign in' })
  await expect(submit).toHaveCSS('background-color', 'rgb(51, 122, 183)')
  await expect(submit).toHaveCSS('color', 'rgb(255, 255, 255)')
  await submit.hover()
  await expect(submit).toHaveCSS('background-color', 'rgb(40, 96, 144)')
  await expect(page.getByRole('banner')).toHaveCSS('background-color', 'rgb(211, 211, 211)')
  const email = page.getByLabel('Email address')
  await expect(email).toHaveCSS('color', 'rgb(85, 85, 85)')
  // It says 34 px and `outline: 0` on focus; the guard keeps what people need.
  expect((await email.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await page.keyboard.press('Tab')
  await email.focus()
  await expect(email).not.toHaveCSS('outline-style', 'none')
  await signIn(page, stranger)
  await refusedWith(page, 'The email address or password is not right.')
  await expect(summaryOf(page)).toHaveCSS('border-top-color', 'rgb(214, 73, 88)')
})

test('a stylesheet that could spy or deceive is refused with place and reason, and nothing of it is worn', async ({
  page,
  front,
  estate,
}) => {
  const shop = await front()
  const innocent = '.portico-submit { background-color: #00ff00 }'
  for (const [hostile, why] of [
    ['input[value^="a"] { color: #111111 }', /^selector-/],
    ['.portico-input { background: url(https://evil.example/a) }', /^url$/],
    ['.portico-error { display: none }', /^property-/],
    ['.portico-host::after { content: "bank.example" }', /^property-|^value$/],
    ['@import "https://evil.example/a.css";', /^at-rule$|^url$/],
  ] as const) {
    const refused = await estate.look(shop.pool, '', {}, `${innocent}\n${hostile}`)
    expect(refused, hostile).toEqual([
      expect.objectContaining({ line: 2, rule: expect.stringMatching(why), reason: expect.stringMatching(/\w{3}/) }),
    ])
  }
  await shop.enter(page)
  await expect(page.getByRole('button', { name: 'Sign in' })).not.toHaveCSS('background-color', 'rgb(0, 255, 0)')
})
