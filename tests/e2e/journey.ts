import { randomBytes } from 'node:crypto'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { type Estate, openEstate, PASSWORD } from '#tests/support/estate.ts'
import { type Front, type FrontSettings, makeFront } from '#tests/support/front.ts'
import { type Inbox, inboxOf } from '#tests/support/inbox.ts'
import { type Running, runningPortico } from '#tests/support/running.ts'
import type { Credentials } from '#tests/support/screens/account.ts'
import { startTestApp, type TestApp } from '#tests/support/test-app.ts'
import { watch } from '#tests/support/watch.ts'

interface Journey {
  inbox: Inbox
  /** Somebody nobody knows yet. */
  stranger: Credentials
  /** A page in a browser that has seen nothing of this one: no cookie, no cache. Watched like the first. */
  anotherBrowser(): Promise<Page>
  hasScript: boolean
  /** Makes a pool of the test's own, with an app in front of it. */
  front(settings?: FrontSettings): Promise<Front>
}

interface House {
  portico: Running
  estate: Estate
  /** The app that journeys lead back to. */
  app: TestApp
  /** Origins of identity providers that journeys of this file may lead to. */
  others: readonly string[]
}

export const newCredentials = (name = 'ines'): Credentials => ({
  email: `${name}.${randomBytes(5).toString('hex')}@example.com`,
  password: PASSWORD,
})

/** A test of a journey: it fails when any page breaks its own rules, whatever else it checks. */
export const test = base.extend<Journey & { watched: (context: BrowserContext) => void }, House>({
  portico: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => use(runningPortico()),
    { scope: 'worker' },
  ],
  estate: [
    async ({ portico }, use) => {
      const estate = openEstate(portico)
      await use(estate)
      await estate.close()
    },
    { scope: 'worker' },
  ],
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const app = await startTestApp()
      await use(app)
      await app.stop()
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  others: [async ({}, use) => use([]), { scope: 'worker' }],
  watched: async ({ portico, app, others }, use) => {
    const watches: ReturnType<typeof watch>[] = []
    await use((context) => {
      watches.push(watch(context, [portico.origin, portico.demo, portico.preview, app.origin], others))
    })
    expect(watches.flatMap(({ complaints }) => complaints)).toEqual([])
  },
  context: async ({ context, watched }, use) => {
    watched(context)
    await use(context)
  },
  anotherBrowser: async ({ browser, watched, javaScriptEnabled, ignoreHTTPSErrors }, use) => {
    const opened: BrowserContext[] = []
    await use(async () => {
      const context = await browser.newContext({ javaScriptEnabled, ignoreHTTPSErrors, locale: 'en-GB' })
      opened.push(context)
      watched(context)
      return context.newPage()
    })
    await Promise.all(opened.map((context) => context.close()))
  },
  inbox: ({ portico }, use) => use(inboxOf(portico.origin)),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  stranger: ({}, use) => use(newCredentials()),
  hasScript: ({ javaScriptEnabled }, use) => use(javaScriptEnabled),
  front: ({ estate, portico, app }, use) => use(makeFront(estate, portico.origin, app)),
})

export { expect }
