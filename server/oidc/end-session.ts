import type { IncomingMessage, ServerResponse } from 'node:http'
import { newEvent } from '#core/events/index.ts'
import type { signOutOwnDevices } from '#core/users/index.ts'
import type { OidcDeps } from './pool-for-oidc.ts'
import type { PoolRuntime } from './pool-runtimes.ts'

/** A client of a browser's session, by what its tokens or assertions named the session. */
export interface SessionApp {
  clientId: string
  sid: string | null
}

/** Who is signed in here, and where. */
export interface BrowserSession {
  uid: string
  sub: string | null
  apps: readonly SessionApp[]
  /** Id of the session at an identity provider that it stands on; null: none, or none that can be ended. */
  upstream: string | null
}

/** The browser's own session in this pool. */
export const browserSession = async (
  { provider }: PoolRuntime,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<BrowserSession> => {
  const {
    uid,
    accountId = null,
    authorizations = {},
    proofs = [],
  } = await provider.Session.get(provider.createContext(req, res))
  const apps = Object.entries(authorizations).map(([clientId, { sid = null }]) => ({ clientId, sid }))
  const upstream = proofs.findLast(({ federation }) => federation?.session != null)?.federation?.session ?? null
  return { uid, sub: accountId, apps, upstream }
}

export interface EndSessionDeps {
  deps: OidcDeps
  signOutOwnDevices: ReturnType<typeof signOutOwnDevices>
  /** A session has ended, and its apps are queued to be told. */
  onEnded(): void
}

/**
 * Ends the browser's session and the tokens of its sign-ins, and queues its apps to be told. Says whose it was; null: there was
 * nobody to sign out.
 */
export const endSession =
  ({ deps, signOutOwnDevices, onEnded }: EndSessionDeps) =>
  async (
    runtime: PoolRuntime,
    req: IncomingMessage,
    res: ServerResponse,
    { clientId, everywhere = false }: { clientId: string | null; everywhere?: boolean },
  ): Promise<{ sub: string } | null> => {
    const { provider, pool } = runtime
    const session = await provider.Session.get(provider.createContext(req, res))
    const name = provider.cookieName('session')
    const secure = deps.config.isSecure ? '; Secure' : ''
    res.appendHeader(
      'set-cookie',
      [name, `${name}.sig`].map(
        (each) =>
          `${each}=; Path=${runtime.base}; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax${secure}`,
      ),
    )
    const sub = session.accountId
    if (sub === undefined) return null
    const context = deps.contextOf(req)
    // Whoever was deleted meanwhile is signed out everywhere already.
    if (everywhere) await signOutOwnDevices({ poolId: pool.id, sub, clientId, context })
    const apps = Object.entries(session.authorizations ?? {})
    const grantIds = apps.flatMap(([, { grantId }]) => grantId ?? [])
    const at = deps.clock.now()
    const event = { poolId: pool.id, type: 'sign_out', outcome: 'success', sub, clientId, context } as const
    // Tokens of this browser's sign-ins end with it: sign-out takes effect at once.
    await deps.artifacts.forPool(pool.id).revokeGrants(grantIds, {
      ...(everywhere
        ? { events: [] }
        : {
            events: [newEvent(deps.random, at, event)],
            signOuts: apps.map(([id, { sid = null }]) => ({ poolId: pool.id, clientId: id, sub, sid, at })),
          }),
    })
    await session.destroy()
    onEnded()
    return { sub }
  }
