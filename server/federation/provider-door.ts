import type { IncomingMessage, ServerResponse } from 'node:http'
import { serviceProviderMetadata } from '#adapters/upstream-saml/service-provider.ts'
import type { AppClient } from '#core/clients/client-settings.ts'
import { CALLBACK_PATHS } from '#core/federation/index.ts'
import type { UpstreamCallback } from '#core/federation/ports.ts'
import { NAME_ID_FORMATS } from '#core/federation/saml-settings.ts'
import {
  enterUnsolicited,
  type Flow,
  type FlowStep,
  flowOfState,
  holdsFlow,
  type JourneyPorts,
  keepArrival,
  keepUnsolicited,
  leaveForProvider,
  returnFromProvider,
} from '#core/flows/index.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { contextOf } from '#core/shared/request-context.ts'
import type { Config } from '../config.ts'
import { flowCookieName, providerCookie, readCookie } from '../cookies.ts'
import { formFields, readForm } from '../form-body.ts'
import type { Place } from '../locate.ts'
import { ROUTES } from '../oidc/build-provider.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import { type HostedPages, newNonce } from '../pages.ts'
import { redirectTo } from '../redirect.ts'
import type { federationPorts } from './federation-ports.ts'

/** A SAML response may have 256 Ki characters, which a form makes a third longer. */
const MOST_BYTES = 400_000
/** The browser is on its way already. */
const UNSOLICITED_SECONDS = 120

export interface ProviderDoorDeps {
  config: Config
  ports: JourneyPorts
  federation: Pick<ReturnType<typeof federationPorts>, 'providers' | 'serviceProvider'>
  pages: HostedPages
  findClient(poolId: string, clientId: string): Promise<AppClient | null>
}

/** `problem`: nothing was answered, and the page of that name is due. */
export type DoorAnswer =
  | 'answered'
  | { problem: 'expired' | 'providerReturn'; status: 400 }
  | { problem: 'notFound'; status: 404 }

const PROBLEM = (problem: 'expired' | 'providerReturn'): DoorAnswer => ({ problem, status: 400 })

/** Parameters of which there is one each: an answer that says something twice says nothing. */
export const single = (fields: Readonly<Record<string, string | string[]>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter((each): each is [string, string] => typeof each[1] === 'string'))

/** Where journeys leave the house for identity providers, and come back. Every decision is the journey's. */
export const providerDoor = ({ config, ports, federation, pages, findClient }: ProviderDoorDeps) => {
  /** The journey, if this browser began it and it still runs. */
  const heldBy = async ({ pool }: PoolRuntime, flowId: string, req: IncomingMessage) => {
    const flow = await ports.flows.find(pool.id, flowId)
    const secret = readCookie(req.headers.cookie, flowCookieName(config))
    if (flow === null || flow.expiresAt <= ports.clock.now().getTime() || !holdsFlow(ports.hashes, flow, secret))
      return null
    const client = await findClient(pool.id, flow.clientId)
    return client === null ? null : { flow, client }
  }

  const asked = (held: { flow: Flow; client: AppClient }, pool: Pool, req: IncomingMessage) => ({
    ...held,
    pool,
    context: contextOf(req.headers),
    idleSeconds: config.FLOW_TTL_SECONDS,
  })

  const unsolicitedCookie = `${config.isSecure ? '__Secure-' : ''}portico_unsolicited`
  const keptFor = (base: string, id: string, seconds: number): string =>
    `${unsolicitedCookie}=${id}; Path=${base || '/'}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${config.isSecure ? '; Secure' : ''}`

  /** A response that nobody asked for begins a sign-in of its own, like an app's link would. */
  const unasked = async (
    pool: Pool,
    base: string,
    callback: UpstreamCallback,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<DoorAnswer> => {
    const kept = await keepUnsolicited(ports)(pool.id, callback, contextOf(req.headers))
    if (!kept.ok) return PROBLEM('providerReturn')
    res.appendHeader('set-cookie', keptFor(base, kept.value.id, UNSOLICITED_SECONDS))
    redirectTo(res, 303, `${base}${ROUTES.authorization}?${new URLSearchParams(kept.value.request)}`)
    return 'answered'
  }

  const toStep = ({ base }: PoolRuntime, res: ServerResponse, { id }: Flow, step: FlowStep): DoorAnswer => {
    redirectTo(res, 303, `${base}/flow/${id}/${step}`)
    return 'answered'
  }

  return {
    /**
     * `{base}/saml2/metadata`: the pool as a service provider, towards the provider of that `provider` name, or the first one.
     */
    async metadata({ pool }: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<DoorAnswer> {
      const asked = new URL(req.url ?? '', 'http://pool.invalid').searchParams.get('provider')
      const known = (await federation.providers.list(pool.id)).find(
        ({ name, settings }) => settings.kind === 'saml' && (asked === null || name === asked),
      )
      if (known?.settings.kind !== 'saml') return { problem: 'notFound', status: 404 }
      const { settings } = known
      const metadata = serviceProviderMetadata(await federation.serviceProvider(pool.id, settings), {
        signsRequests: settings.signRequests,
        nameIdFormat: settings.nameIdFormat === null ? null : NAME_ID_FORMATS[settings.nameIdFormat],
      })
      res.writeHead(200, {
        'content-type': 'application/samlmetadata+xml; charset=utf-8',
        'cache-control': 'public, max-age=300',
        'x-content-type-options': 'nosniff',
      })
      res.end(metadata)
      return 'answered'
    },

    /** `{base}/flow/{id}/provider?name=…`: off to the provider. */
    async leave(runtime: PoolRuntime, flowId: string, req: IncomingMessage, res: ServerResponse): Promise<DoorAnswer> {
      const held = await heldBy(runtime, flowId, req)
      if (held === null) return PROBLEM('expired')
      const { flow, client } = held
      const { pool, base } = runtime
      const provider = new URL(req.url ?? '', 'http://pool.invalid').searchParams.get('name') ?? ''
      const began = readCookie(req.headers.cookie, unsolicitedCookie)
      if (began !== undefined) {
        res.appendHeader('set-cookie', keptFor(base, '', 0))
        const entered = await enterUnsolicited(ports)({ ...asked(held, pool, req), provider, id: began })
        if (entered !== null) return toStep(runtime, res, flow, entered.kind === 'step' ? entered.step : 'done')
      }
      const answer = await leaveForProvider(ports)({ flow, pool, client, context: contextOf(req.headers), provider })
      if (answer.kind === 'step') return toStep(runtime, res, flow, answer.step)
      res.appendHeader('set-cookie', providerCookie(config, base, answer.provider))
      const { departure } = answer
      if (departure.kind === 'redirect') {
        redirectTo(res, 302, departure.url)
        return 'answered'
      }
      const nonce = newNonce()
      const frame = await pages.frame({ pool, base, client, locale: flow.state.locale, nonce })
      const { action, fields } = departure
      await pages.show({ kind: 'depart', frame, provider: answer.label, action, fields }, res, 200, nonce)
      return 'answered'
    },

    /**
     * `{base}/oauth2/idpresponse` and `{base}/saml2/idpresponse`: an answer for a journey. No cookie of a journey reaches these
     * addresses, and a post from elsewhere brings none at all: the answer waits in the journey's row for the browser that left.
     */
    async arrive(
      { pool, base }: PoolRuntime,
      path: string,
      req: IncomingMessage,
      res: ServerResponse,
    ): Promise<DoorAnswer> {
      const { search } = new URL(req.url ?? '', 'http://pool.invalid')
      const isPost = req.method === 'POST'
      const body = isPost ? await readForm(req, MOST_BYTES) : null
      if (body !== null && !body.ok) return PROBLEM('providerReturn')
      const parameters = single(formFields(body === null ? search.slice(1) : body.text))
      const callback: UpstreamCallback = {
        method: isPost ? 'POST' : 'GET',
        url: `${ports.links.base(pool.id)}${path}${isPost ? '' : search}`,
        parameters,
        now: ports.clock.now().getTime(),
      }
      const state = parameters.state ?? parameters.RelayState ?? ''
      if (path === CALLBACK_PATHS.saml && flowOfState(state) === null) return unasked(pool, base, callback, req, res)
      const kept = await keepArrival(ports)(pool.id, state, callback)
      if (!kept.ok) return PROBLEM('providerReturn')
      const { flowId, receipt } = kept.value
      redirectTo(res, 303, `${base}/flow/${flowId}/return?${new URLSearchParams({ receipt })}`)
      return 'answered'
    },

    /** `{base}/flow/{id}/return?receipt=…`: the browser that left, and brought the answer, fetches it. */
    async back(runtime: PoolRuntime, flowId: string, req: IncomingMessage, res: ServerResponse): Promise<DoorAnswer> {
      const held = await heldBy(runtime, flowId, req)
      if (held === null) return PROBLEM('providerReturn')
      const { flow } = held
      const receipt = new URL(req.url ?? '', 'http://pool.invalid').searchParams.get('receipt') ?? ''
      const answer = await returnFromProvider(ports)({ ...asked(held, runtime.pool, req), receipt })
      return toStep(runtime, res, flow, answer.kind === 'step' ? answer.step : 'done')
    },
  }
}
export type ProviderDoor = ReturnType<typeof providerDoor>

type ProviderPlace = Extract<
  Place,
  { kind: 'provider-departure' | 'provider-return' | 'provider-answer' | 'saml-metadata' }
>

export const passProvider = (
  door: ProviderDoor,
  runtime: PoolRuntime,
  place: ProviderPlace,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<DoorAnswer> => {
  if (place.kind === 'saml-metadata') return door.metadata(runtime, req, res)
  if (place.kind === 'provider-answer') return door.arrive(runtime, place.path, req, res)
  const pass = place.kind === 'provider-departure' ? door.leave : door.back
  return pass(runtime, place.flowId, req, res)
}
