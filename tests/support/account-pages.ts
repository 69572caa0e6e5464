import type { AccountContent } from '#core/account/account-view.ts'
import { type FormBrowser, browser as newBrowser } from './form-browser.ts'
import type { TestPerson } from './test-house.ts'

/** Where the account pages of a pool are. */
export const accountOf = (issuer: string, page = ''): string => `${issuer}/account${page === '' ? '' : `/${page}`}`

/** A browser that opened the person's account and signed in on the way. */
export const atAccount = async (
  issuer: string,
  person: TestPerson,
  { page = '', through = newBrowser() }: { page?: string; through?: FormBrowser } = {},
): Promise<FormBrowser> => {
  await through.open(accountOf(issuer, page))
  await through.submit({ username: person.username, password: person.password })
  return through
}

const textOf = (body: string, id: string): string => {
  const found = new RegExp(`<(\\w+) id="${id}">([^]*?)</\\1>`).exec(body)?.[2] ?? ''
  return found.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
}

/** What the bare page in front says. */
export const shownAccount = <Page extends AccountContent['page']>({ page: { body } }: FormBrowser, _page?: Page) => ({
  title: /<h1>account (\w+)<\/h1>/.exec(body)?.[1] ?? null,
  failure: textOf(body, 'failure'),
  notice: textOf(body, 'notice'),
  isFresh: textOf(body, 'fresh') === 'true',
  content: JSON.parse(textOf(body, 'content') || 'null') as Extract<AccountContent, { page: Page }>,
})

/** What the form on screen would post, its token included. */
export const fieldsOf = ({ page }: FormBrowser): Record<string, string> =>
  Object.fromEntries((page.forms[0]?.controls ?? []).map(({ name, value }) => [name, value]))
