import { expect, type Page } from '@playwright/test'

/** By the page's own control: script changes the language when one is picked, without it there is a button. */
export const chooseLanguage = async (
  page: Page,
  { label, tag, button, hasScript }: { label: string; tag: string; button: string; hasScript: boolean },
): Promise<void> => {
  await page.getByLabel(label, { exact: true }).selectOption(tag)
  if (!hasScript) await page.getByRole('button', { name: button, exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', tag)
}
