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
