import { expect, type Page } from '@playwright/test'
import type { GlewlwydPerson } from '../glewlwyd.ts'

/** Pages of Glewlwyd, which need script. Their fields have no labels that belong to them. */

/** Its page that asks for name and password is the one shown. */
export const atGlewlwyd = (page: Page): Promise<void> =>
  expect(page.getByText('Please enter your login and password')).toBeVisible()

const goOn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Continue' }).click()

export const signInAtGlewlwyd = async (
  page: Page,
  { username, password }: Pick<GlewlwydPerson, 'username' | 'password'>,
): Promise<void> => {
  await atGlewlwyd(page)
  // Its page fills in the name that it remembers, at a moment of its own.
  await expect(async () => {
    await page.locator('#username').fill(username)
    await page.locator('#password').fill(password)
    await expect(page.locator('#username')).toHaveValue(username, { timeout: 200 })
  }).toPass()
  await page.getByRole('button', { name: 'OK' }).click()
  await goOn(page)
}

/** It still knows who sits there and asks for no password. */
export const goOnAtGlewlwyd = async (page: Page, { name }: Pick<GlewlwydPerson, 'name'>): Promise<void> => {
  await expect(page.getByText(`Hello ${name}`)).toBeVisible()
  await goOn(page)
}

/**
 * Ends its session, and goes on to where it was told that the person should be. Its own page (2.7.5) ends there: it looks for the address
 * under another name than its server gives it.
 */
export const signOutAtGlewlwyd = async (page: Page): Promise<void> => {
  await expect(page.getByText(/The client .+ wishes you to close the current session/)).toBeVisible()
  const next = new URL(page.url()).searchParams.get('callback_url') ?? ''
  await page.getByRole('button', { name: 'Logout' }).click()
  await expect(page.getByText('You are disconnected')).toBeVisible()
  await page.goto(next)
}
