import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AppClient } from '#core/clients/client-settings.ts'
import { signOutTarget } from '#core/clients/index.ts'
import { newEvent } from '#core/events/index.ts'
import type { Sealer } from '#core/shared/ports.ts'
import type { signOutOwnDevices } from '#core/users/index.ts'
import { formFields, readForm } from '../form-body.ts'
import type { HostedPages } from '../pages.ts'
import { isSameOrigin } from '../same-origin.ts'
import type { OidcDeps } from './pool-for-oidc.ts'
import type { PoolRuntime } from './pool-runtimes.ts'
import { OUTCOMES, signOutPages } from './sign-out-pages.ts'

export interface SignOutDeps {
  deps: OidcDeps
  pages: HostedPages
  secrets: Sealer
  signOutOwnDevices: ReturnType<typeof signOutOwnDevices>
  /** A session has ended, and its apps are queued to be told. */
  onEnded(): void
}

/** Where the browser goes once the session is over; an address is one that its client registered. */
interface Destination {
  to: string | null
  clientId: string | null
}

type Parameters = Readonly<Record<string, string>>

class Refused extends Error {}

/** The alias, which supplies what may be left out. */
const PATH_SIGN_IN = '/login'

const singleValues = (fields: Record<string, string | string[]>): Parameters =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      // A repeated parameter is read differently by different parties (attack 7).
      if (Array.isArray(value)) throw new Refused(`${name} is repeated`)
      return [name, value]
    }),
  )

/**
 * `/logout`: RP-Initiated Logout 1.0, and both forms of Cognito's. A valid `id_token_hint`, or a client with one of its
 * registered addresses, signs out at once; anything else asks. Never redirects to an address that is not registered.
 */
export const signOut = ({ deps, pages, secrets, signOutOwnDevices, onEnded }: SignOutDeps) => {
  const shown = signOutPages({ deps, pages })

  const clientOf = async (runtime: PoolRuntime, id: string | undefined): Promise<AppClient | null> => {
    if (id === undefined) return null
    const found = await deps.clients.find(runtime.pool.id, id)
    if (found === null) throw new Refused('unknown client_id')
    return found.client
  }

  /** Subject and client of a hint this pool signed; expired ones count (RP-Initiated Logout §2). */
  const hintOf = async (
    runtime: PoolRuntime,
    hint: string | undefined,
  ): Promise<{ sub: string; client: AppClient } | null> => {
    if (hint === undefined) return null
    const claims = runtime.signer.recognise(hint)
    if (
      claims === null ||
      claims.iss !== runtime.issuer ||
      typeof claims.sub !== 'string' ||
      typeof claims.aud !== 'string' ||
      claims.token_use !== 'id'
    ) {
      throw new Refused('id_token_hint is not an ID token of this issuer')
    }
    const client = await clientOf(runtime, claims.aud)
    if (client === null) throw new Refused('unknown client')
    return { sub: claims.sub, client }
  }

  const sessionOf = (runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse) =>
    runtime.provider.Session.get(runtime.provider.createContext(req, res))

  /** Whether there was somebody to sign out. */
  const end = async (
    runtime: PoolRuntime,
    req: IncomingMessage,
    res: ServerResponse,
    clientId: string | null,
    everywhere = false,
  ): Promise<boolean> => {
    const { provider, pool } = runtime
    const session = await sessionOf(runtime, req, res)
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
    if (sub === undefined) return false
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
    return true
  }

  const redirect = (res: ServerResponse, to: string): void => {
    res.writeHead(302, { location: to, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end()
  }

  const leaveTo = ({ to }: Destination, runtime: PoolRuntime): string => to ?? `${runtime.base}${OUTCOMES.signedOut}`

  /** The sign-in of a new person at the same app: the request goes on as it came. */
  const signInAgain = (runtime: PoolRuntime, query: Parameters): string => {
    const { logout_uri: _logout, id_token_hint: _hint, ...forward } = query
    return `${runtime.base}${PATH_SIGN_IN}?${new URLSearchParams(forward)}`
  }

  const start = async (
    runtime: PoolRuntime,
    req: IncomingMessage,
    res: ServerResponse,
    query: Parameters,
  ): Promise<void> => {
    const hint = await hintOf(runtime, query.id_token_hint)
    if (hint !== null && query.client_id !== undefined && query.client_id !== hint.client.id)
      throw new Refused('client_id does not match the id_token_hint')
    const client = hint?.client ?? (await clientOf(runtime, query.client_id))
    const target = signOutTarget(client?.settings ?? null, {
      logoutUri: query.logout_uri,
      redirectUri: query.redirect_uri,
      responseType: query.response_type,
      postLogoutRedirectUri: query.post_logout_redirect_uri,
      state: query.state,
    })
    if (target.kind === 'refused') throw new Refused(target.because)
    const destination: Destination = {
      to: target.kind === 'app' ? target.to : target.kind === 'sign-in' ? signInAgain(runtime, query) : null,
      clientId: client?.id ?? null,
    }
    const isCognitos = target.kind === 'sign-in' || (target.kind === 'app' && target.isCognitos)
    const session = await sessionOf(runtime, req, res)
    const isTheirs = hint !== null && (session.accountId === undefined || session.accountId === hint.sub)
    const nothingToAsk = session.accountId === undefined && query.post_logout_redirect_uri === undefined
    if (isCognitos || isTheirs || nothingToAsk) {
      await end(runtime, req, res, destination.clientId)
      return redirect(res, leaveTo(destination, runtime))
    }
    const { clientId } = destination
    const sealed = secrets.seal('sign-out', runtime.pool.id, JSON.stringify({ ...destination, session: session.uid }))
    await shown.question(runtime, req, res, { sealed, clientId, asked: query })
  }

  const confirm = async (
    runtime: PoolRuntime,
    req: IncomingMessage,
    res: ServerResponse,
    form: Parameters,
  ): Promise<void> => {
    if (!isSameOrigin(req.headers, deps.config.PUBLIC_ORIGIN)) throw new Refused('posted from elsewhere')
    const sealed = form.sign_out ?? ''
    let asked: Destination & { session: string }
    try {
      asked = JSON.parse(secrets.open('sign-out', runtime.pool.id, sealed)) as typeof asked
    } catch {
      throw new Refused('not a sign-out page of ours')
    }
    const { clientId, to } = asked
    const session = await sessionOf(runtime, req, res)
    if (session.accountId !== undefined && session.uid !== asked.session)
      throw new Refused('the session is another one')
    const everywhere = form.everywhere !== undefined
    if (form._intent === 'language')
      return shown.translated(runtime, req, res, { sealed, clientId, everywhere, lang: form.lang ?? '' })
    if (form.logout === undefined) return redirect(res, `${runtime.base}${OUTCOMES.stayed}`)
    const wasSignedIn = await end(runtime, req, res, clientId, everywhere)
    if (everywhere && !wasSignedIn) return redirect(res, `${runtime.base}${OUTCOMES.onlyHere}`)
    if (to !== null) return shown.leave(runtime, req, res, to, clientId)
    redirect(res, `${runtime.base}${everywhere ? OUTCOMES.signedOutEverywhere : OUTCOMES.signedOut}`)
  }

  return async (runtime: PoolRuntime, rest: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      if (await shown.outcome(runtime, rest, req, res)) return
      if (req.method === 'POST') {
        const body = await readForm(req)
        if (!body.ok) throw new Refused('the form cannot be read')
        const form = singleValues(formFields(body.text))
        return rest === '/logout/confirm'
          ? await confirm(runtime, req, res, form)
          : await start(runtime, req, res, form)
      }
      if (rest !== '/logout') throw new Refused('nothing to confirm')
      return await start(runtime, req, res, singleValues(formFields((req.url ?? '').split('?')[1] ?? '')))
    } catch (error) {
      if (error instanceof Refused) return shown.refusal(runtime, req, res, error.message)
      throw error
    }
  }
}
