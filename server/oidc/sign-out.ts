import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AppClient } from '#core/clients/client-settings.ts'
import { signOutTarget } from '#core/clients/index.ts'
import type { Sealer } from '#core/shared/ports.ts'
import { formFields, readForm } from '../form-body.ts'
import type { HostedPages } from '../pages.ts'
import { redirectTo } from '../redirect.ts'
import { isSameOrigin } from '../same-origin.ts'
import { type BrowserSession, browserSession, type EndSessionDeps, endSession } from './end-session.ts'
import type { PoolRuntime } from './pool-runtimes.ts'
import { OUTCOMES, signOutPages } from './sign-out-pages.ts'

export interface SignOutDeps extends EndSessionDeps {
  pages: HostedPages
  secrets: Sealer
  /** Apps and providers that are told by way of the browser. */
  browserLogout: BrowserLogout
}

/**
 * Others that are told of a session's end by way of the browser: its apps, and the identity provider that it stands on. What they
 * are told is gathered while the session stands.
 *
 * The function that comes of it is called once the session is over: where the browser goes first, on its way `to`.
 */
export type BrowserLogout = (
  runtime: PoolRuntime,
  session: BrowserSession,
) => Promise<(to: string) => Promise<string | null>>

/** First to the one, last to the other, and on from there. */
export const inTurn =
  (first: BrowserLogout, last: BrowserLogout): BrowserLogout =>
  async (runtime, session) => {
    const [toFirst, toLast] = await Promise.all([first(runtime, session), last(runtime, session)])
    return async (to) => {
      const end = await toLast(to)
      return (await toFirst(end ?? to)) ?? end
    }
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
export const signOut = ({ deps, pages, secrets, signOutOwnDevices, onEnded, browserLogout }: SignOutDeps) => {
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

  const end = endSession({ deps, signOutOwnDevices, onEnded })

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
    const session = await browserSession(runtime, req, res)
    const isTheirs = hint !== null && (session.sub === null || session.sub === hint.sub)
    const nothingToAsk = session.sub === null && query.post_logout_redirect_uri === undefined
    if (isCognitos || isTheirs || nothingToAsk) {
      const told = await browserLogout(runtime, session)
      await end(runtime, req, res, { clientId: destination.clientId })
      const to = leaveTo(destination, runtime)
      const first = await told(to)
      // The app that posted allowed its form to come here, and no further (CSP `form-action` holds for redirects too).
      if (first !== null && req.method === 'POST') return shown.leave(runtime, req, res, first, destination.clientId)
      return redirectTo(res, 302, first ?? to)
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
    const session = await browserSession(runtime, req, res)
    if (session.sub !== null && session.uid !== asked.session) throw new Refused('the session is another one')
    const everywhere = form.everywhere !== undefined
    if (form._intent === 'language')
      return shown.translated(runtime, req, res, { sealed, clientId, everywhere, lang: form.lang ?? '' })
    if (form.logout === undefined) return redirectTo(res, 302, `${runtime.base}${OUTCOMES.stayed}`)
    const told = await browserLogout(runtime, session)
    const wasSignedIn = (await end(runtime, req, res, { clientId, everywhere })) !== null
    if (everywhere && !wasSignedIn) return redirectTo(res, 302, `${runtime.base}${OUTCOMES.onlyHere}`)
    const outcome = `${runtime.base}${everywhere ? OUTCOMES.signedOutEverywhere : OUTCOMES.signedOut}`
    const first = await told(to ?? outcome)
    if (first !== null || to !== null) return shown.leave(runtime, req, res, first ?? to ?? outcome, clientId)
    redirectTo(res, 302, outcome)
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
