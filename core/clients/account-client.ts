import type { Pool } from '../pools/pool-settings.ts'
import { type AppClient, ClientSettings } from './client-settings.ts'

/** The pool's own account pages as an app: in every pool, in no list, and nobody's to change. */
export const ACCOUNT_CLIENT_ID = 'porticoaccount000000000000'

/**
 * The client by which a person signs in to their own account. It has no row: what it may do follows from the pool.
 * Public, so that its codes are bound to a verifier, and no code of it is ever redeemed: the session is all it is for.
 *
 * @param base address of the pool's pages
 */
export const accountClient = (pool: Pool, base: string): AppClient => ({
  poolId: pool.id,
  id: ACCOUNT_CLIENT_ID,
  name: pool.settings.displayName ?? pool.name,
  enabled: true,
  settings: ClientSettings.parse({
    type: 'public',
    callbackUrls: [`${base}/account/callback`],
    initiateLoginUrl: `${base}/account`,
    flows: ['authorization_code'],
    scopes: ['openid'],
    pkce: 'required',
  }),
  createdAt: pool.createdAt,
  updatedAt: pool.updatedAt,
})
