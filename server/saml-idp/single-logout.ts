import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type LogoutRules,
  logoutRequest,
  logoutResponse,
  readLogoutRequest,
  readLogoutResponse,
} from '#adapters/saml/logout.ts'
import { claimedIssuer, type ReceivedMessage } from '#adapters/saml-idp/received.ts'
import { newEvent } from '#core/events/index.ts'
import {
  CLOCK_SKEW_MS,
  type KnownAs,
  meansSession,
  refuseApp,
  type SamlAppSettings,
  samlIdpAddresses,
} from '#core/saml-idp/index.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { type BrowserSession, browserSession } from '../oidc/end-session.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import type { BrowserLogout } from '../oidc/sign-out.ts'
import { redirectTo } from '../redirect.ts'
import type { SamlAnswers } from './answers.ts'
import type { KeptRows, PendingLogout, WantedLogout } from './kept.ts'
import { readMessage } from './read-message.ts'
import { claimedClient, newMessageId, relayStateOf, type SamlClient, type SamlRoom, samlClient } from './room.ts'

/** Where browsers come by on the way through the apps of a session. */
const chainAddress = ({ base }: PoolRuntime, id: string): string =>
  `${base}/saml2/idp/logout?${new URLSearchParams({ id })}`

const requestsTo = ({ logout }: SamlAppSettings) => ({ redirect: logout.redirect ?? null, post: logout.post ?? null })

const answersTo = ({ logout }: SamlAppSettings) => ({
  redirect: logout.redirect === undefined ? null : (logout.responses ?? logout.redirect),
  post: logout.post === undefined ? null : (logout.responses ?? logout.post),
})

/** Single logout by way of the browser (SAML 2.0 Profiles §4.4): wished by a client, or told to clients one after the other. */
export const samlLogout = (room: SamlRoom, kept: KeptRows, answers: SamlAnswers) => {
  const { deps, keys, ids, end } = room
  const now = () => deps.clock.now().getTime()

  const rulesOf = (runtime: PoolRuntime, { entityId, certificates }: SamlAppSettings): LogoutRules => ({
    peer: { entityId, certificates },
    logoutUrl: samlIdpAddresses(runtime.issuer).sloUrl,
    allowSha1: false,
    skewMs: CLOCK_SKEW_MS,
  })

  const sent = async (runtime: PoolRuntime, id: string, relayState: string | null) => ({
    id,
    issuer: samlIdpAddresses(runtime.issuer).entityId,
    relayState,
    now: now(),
    key: await keys.of(runtime.pool.id, 'idp'),
  })

  /** How the clients of a session know its person: those that can be told by way of the browser. */
  const knownBy = async (runtime: PoolRuntime, { apps }: BrowserSession): Promise<KnownAs[]> => {
    const found = await Promise.all(
      apps.map(async ({ clientId, sid }) => {
        const app = sid === null ? null : await samlClient(room, runtime, clientId)
        return app === null || sid === null ? null : kept.knownAs(runtime, clientId, sid)
      }),
    )
    return found.filter((one) => one !== null)
  }

  const tellable = async (runtime: PoolRuntime, known: readonly KnownAs[]): Promise<KnownAs[]> => {
    const apps = await Promise.all(known.map(({ clientId }) => samlClient(room, runtime, clientId)))
    return known.filter((_, at) => Object.values(apps[at]?.saml.logout ?? {}).length > 0)
  }

  const told = async (
    { pool }: PoolRuntime,
    clientId: string,
    sub: string | null,
    because: string | null,
  ): Promise<void> => {
    const event = newEvent(deps.random, deps.clock.now(), {
      poolId: pool.id,
      type: 'sign_out.told',
      outcome: because === null ? 'success' : 'failure',
      reason: because === null ? null : 'upstream-refused',
      sub,
      clientId,
      detail: { by: 'saml', ...(because === null ? {} : { because: because.split(':')[0] ?? '' }) },
    })
    await deps.events.write({ events: [event] })
  }

  /** The next app, or the end. */
  const goOn = async (
    runtime: PoolRuntime,
    id: string,
    pending: PendingLogout,
    req: IncomingMessage,
    res: ServerResponse,
  ) => {
    const [next, ...queue] = pending.queue
    if (next === undefined) return finish(runtime, id, req, res)
    const app = await samlClient(room, runtime, next.clientId)
    const requestId = newMessageId(room)
    const session = { ...next, nameQualifier: null, spNameQualifier: null }
    const departure =
      app === null ? null : logoutRequest({ logout: requestsTo(app.saml) }, session, await sent(runtime, requestId, id))
    const moved = { ...pending, queue, awaiting: { clientId: next.clientId, requestId } }
    await kept.moveLogout(runtime, id, moved)
    if (departure === null) return redirectTo(res, 303, chainAddress(runtime, id))
    await answers.depart(runtime, app?.client ?? null, departure, req, res)
  }

  const finish = async (runtime: PoolRuntime, id: string, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const pending = await kept.takeLogout(runtime, id)
    if (pending === null) return answers.expired(runtime, req, res)
    if ('to' in pending.end) return redirectTo(res, 302, pending.end.to)
    await respond(runtime, pending.end.answer, { hasSucceeded: true, isPartial: pending.isPartial }, req, res)
  }

  const respond = async (
    runtime: PoolRuntime,
    { clientId, inResponseTo, relayState }: { clientId: string; inResponseTo: string; relayState: string | null },
    { hasSucceeded, isPartial = false }: { hasSucceeded: boolean; isPartial?: boolean },
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    const app = await samlClient(room, runtime, clientId)
    const how = await sent(runtime, newMessageId(room), relayState)
    const departure =
      app && logoutResponse({ logoutAnswers: answersTo(app.saml) }, { inResponseTo, hasSucceeded, isPartial }, how)
    return departure === null
      ? redirectTo(res, 303, `${runtime.base}/logout/success`)
      : answers.depart(runtime, app?.client ?? null, departure, req, res)
  }

  const readWish = async (
    runtime: PoolRuntime,
    received: ReceivedMessage,
    { client, saml }: SamlClient,
  ): Promise<Result<WantedLogout>> => {
    if (saml.certificates.length === 0 || Object.values(saml.logout).length === 0)
      return refuseApp('logout-not-offered')
    const wish = readLogoutRequest(received, rulesOf(runtime, saml))
    if (!wish.ok) return wish
    const { id, nameId, sessionIndexes, usableUntil } = wish.value
    if (!(await ids.use(runtime.pool.id, `client ${client.id}`, `logout ${id}`, new Date(usableUntil))))
      return refuseApp('request-replayed')
    return ok({ clientId: client.id, requestId: id, nameId, sessionIndexes, relayState: relayStateOf(received) })
  }

  /** A client's answer to what it was told; whatever it is, the others are told too. */
  const answered = async (
    runtime: PoolRuntime,
    received: ReceivedMessage,
    { client, saml }: SamlClient,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    const id = relayStateOf(received) ?? ''
    const pending = await kept.findLogout(runtime, id)
    if (pending?.awaiting?.clientId !== client.id) return answers.expired(runtime, req, res)
    const answer = readLogoutResponse(received, pending.awaiting.requestId, rulesOf(runtime, saml))
    await told(runtime, client.id, pending.sub, answer.ok ? null : (answer.failure.because ?? answer.failure.code))
    await kept.moveLogout(runtime, id, { ...pending, awaiting: null, isPartial: pending.isPartial || !answer.ok })
    redirectTo(res, 303, chainAddress(runtime, id))
  }

  /** For `/logout`: what the session's apps are told, gathered while it stands; then where the browser goes first. */
  const fromHere: BrowserLogout = async (runtime, session) => {
    const queue = await tellable(runtime, await knownBy(runtime, session))
    return async (to) => {
      if (queue.length === 0) return null
      const { sub } = session
      return chainAddress(
        runtime,
        await kept.openLogout(runtime, { queue, sub, awaiting: null, isPartial: false, end: { to } }),
      )
    }
  }

  return {
    fromHere,

    /** `GET` and `POST /saml2/idp/slo`: a client's wish, or its answer to ours. */
    async receive(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const received = await readMessage(req, now())
      if (!received.ok) return answers.refusal(runtime, null, received.failure, req, res)
      const field = received.value.parameters.SAMLResponse === undefined ? 'SAMLRequest' : 'SAMLResponse'
      const issuer = claimedIssuer(received.value, field)
      const app = issuer.ok ? await claimedClient(room, runtime, issuer.value) : issuer
      if (!app.ok) return answers.refusal(runtime, null, app.failure, req, res)
      if (field === 'SAMLResponse') return answered(runtime, received.value, app.value, req, res)
      const wish = await readWish(runtime, received.value, app.value)
      if (!wish.ok) return answers.refusal(runtime, app.value.client.id, wish.failure, req, res)
      // A GET, whatever the request was: the session cookie is SameSite=Lax and does not come with another site's post.
      redirectTo(
        res,
        303,
        `${runtime.base}/saml2/idp/leave?${new URLSearchParams({ id: await kept.wantLogout(runtime, wish.value) })}`,
      )
    },

    /** `GET /saml2/idp/leave`: a wish that was checked meets the session of its browser. */
    async leave(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const wanted = await kept.takeWantedLogout(runtime, idOf(req))
      if (wanted === null) return answers.expired(runtime, req, res)
      const { clientId, requestId: inResponseTo, relayState } = wanted
      const answer = { clientId, inResponseTo, relayState }
      const session = await browserSession(runtime, req, res)
      // Nobody is signed in here any more: that is what was wished for.
      if (session.sub === null) return respond(runtime, answer, { hasSucceeded: true }, req, res)
      const known = await knownBy(runtime, session)
      const theirs = known.find((one) => one.clientId === clientId)
      if (theirs === undefined || !meansSession(wanted, theirs))
        return respond(runtime, answer, { hasSucceeded: false }, req, res)
      const queue = await tellable(
        runtime,
        known.filter((one) => one !== theirs),
      )
      await end(runtime, req, res, { clientId })
      const pending: PendingLogout = { queue, sub: session.sub, awaiting: null, isPartial: false, end: { answer } }
      redirectTo(res, 303, chainAddress(runtime, await kept.openLogout(runtime, pending)))
    },

    /** `GET /saml2/idp/logout`: on to the next app. One that never answered was not told. */
    async chain(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<void> {
      const id = idOf(req) ?? ''
      const pending = await kept.findLogout(runtime, id)
      if (pending === null) return answers.expired(runtime, req, res)
      const { awaiting, sub } = pending
      if (awaiting === null) return goOn(runtime, id, pending, req, res)
      await told(runtime, awaiting.clientId, sub, 'no answer')
      return goOn(runtime, id, { ...pending, awaiting: null, isPartial: true }, req, res)
    },
  }
}

const idOf = (req: IncomingMessage): string | undefined =>
  new URLSearchParams((req.url ?? '').split('?')[1] ?? '').get('id') ?? undefined
