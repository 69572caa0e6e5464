import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ReceivedLogout } from '#adapters/saml/logout.ts'
import { claimedIssuer } from '#adapters/saml-idp/received.ts'
import { newEvent } from '#core/events/index.ts'
import { endSessionsByProvider, labelOf, PROVIDER_LOGOUT_PATHS, refuseEndByProvider } from '#core/federation/index.ts'
import type { Departure } from '#core/federation/ports.ts'
import type { JourneyPorts } from '#core/flows/index.ts'
import type { Sealer } from '#core/shared/ports.ts'
import { contextOf } from '#core/shared/request-context.ts'
import type { Failure } from '#core/shared/result.ts'
import type { Config } from '../config.ts'
import { readCookie } from '../cookies.ts'
import { formFields, readForm } from '../form-body.ts'
import { chooseLocale } from '../locale.ts'
import type { BrowserSession } from '../oidc/end-session.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import type { BrowserLogout } from '../oidc/sign-out.ts'
import { OUTCOMES } from '../oidc/sign-out-pages.ts'
import { type HostedPages, newNonce } from '../pages.ts'
import { redirectTo } from '../redirect.ts'
import type { federationPorts } from './federation-ports.ts'
import { type DoorAnswer, single } from './provider-door.ts'

/** Where a browser leaves for its provider once it is signed out here, and where providers send it back to. */
export const LOGOUT_PATHS = { leave: '/logout/provider', ...PROVIDER_LOGOUT_PATHS } as const

/** A provider's sign-out is a matter of seconds; whoever stays there longer comes back to the page of this pool. */
const MINUTES_AWAY = 10

interface Away {
  /** Where to once the provider is done: checked before it was sealed. */
  to: string
  /** The session there. */
  session: string
  /** Id of the SAML request; its answer names it. */
  requestId?: string
}

export interface UpstreamLogoutDeps {
  config: Config
  ports: JourneyPorts
  federation: ReturnType<typeof federationPorts>
  pages: HostedPages
  secrets: Sealer
  /** Sessions have ended, and their apps are queued to be told. */
  onEnded(): void
}

const reasonOf = ({ because, code }: Failure): string => because ?? code

/**
 * Sign-out at the providers that people came by (OpenID Connect RP-Initiated Logout 1.0, SAML 2.0 Profiles §4.4), and theirs
 * here. The browser is signed out here before it leaves: a provider that keeps it does not undo that.
 */
export const upstreamLogout = ({ config, ports, federation, pages, secrets, onEnded }: UpstreamLogoutDeps) => {
  const acts = { ...ports, identities: federation.identities, sessions: federation.sessions }
  const cookieName = `${config.isSecure ? '__Secure-' : ''}portico_leaving`
  const cookie = (base: string, value: string, seconds: number): string =>
    `${cookieName}=${value}; Path=${base || '/'}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${config.isSecure ? '; Secure' : ''}`

  const open = (poolId: string, sealed: string | null | undefined): Away | null => {
    try {
      return sealed == null ? null : (JSON.parse(secrets.open('leaving', poolId, sealed)) as Away)
    } catch {
      return null
    }
  }

  const depart = async (
    { pool, base }: PoolRuntime,
    departure: Departure,
    label: string,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    if (departure.kind === 'redirect') return redirectTo(res, 302, departure.url)
    const nonce = newNonce()
    const frame = await pages.frame({
      pool,
      base,
      client: null,
      locale: chooseLocale({}, req.headers, pool.settings.defaultLocale),
      nonce,
    })
    const { action, fields } = departure
    await pages.show({ kind: 'depart', frame, provider: label, action, fields }, res, 200, nonce)
  }

  /** The provider's session that one of ours stands on, and what speaks to the provider; null: none that can be ended. */
  const standing = async (poolId: string, id: string) => {
    const kept = await federation.sessions.find(poolId, id, ports.clock.now())
    const provider = kept === null ? null : await federation.providers.find(poolId, kept.provider)
    return kept === null || provider === null ? null : { kept, provider, engine: await federation.engineFor(provider) }
  }

  /** Away to the provider; it is asked anew, since what it publishes may have changed. */
  const leave = async (runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { pool, base } = runtime
    const sealed = new URL(req.url ?? '', 'http://pool.invalid').searchParams.get('to')
    const away = open(pool.id, sealed)
    if (away === null) return redirectTo(res, 302, `${base}${OUTCOMES.signedOut}`)
    const found = await standing(pool.id, away.session)
    if (found === null) return redirectTo(res, 302, away.to)
    const { kept, provider, engine } = found
    const returnTo = `${ports.links.base(pool.id)}${LOGOUT_PATHS.oidc}`
    const asSaml = engine.leave === undefined ? null : await engine.leave(kept.session, away.session)
    const departure = asSaml?.departure ?? (await engine.logout?.(kept.session, returnTo)) ?? null
    if (departure === null) return redirectTo(res, 302, away.to)
    const next: Away = { ...away, ...(asSaml === null ? {} : { requestId: asSaml.requestId }) }
    res.appendHeader(
      'set-cookie',
      cookie(base, secrets.seal('leaving', pool.id, JSON.stringify(next)), MINUTES_AWAY * 60),
    )
    return depart(runtime, departure, labelOf(provider), req, res)
  }

  /** Those a logout message may be from, by the issuer it claims; whoever it is proves it with a signature. */
  const claimedProviders = async (poolId: string, issuer: string) => {
    const able = (await federation.providers.list(poolId)).filter(
      ({ settings }) => settings.kind === 'saml' && settings.enabled && settings.singleLogout,
    )
    const engines = await Promise.all(
      able.map(async (provider) => ({ provider, engine: await federation.engineFor(provider) })),
    )
    const names = await Promise.all(engines.map(({ engine }) => engine.entityId?.()))
    return engines.filter((_, n) => names[n] === issuer)
  }

  /** A provider ends its session of somebody. */
  const wished = async (
    runtime: PoolRuntime,
    received: ReceivedLogout,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<DoorAnswer> => {
    const poolId = runtime.pool.id
    const issuer = claimedIssuer(received, 'SAMLRequest')
    const claimed = issuer.ok ? await claimedProviders(poolId, issuer.value) : []
    let refusal = { provider: null as string | null, because: issuer.ok ? 'issuer-unknown' : reasonOf(issuer.failure) }
    for (const { provider, engine } of claimed) {
      const wish = await engine.wished?.(received)
      if (wish?.ok !== true) {
        refusal = { provider: provider.name, because: wish === undefined ? 'not-offered' : reasonOf(wish.failure) }
        continue
      }
      const { nameId } = wish.value
      const ended = await endSessionsByProvider(acts)({ provider, nameId, context: contextOf(req.headers) })
      if (ended.ok) onEnded()
      const answer = await engine.answer?.(wish.value, ended.ok, received.parameters.RelayState ?? null)
      if (answer == null) redirectTo(res, 302, `${runtime.base}${OUTCOMES.signedOut}`)
      else await depart(runtime, answer, labelOf(provider), req, res)
      return 'answered'
    }
    await refuseEndByProvider(acts)({ poolId, ...refusal })
    return { problem: 'providerReturn', status: 400 }
  }

  /** Notes whether the provider has ended its session too. */
  const told = async (poolId: string, session: string, requestId: string, received: ReceivedLogout): Promise<void> => {
    const found = await standing(poolId, session)
    const answer = await found?.engine.left?.(received, requestId)
    if (found === null || answer === undefined) return
    const failure = answer.ok ? null : answer.failure
    const event = newEvent(ports.random, ports.clock.now(), {
      poolId,
      type: 'sign_out.told',
      outcome: failure === null ? 'success' : 'failure',
      reason: failure?.code ?? null,
      sub: found.kept.sub,
      detail: {
        by: 'saml',
        provider: found.provider.name,
        ...(failure === null ? {} : { because: reasonOf(failure).split(':')[0] ?? '' }),
      },
    })
    await ports.events.write({ events: [event] })
  }

  /** Back from the provider, or here on its own account. Where the browser came from is told by our own cookie alone. */
  const land = async (
    runtime: PoolRuntime,
    path: string,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<DoorAnswer> => {
    const { pool, base } = runtime
    const { search } = new URL(req.url ?? '', 'http://pool.invalid')
    const isPost = req.method === 'POST'
    const body = isPost ? await readForm(req) : null
    if (body !== null && !body.ok) return { problem: 'providerReturn', status: 400 }
    const parameters = single(formFields(body === null ? search.slice(1) : body.text))
    const received = {
      method: isPost ? ('POST' as const) : ('GET' as const),
      url: `${ports.links.base(pool.id)}${path}${isPost ? '' : search}`,
      parameters,
      now: ports.clock.now().getTime(),
    }
    if (parameters.SAMLRequest !== undefined) return wished(runtime, received, req, res)
    const kept = readCookie(req.headers.cookie, cookieName)
    if (isPost && kept === undefined) {
      // A SameSite=Lax cookie does not come with another site's post, only with the GET that follows: its answer goes unread.
      redirectTo(res, 302, `${base}${path}`)
      return 'answered'
    }
    const away = open(pool.id, kept)
    res.appendHeader('set-cookie', cookie(base, '', 0))
    // Signed out here in any case: what the provider answers is for the log alone.
    if (away?.requestId !== undefined && parameters.SAMLResponse !== undefined)
      await told(pool.id, away.session, away.requestId, received)
    redirectTo(res, 302, away?.to ?? `${base}${OUTCOMES.signedOut}`)
    return 'answered'
  }

  /** The provider's session is looked up while ours stands; the browser goes there last, after the apps. */
  const browserLogout: BrowserLogout = async ({ pool, base }, { upstream }: BrowserSession) => {
    const found = upstream === null ? null : await standing(pool.id, upstream)
    const canEnd = found?.engine.leave !== undefined || found?.engine.logout !== undefined
    return async (to) =>
      found === null || !canEnd
        ? null
        : `${base}${LOGOUT_PATHS.leave}?${new URLSearchParams({ to: secrets.seal('leaving', pool.id, JSON.stringify({ to, session: found.kept.id })) })}`
  }

  return {
    browserLogout,
    /** Answers the places below `LOGOUT_PATHS`. */
    async answer(runtime: PoolRuntime, path: string, req: IncomingMessage, res: ServerResponse): Promise<DoorAnswer> {
      if (path !== LOGOUT_PATHS.leave) return land(runtime, path, req, res)
      await leave(runtime, req, res)
      return 'answered'
    },
  }
}

export type UpstreamLogout = ReturnType<typeof upstreamLogout>
