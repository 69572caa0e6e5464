import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { AccountPlace } from '#core/account/index.ts'
import { ADDRESS_HEADER, REQUEST_ID_HEADER } from '#core/shared/request-context.ts'
import { startsFlow } from './aliases.ts'
import type { Config } from './config.ts'
import { type ProviderDoor, passProvider } from './federation/provider-door.ts'
import type { UpstreamLogout } from './federation/upstream-logout.ts'
import { bodyRefusal, NUL } from './form-body.ts'
import { locate, type Place, type SamlIdpPart } from './locate.ts'
import { answerOidc } from './oidc/answer.ts'
import type { Completion } from './oidc/complete-journey.ts'
import { sendDocument } from './oidc/discovery.ts'
import type { PoolRuntime, PoolRuntimes } from './oidc/pool-runtimes.ts'
import type { HostedPages } from './pages.ts'
import { sendPasskeyEndpoints } from './passkey-endpoints.ts'
import { trouble } from './trouble.ts'

type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

export interface Rooms {
  config: Config
  log: Logger
  runtimes: PoolRuntimes
  pages: HostedPages
  /** Next: hosted pages with a route. */
  next: Handler
  complete(runtime: PoolRuntime, flowId: string, req: IncomingMessage, res: ServerResponse): Promise<Completion>
  /** False: not a form of ours; nothing was answered. */
  chooseLanguage(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse): Promise<boolean>
  providers: ProviderDoor
  upstreamLogout: UpstreamLogout
  /** The signed-in person's own account. */
  account(runtime: PoolRuntime, place: AccountPlace, req: IncomingMessage, res: ServerResponse): Promise<void>
  samlIdp(runtime: PoolRuntime, part: SamlIdpPart, req: IncomingMessage, res: ServerResponse): Promise<void>
  signOut(runtime: PoolRuntime, rest: string, req: IncomingMessage, res: ServerResponse): Promise<void>
  files: {
    asset(name: string, req: IncomingMessage, res: ServerResponse): void
    image(runtime: PoolRuntime, name: string, res: ServerResponse): Promise<void>
    theme(runtime: PoolRuntime, clientId: string, hash: string, res: ServerResponse): Promise<void>
  }
  inbox: Handler | null
  preview: boolean
  /** A page for what has no journey: 404, expired, trouble. */
  showProblem(
    runtime: PoolRuntime | null,
    problem: { problem: string; status: 400 | 403 | 404 },
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void>
  newRequestId(): string
  addressOf(req: IncomingMessage): string | null
  onAnswered?(place: Place['kind'], poolId: string | null, status: number, seconds: number): void
}

/** Methods each kind of place answers; HEAD goes where GET goes. */
const METHODS: Partial<Record<Place['kind'], readonly string[]>> = {
  alias: ['GET', 'HEAD'],
  link: ['GET', 'HEAD', 'POST'],
  'recovery-link': ['GET', 'HEAD', 'POST'],
  'question-link': ['GET', 'HEAD', 'POST'],
  'sign-in-link': ['GET', 'HEAD'],
  'recovery-codes': ['GET', 'HEAD'],
  flow: ['GET', 'HEAD', 'POST'],
  'flow-complete': ['GET', 'HEAD'],
  'provider-departure': ['GET'],
  'provider-return': ['GET'],
  'provider-answer': ['GET', 'POST'],
  'provider-logout': ['GET', 'POST'],
  'saml-metadata': ['GET', 'HEAD'],
  language: ['POST'],
  account: ['GET', 'HEAD', 'POST'],
  logout: ['GET', 'HEAD', 'POST'],
  'saml-idp': ['GET', 'POST'],
  theme: ['GET', 'HEAD'],
  image: ['GET', 'HEAD'],
  asset: ['GET', 'HEAD'],
  inbox: ['GET', 'HEAD'],
  preview: ['GET', 'HEAD'],
}

const refuse = (res: ServerResponse, status: number, headers: Record<string, string> = {}): void => {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  res.end(`${status}\n`)
}

/** Headers of ours on the way in are ours alone: whatever a caller sent under these names is gone. */
const announce = (req: IncomingMessage, requestId: string, address: string | null, isSecure: boolean): void => {
  for (const name of Object.keys(req.headers))
    if (/^x-(?:portico|forwarded|middleware|nextjs)-|^(?:forwarded|rsc)$|^next-/.test(name)) delete req.headers[name]
  if (isSecure) req.headers['x-forwarded-proto'] = 'https'
  req.headers[REQUEST_ID_HEADER] = requestId
  if (address !== null) req.headers[ADDRESS_HEADER] = address
}

/** Next varies its answers by headers of its own router, which these pages do not have; they vary by language and cookie. */
const correctVary = (res: ServerResponse): void => {
  const writeHead = res.writeHead.bind(res)
  res.writeHead = ((...given: Parameters<typeof writeHead>) => {
    res.setHeader('vary', 'Accept-Language, Cookie')
    return writeHead(...given)
  }) as typeof res.writeHead
}

/** The whole URL space on one screen: host, place, method, then who answers. */
export const frontDoor = (rooms: Rooms): Handler => {
  const { config, runtimes, files, log } = rooms
  const forced = config.isSecure ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}

  const inPool = async (
    place: Exclude<Place, { kind: 'nowhere' | 'passkey-endpoints' | 'asset' | 'inbox' | 'preview' }>,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> => {
    const runtime = await runtimes.get(place.poolId)
    if (runtime === null) return rooms.showProblem(null, { problem: 'notFound', status: 404 }, req, res)
    switch (place.kind) {
      case 'discovery':
        return sendDocument(req, res, runtime.discovery)
      case 'jwks':
        return sendDocument(req, res, runtime.jwks)
      case 'oidc':
        return answerOidc(runtime, place.rest, req, res)
      case 'logout':
        return rooms.signOut(runtime, place.rest, req, res)
      case 'saml-idp': {
        const methods = place.part === 'sso' || place.part === 'slo' ? ['GET', 'POST'] : ['GET']
        if (!methods.includes(req.method ?? '')) return refuse(res, 405, { allow: methods.join(', ') })
        return rooms.samlIdp(runtime, place.part, req, res)
      }
      case 'account': {
        const refusal = req.method === 'POST' ? bodyRefusal(req) : null
        if (refusal !== null) return refuse(res, refusal, { connection: 'close' })
        return rooms.account(runtime, place.place, req, res)
      }
      case 'language':
        return (await rooms.chooseLanguage(runtime, req, res))
          ? undefined
          : rooms.showProblem(runtime, { problem: 'badRequest', status: 400 }, req, res)
      case 'alias':
        return startsFlow(runtime, place.screen, req, res)
      case 'theme':
        return files.theme(runtime, place.clientId, place.hash, res)
      case 'image':
        return files.image(runtime, place.name, res)
      case 'provider-logout': {
        const answer = await rooms.upstreamLogout.answer(runtime, place.path, req, res)
        return answer === 'answered' ? undefined : rooms.showProblem(runtime, answer, req, res)
      }
      case 'provider-departure':
      case 'provider-return':
      case 'provider-answer':
      case 'saml-metadata': {
        const answer = await passProvider(rooms.providers, runtime, place, req, res)
        return answer === 'answered' ? undefined : rooms.showProblem(runtime, answer, req, res)
      }
      case 'flow-complete': {
        const completion = await rooms.complete(runtime, place.flowId, req, res)
        if (completion === 'expired') return rooms.showProblem(runtime, { problem: 'expired', status: 400 }, req, res)
        if (completion === 'not-done')
          res.writeHead(303, { location: `${runtime.base}/flow/${place.flowId}`, 'cache-control': 'no-store' }).end()
        return
      }
      case 'flow':
      case 'link':
      case 'recovery-link':
      case 'question-link':
      case 'sign-in-link':
      case 'recovery-codes': {
        const refusal = req.method === 'POST' ? bodyRefusal(req) : null
        if (refusal !== null) return refuse(res, refusal, { connection: 'close' })
        if (req.method === 'POST' && place.kind === 'flow' && place.step === null)
          return refuse(res, 405, { allow: 'GET, HEAD' })
        correctVary(res)
        return rooms.next(req, res)
      }
    }
  }

  const answer = async (place: Place, req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const methods = METHODS[place.kind]
    if (methods !== undefined && !methods.includes(req.method ?? ''))
      return refuse(res, 405, { allow: methods.join(', ') })
    switch (place.kind) {
      case 'nowhere': {
        const runtime = place.poolId === null ? null : await runtimes.get(place.poolId)
        return rooms.showProblem(runtime, { problem: 'notFound', status: 404 }, req, res)
      }
      case 'passkey-endpoints': {
        const runtime = place.poolId === null ? null : await runtimes.get(place.poolId)
        return sendPasskeyEndpoints(runtime, req, res)
      }
      case 'asset':
        return files.asset(place.name, req, res)
      case 'inbox':
        return rooms.inbox === null
          ? rooms.showProblem(null, { problem: 'notFound', status: 404 }, req, res)
          : rooms.inbox(req, res)
      case 'preview':
        return rooms.preview
          ? rooms.next(req, res)
          : rooms.showProblem(null, { problem: 'notFound', status: 404 }, req, res)
      default:
        return inPool(place, req, res)
    }
  }

  return async (req, res) => {
    const started = process.hrtime.bigint()
    const requestId = rooms.newRequestId()
    res.setHeader('x-request-id', requestId)
    // Nothing of ours is made from the Host header, and nothing is answered under another name than ours.
    if ((req.headers.host ?? '').toLowerCase() !== config.publicHost) return refuse(res, 421)
    // RFC 9112 §3.2: of two hosts a proxy before us may have read the other.
    if ((req.headersDistinct.host?.length ?? 0) > 1 || NUL.test(req.url ?? '')) return refuse(res, 400)
    for (const [name, value] of Object.entries(forced)) res.setHeader(name, value)
    announce(req, requestId, rooms.addressOf(req), config.isSecure)
    const place = locate(req.url ?? '/')
    res.once('finish', () => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      const poolId = 'poolId' in place ? place.poolId : null
      rooms.onAnswered?.(place.kind, poolId, res.statusCode, seconds)
      // The path without its query: codes, hints and addresses of people travel in queries.
      log.info(
        {
          requestId,
          method: req.method,
          place: place.kind,
          poolId,
          status: res.statusCode,
          ms: Math.round(seconds * 1000),
        },
        'answered',
      )
    })
    try {
      await answer(place, req, res)
    } catch (error) {
      const { status, because } = trouble(error)
      log.error(
        {
          requestId,
          err: error instanceof Error ? { name: error.name, message: because, stack: error.stack } : because,
        },
        'could not answer',
      )
      rooms.pages.sendFallback(res, status, requestId)
    }
  }
}
