import { expect, type Page } from '@playwright/test'
import type { ClientSettingsInput } from '#core/clients/client-settings.ts'
import type { Pool, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import type { Estate, MadeClient } from './estate.ts'
import { type Asked, type Attempt, type RelyingParty, relyingParty, type Tokens } from './relying-party.ts'
import { type Credentials, signIn } from './screens/account.ts'
import { onPage } from './screens/hosted-page.ts'
import type { TestApp } from './test-app.ts'

/** A pool with an app in front of it, ready for a journey. */
export interface Front {
  pool: Pool
  client: MadeClient
  party: RelyingParty
  /** Address of the pool's pages. */
  base: string
  /** Opens the sign-in as the app would, in this page. */
  enter(page: Page, asked?: Asked): Promise<Attempt>
  /** Opens the sign-in and sends off a name and its password: what comes next is the test's. */
  signIn(page: Page, who: Credentials, asked?: Asked): Promise<Attempt>
  /** The journey has ended at the app: exchanges the code that it brought. */
  arrive(page: Page, attempt: Attempt): Promise<Tokens>
}

export interface FrontSettings {
  pool?: PoolSettingsInput
  client?: Partial<ClientSettingsInput>
  scope?: string
  /** Somebody who has an account in it. */
  knows?: Credentials
}

export const makeFront =
  (estate: Estate, origin: string, app: TestApp) =>
  async ({ pool: settings = {}, client: clientSettings = {}, scope, knows }: FrontSettings = {}): Promise<Front> => {
    const pool = await estate.pool({ displayName: 'Meridian', ...settings })
    if (knows !== undefined) await estate.person(pool, { ...knows })
    const client = await estate.client(pool.id, {
      displayName: 'Meridian Shop',
      callbackUrls: [app.callback],
      logoutUrls: [`${app.origin}/left`],
      initiateLoginUrl: `${app.origin}/start`,
      ...clientSettings,
    })
    const base = `${origin}/${pool.id}`
    const party = await relyingParty({
      issuer: base,
      redirectUri: app.callback,
      ...client,
      ...(scope === undefined ? {} : { scope }),
    })
    const enter: Front['enter'] = async (page, asked) => {
      const attempt = await party.begin(asked)
      await page.goto(attempt.url.href)
      return attempt
    }
    return {
      pool,
      client,
      party,
      base,
      enter,
      async signIn(page, who, asked) {
        const attempt = await enter(page, asked)
        await signIn(page, who)
        return attempt
      },
      async arrive(page, attempt) {
        await onPage(page, 'Back at the app')
        expect(page.url()).toContain(`${app.callback}?`)
        return party.finish(attempt, new URL(page.url()))
      },
    }
  }
