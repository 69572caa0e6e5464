import type { Page } from '@playwright/test'
import { onPage, press } from './hosted-page.ts'

/** The pages of an account as people fill them in: by label. */

export interface Credentials {
  email: string
  password: string
}

export const signIn = async (page: Page, { email, password }: Credentials): Promise<void> => {
  await onPage(page, /^Sign in to /)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Sign in')
}

export const signUp = async (page: Page, { email, password }: Credentials): Promise<void> => {
  await onPage(page, 'Create an account')
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Create account')
}

export const confirmCode = async (page: Page, code: string): Promise<void> => {
  await page.getByLabel('6-digit code').fill(code)
  await press(page, 'Confirm code')
}
