import { expect, test } from '@playwright/test'
import { watch } from '#tests/support/watch.ts'

/** The guard over every journey must be able to fail, with script and without. */

const OURS = 'http://ours.example'
const STRICT = "default-src 'none'; img-src 'self'"

for (const [what, body, complaint] of [
  ['a broken rule of the policy', '<p style="color: red">red</p>', /Content Security Policy/],
  [
    'a request to somebody else',
    '<img src="https://other.example/pixel.png" alt="">',
    /other\.example|Content Security Policy/,
  ],
  ['a part that is missing', '<img src="/missing.png" alt="">', /^404 for /],
  ['framework script', '<img src="/_next/static/chunk.js" alt="">', /framework file/],
] as const) {
  test(`${what} is noticed`, async ({ page, context }) => {
    const { complaints } = watch(context, [OURS])
    await context.route('**/*', (route) =>
      new URL(route.request().url()).pathname === '/'
        ? route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': STRICT }, body })
        : route.fulfill({ status: 404 }),
    )
    await page.goto(`${OURS}/`)
    await expect.poll(() => complaints.join('\n')).toMatch(complaint)
  })
}

test('a page that keeps its rules passes', async ({ page, context }) => {
  const { complaints } = watch(context, [OURS])
  await context.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<p>calm</p>' }))
  await page.goto(`${OURS}/`)
  expect(complaints).toEqual([])
})

test('a person may be led to a provider, and no page takes a part from there', async ({ page, context }) => {
  const { complaints } = watch(context, [OURS], ['https://idp.example'])
  await context.route('**/*', (route) => {
    const isThere = route.request().url().startsWith('https://idp.example')
    if (route.request().resourceType() === 'image') return route.fulfill({ status: 404 })
    const part = isThere ? '/mark.png' : 'https://idp.example/mark.png'
    return route.fulfill({ contentType: 'text/html', body: `<p>calm</p><img src="${part}" alt="">` })
  })
  await page.goto('https://idp.example/')
  expect(complaints).toEqual([])
  await page.goto(`${OURS}/`)
  await expect.poll(() => complaints.join('\n')).toMatch(/request to https:\/\/idp\.example/)
})
