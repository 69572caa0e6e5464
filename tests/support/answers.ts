import type { Page, Response } from '@playwright/test'

/** All that a browser is told by one submitted form: the answer to the post, and the page it leads to. */
export interface Told {
  post: { status: number; headers: Record<string, string> }
  shown: { status: number; headers: Record<string, string>; html: string }
}

/** Different in every answer, whoever asks. */
const RANDOM: readonly [RegExp, string][] = [
  [/nonce-[\w+/=]+/g, 'nonce-…'],
  [/nonce="[^"]+"/g, 'nonce="…"'],
  [/name="_step" value="[^"]+"/g, 'name="_step" value="…"'],
  // Seconds since the code was sent, which pass between the two.
  [/data-countdown="\d+"/g, 'data-countdown="…"'],
  [/\b\d:\d\d\b/g, '0:…'],
  [/\/flow\/[\w-]{20,64}/g, '/flow/…'],
  // Where an address may break, which is within what was typed.
  [/<wbr\/>/g, ''],
]

const normal = (text: string, typed: string): string =>
  RANDOM.reduce((all, [pattern, mark]) => all.replace(pattern, mark), text).replaceAll(typed, '{typed}')

const headersOf = async (response: Response, typed: string): Promise<Record<string, string>> => {
  const all = await response.allHeaders()
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => !['date', 'x-request-id'].includes(name))
      .map(([name, value]) => [name, normal(value, typed)]),
  )
}

/**
 * Submits, and gives both answers with what is random in them blanked out. Sizes stay: `content-length` is compared as it
 * is, so names that are compared have to be equally long.
 */
export const toldBy = async (page: Page, typed: string, submit: () => Promise<void>): Promise<Told> => {
  const isStep = (response: Response) => response.url().includes('/flow/')
  const [post, shown] = await Promise.all([
    page.waitForResponse((response) => isStep(response) && response.request().method() === 'POST'),
    page.waitForResponse((response) => isStep(response) && response.request().method() === 'GET'),
    submit(),
  ])
  await page.waitForLoadState()
  return {
    post: { status: post.status(), headers: await headersOf(post, typed) },
    shown: {
      status: shown.status(),
      headers: await headersOf(shown, typed),
      html: normal(await shown.text(), typed),
    },
  }
}
