import type { FindClient } from '#core/account/index.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import { type AppSignOut, LOGOUT_TOKEN_TYPE, logoutTokenClaims } from '#core/sign-out/index.ts'
import type { PoolRuntimes } from './pool-runtimes.ts'

/** What is posted to an app, and where. */
export interface LogoutNotice {
  url: string
  token: string
}

export interface LogoutNoticeDeps {
  runtimes: Pick<PoolRuntimes, 'get'>
  findClient: FindClient
  clock: Clock
  random: Random
}

/** Addresses an app as its settings are now and signs with the key of its pool's ID tokens; null: nobody asks to be told any more. */
export const logoutNotice =
  ({ runtimes, findClient, clock, random }: LogoutNoticeDeps) =>
  async (signOut: AppSignOut): Promise<LogoutNotice | null> => {
    const [runtime, client] = await Promise.all([
      runtimes.get(signOut.poolId),
      findClient(signOut.poolId, signOut.clientId),
    ])
    const url = client?.settings.backchannelLogoutUrl
    if (runtime === null || client === null || url === undefined) return null
    const { issuer, signer } = runtime
    const claims = logoutTokenClaims(signOut, {
      issuer,
      settings: client.settings,
      jti: random.uuid(),
      now: clock.now(),
    })
    return { url, token: await signer.sign('id', LOGOUT_TOKEN_TYPE, claims) }
  }
