import type { IncomingMessage, ServerResponse } from 'node:http'
import { quirksOf } from '#core/pools/pool-settings.ts'
import { ROUTES } from './oidc/build-provider.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'

export type Screen = 'sign-in' | 'sign-up' | 'forgot-password' | 'change-password' | 'enrol-passkey'

/**
 * Bookmarkable addresses are authorize requests with a hint for the first screen: no page ever runs outside a journey.
 * `response_type` and `scope` may be left out here, as people write such links by hand.
 */
export const startsFlow = async (
  runtime: PoolRuntime,
  screen: Screen,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> => {
  const query = new URLSearchParams((req.url ?? '').split('?').slice(1).join('?'))
  if (!query.has('response_type')) query.set('response_type', 'code')
  // Where a missing scope means all of the app's, it stays missing.
  if (!query.has('scope') && !quirksOf(runtime.pool.settings).missingScopeMeansAll) query.set('scope', 'openid')
  if (screen === 'sign-in') query.delete('screen_hint')
  else query.set('screen_hint', screen === 'sign-up' ? 'signup' : screen)
  // Somebody who asks for these screens wants them, session or not.
  if (screen === 'sign-up' || screen === 'forgot-password') query.set('prompt', 'login')
  res.writeHead(302, { location: `${runtime.base}${ROUTES.authorization}?${query}`, 'cache-control': 'no-store' }).end()
}
