import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type AccountForm,
  type AccountPage,
  type AccountPlace,
  type AccountPorts,
  accountContent,
  accountPage,
  accountPath,
  type Doer,
  downloadOwnExport,
  type FindClient,
  presentPerson,
  proofToAskFor,
} from '#core/account/index.ts'
import { accountClient } from '#core/clients/index.ts'
import { acceptedFactors, isFresh } from '#core/factors/index.ts'
import { toFormMessage } from '#core/flows/index.ts'
import type { Sealer } from '#core/shared/ports.ts'
import { contextOf } from '#core/shared/request-context.ts'
import { shownName } from '#core/users/index.ts'
import type { User } from '#core/users/ports.ts'
import type { Config } from '../config.ts'
import { chosenLocale, languageCookie } from '../cookies.ts'
import { formFields, readForm } from '../form-body.ts'
import { chooseLocale } from '../locale.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import { type PortalDemand, type PortalSession, portalSession, portalSignIn } from '../oidc/portal-session.ts'
import { type HostedPages, newNonce } from '../pages.ts'
import { isSameOrigin } from '../same-origin.ts'
import { ACTS } from './acts.ts'
import { type AccountNote, accountNotes } from './note.ts'
import { undoPages } from './undo-pages.ts'

export interface PortalDeps {
  config: Config
  ports: AccountPorts
  secrets: Sealer
  pages: HostedPages
  findClient: FindClient
}

/** Who is there, as this request may act. */
interface Present {
  runtime: PoolRuntime
  session: PortalSession
  user: User
  doer: Doer
}

/** A zone that this process knows; else UTC. */
const zoneOf = (zone: unknown): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: String(zone ?? 'UTC') }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

/** What resource servers of the pool say their scopes are for. */
const describedBy = ({ resourceServers }: PoolRuntime) => {
  const descriptions = new Map<string, string>(
    resourceServers.flatMap(({ identifier, scopes }) =>
      scopes.map(({ name, description }) => [`${identifier}/${name}`, description] as const),
    ),
  )
  return async (_poolId: string, scope: string): Promise<string | null> => descriptions.get(scope) ?? null
}

/** A form's fields; a repeated one is read by nobody here, and its last value would be a guess. */
const singleFields = (text: string): AccountForm =>
  Object.fromEntries(
    Object.entries(formFields(text)).filter((each): each is [string, string] => typeof each[1] === 'string'),
  )

/**
 * A person's own account at `/account`. The browser's session says who is there, at every request anew; a post says by its
 * token that it comes from a page of this very session. Sensitive acts ask for a fresh proof where they are done.
 */
export const portal = (deps: PortalDeps) => {
  const { config, ports, secrets, pages } = deps
  const notes = accountNotes({ config, secrets, clock: ports.clock })

  const goTo = (res: ServerResponse, status: 302 | 303, location: string, cookies: readonly string[] = []): void => {
    for (const cookie of cookies) res.appendHeader('set-cookie', cookie)
    res.writeHead(status, { location, 'cache-control': 'no-store' }).end()
  }

  const tokenOf = ({ runtime, session }: Present): string =>
    ports.hashes.of('account-form', `${runtime.pool.id}|${session.uid}|${session.sub}`)

  const present = async (runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<Present | null> => {
    const session = await portalSession(runtime, req, res)
    if (session === null) return null
    const { pool, issuer } = runtime
    const found = await presentPerson(ports, { pool, sub: session.sub })
    if (!found.ok) return null
    const { user } = found.value
    const wanted = chosenLocale(req.headers) ?? user.attributes.locale
    const doer: Doer = {
      pool,
      sub: session.sub,
      sessionId: ports.ownSessions.idOf(pool.id, session.uid),
      proofs: session.proofs,
      client: accountClient(pool, issuer),
      locale: chooseLocale({ lang: wanted }, req.headers, pool.settings.defaultLocale),
      context: contextOf(req.headers),
    }
    return { runtime, session, user, doer }
  }

  const show = async (
    there: Present,
    page: AccountPage,
    query: URLSearchParams,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    const { runtime, session, user, doer } = there
    const { pool, base } = runtime
    const left = notes.take(base, session.uid, req.headers.cookie)
    const note: AccountNote = left?.note ?? {}
    const [content, factors, providers] = await Promise.all([
      accountContent({ ...ports, findClient: deps.findClient, describeScope: describedBy(runtime) })(doer, page, {
        newCodes: note.codes,
        show: query.get('show'),
      }),
      ports.factors.list(pool.id, doer.sub),
      ports.providers.list(pool.id),
    ])
    if (!content.ok) return goTo(res, 302, portalSignIn(runtime, page, 'session'))
    const nonce = newNonce()
    const frame = await pages.frame({
      pool,
      base,
      client: null,
      locale: doer.locale,
      nonce,
      here: `${base}${accountPath(page)}`,
    })
    if (left !== null) res.appendHeader('set-cookie', left.gone)
    await pages.show(
      {
        kind: 'account',
        frame,
        view: {
          page,
          formToken: tokenOf(there),
          signedInAs: shownName(pool, user),
          isFresh: isFresh(doer.proofs, acceptedFactors(pool.settings, factors), ports.clock.now()),
          failure: note.failure ?? null,
          notice: note.notice ?? null,
          values: note.values ?? {},
          offersConnections: providers.some(({ settings }) => settings.enabled),
          timeZone: zoneOf(user.attributes.zoneinfo),
          content: content.value,
        },
      },
      res,
      200,
      nonce,
    )
  }

  const act = async (there: Present, page: AccountPage, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { runtime, session, doer } = there
    const { pool, base } = runtime
    const leave = (to: AccountPage, note: AccountNote): void =>
      goTo(res, 303, `${base}${accountPath(to)}`, [notes.leave(base, session.uid, note)])
    const refuse = (failure: Parameters<typeof toFormMessage>[0], values: AccountNote['values'] = {}): void =>
      leave(page, { failure: toFormMessage(failure, pool), values })
    const body = await readForm(req)
    const form = body.ok ? singleFields(body.text) : {}
    const isOurs =
      isSameOrigin(req.headers, config.PUBLIC_ORIGIN) && ports.hashes.equal(form._token ?? '', tokenOf(there))
    const doIt = Object.hasOwn(ACTS[page] ?? {}, form._intent ?? '') ? ACTS[page]?.[form._intent ?? ''] : undefined
    if (!isOurs || doIt === undefined) return refuse({ code: 'form-stale' })
    const outcome = await doIt(ports, doer, form)
    if (!outcome.ok) return refuse(outcome.failure, outcome.values)
    if (outcome.undo !== undefined)
      return goTo(res, 303, `${base}/account/undo?${new URLSearchParams({ token: outcome.undo })}`)
    if (outcome.connect !== undefined) {
      // A page in between: `form-action` holds for the redirects that follow a form, and these lead to the provider.
      const nonce = newNonce()
      const frame = await pages.frame({ pool, base, client: null, locale: doer.locale, nonce })
      const href = portalSignIn(runtime, page, { connect: outcome.connect.provider })
      return pages.show({ kind: 'leave', frame, href, to: outcome.connect.label }, res, 200, nonce)
    }
    if (outcome.locale !== undefined) res.appendHeader('set-cookie', languageCookie(config, base, outcome.locale))
    leave(outcome.to ?? page, {
      notice: outcome.notice,
      ...(outcome.codes === undefined ? {} : { codes: outcome.codes }),
    })
  }

  /** Comes back fresh. What is fresh already, but not of the sort that counts, is asked for whole. */
  const confirm = async ({ runtime, doer }: Present, query: URLSearchParams, res: ServerResponse): Promise<void> => {
    const page = accountPage(query.get('for')) ?? 'overview'
    const kind = query.get('add')
    const factors = acceptedFactors(doer.pool.settings, await ports.factors.list(doer.pool.id, doer.sub))
    const demand: PortalDemand =
      kind === 'totp' || kind === 'passkey' ? { enrol: kind } : proofToAskFor(doer.proofs, factors, ports.clock.now())
    goTo(res, 302, portalSignIn(runtime, page, demand))
  }

  /** One of the two files of a copy, to be kept under the name of the pool. */
  const download = async ({ runtime, doer }: Present, query: URLSearchParams, res: ServerResponse): Promise<void> => {
    const files = await downloadOwnExport(ports)(doer)
    if (!files.ok)
      return goTo(
        res,
        302,
        `${runtime.base}/account/${files.failure.code === 'proof-not-fresh' ? 'confirm?for=' : ''}data`,
      )
    const kind = query.get('as') === 'csv' ? 'csv' : 'json'
    res.writeHead(200, {
      'content-type': kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="account-data.${kind}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    res.end(files.value[kind])
  }

  const undo = undoPages(deps)

  return async (
    runtime: PoolRuntime,
    place: AccountPlace,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    const query = new URLSearchParams((req.url ?? '').split('?').slice(1).join('?'))
    const { base } = runtime
    // Wherever the answer says, nothing but a page of the account is gone to (attack 11).
    if (place === 'callback')
      return goTo(res, 303, `${base}${accountPath(accountPage(query.get('state')) ?? 'overview')}`)
    if (place === 'undo') return undo(runtime, req, res)
    const there = await present(runtime, req, res)
    const page = accountPage(place) ?? (place === 'download' ? 'data' : 'overview')
    if (there === null) {
      if (req.method === 'POST') return goTo(res, 303, `${base}${accountPath(page)}`)
      return goTo(res, 302, portalSignIn(runtime, page, 'session'))
    }
    if (place === 'confirm') return confirm(there, query, res)
    if (place === 'download') return download(there, query, res)
    return req.method === 'POST' ? act(there, page, req, res) : show(there, page, query, req, res)
  }
}
