import { expect, type Locator, type Page } from '@playwright/test'

/** Waits until the hosted page of this heading is the one shown. */
export const onPage = async (page: Page, heading: string | RegExp): Promise<void> => {
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
}

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click()

export const follow = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('link', { name, exact: typeof name === 'string' }).click()

export const summaryOf = (page: Page): Locator => page.getByRole('alert')

/** What every refused form does: says so in the title, above the heading and with the focus. */
export const refusedWith = async (page: Page, text: string | RegExp): Promise<void> => {
  const summary = summaryOf(page)
  await expect(summary).toContainText(text)
  await expect(summary).toContainText('There is a problem')
  await expect(summary).toBeFocused()
  await expect(page).toHaveTitle(/^Error: /)
  await expect(page.locator('[role=alert] ~ h1')).toHaveCount(1)
}
