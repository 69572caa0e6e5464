import { expect, type Page } from '@playwright/test'
import { ANN } from '../saml/simplesamlphp.ts'

/** Pages of SimpleSAMLphp: plain forms, of which the last posts itself where there is script. */

const sendOn = async (page: Page, hasScript: boolean): Promise<void> => {
  // The form has another button besides, for its script, which a stylesheet hides once it is there.
  if (!hasScript) await page.locator('noscript button').click()
}

/** Its page that asks for name and password. */
export const atSimpleSamlPhp = (page: Page): Promise<void> => expect(page.locator('#password')).toBeVisible()

export const signInAtSimpleSamlPhp = async (page: Page, hasScript: boolean): Promise<void> => {
  await atSimpleSamlPhp(page)
  await page.locator('#username').fill(ANN.username)
  await page.locator('#password').fill(ANN.password)
  await page.getByRole('button', { name: 'Login' }).click()
  await sendOn(page, hasScript)
}

/** It still knows who sits there, and sends the browser on without asking. */
export const goOnAtSimpleSamlPhp = sendOn
