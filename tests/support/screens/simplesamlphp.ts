import { expect, type Page } from '@playwright/test'
import { ANN } from '../saml/simplesamlphp.ts'

/** Pages of SimpleSAMLphp: plain forms, of which the last posts itself where there is script. */

const sendOn = async (page: Page, hasScript: boolean): Promise<void> => {
  // After a request that came as a form it shows two of them, for one form.
  if (!hasScript) await page.getByRole('button', { name: 'Submit' }).first().click()
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
