import { expect, type Page } from '@playwright/test'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { stepAt } from '#core/factors/index.ts'
import { onPage, press } from './hosted-page.ts'

const apps = authenticatorApps(systemRandom)

/** An authenticator app that somebody set up: it never shows a code twice, for each works once. */
export interface AuthenticatorApp {
  next(): string
  /** The code it showed last. */
  last(): string
}

/** An app with this key. A time step ahead of the clock is as good as the present one, so that nobody waits half a minute. */
export const appWithKey = (key: string): AuthenticatorApp => {
  const secret = key.replaceAll(/\s/g, '')
  let step = 0
  return {
    next() {
      step = Math.max(step + 1, stepAt(new Date()))
      return apps.codeAt(secret, step)
    },
    last: () => apps.codeAt(secret, step),
  }
}

/** Sets an app up by the key that is shown beside the picture, as who cannot scan does. */
export const setUpApp = async (page: Page): Promise<AuthenticatorApp> => {
  await onPage(page, 'Set up your authenticator app')
  await expect(page.getByRole('img', { name: /^QR code for / })).toBeVisible()
  const app = appWithKey((await page.locator('#portico-key').textContent()) ?? '')
  await page.getByLabel('6-digit code').fill(app.next())
  await press(page, 'Turn on')
  return app
}

/** The ten codes of the page that shows them once. */
export const keepRecoveryCodes = async (page: Page): Promise<readonly string[]> => {
  await onPage(page, 'Save your recovery codes')
  const codes = (await page.getByRole('listitem').locator('code').allTextContents()).map((code) => code.trim())
  expect(codes).toHaveLength(10)
  await page.getByLabel('I saved these codes').check()
  await press(page, 'Continue')
  return codes
}

export const enterAppCode = async (page: Page, code: string): Promise<void> => {
  await onPage(page, 'Enter the code from your app')
  await page.getByLabel('6-digit code').fill(code)
  await press(page, 'Confirm code')
}

export const enterRecoveryCode = async (page: Page, code: string): Promise<void> => {
  await onPage(page, 'Use a recovery code')
  await page.getByLabel('Recovery code').fill(code)
  await press(page, 'Confirm code')
}
