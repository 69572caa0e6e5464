import type { IncomingHttpHeaders } from 'node:http'
import type { AppClient } from '#core/clients/client-settings.ts'
import { labelOf } from '#core/federation/index.ts'
import type { FlowPage } from '#core/flows/flow-view.ts'
import {
  departurePath,
  type Flow,
  type FlowStep,
  type Form,
  holdsFlow,
  passkeyView,
  pendingViews,
  showStep,
  stepToShow,
  submitStep,
} from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { bestLocale, type Locale } from '#core/shared/locales.ts'
import { chosenLocale, flowCookieName, languageCookie, lastProvider, readCookie } from './cookies.ts'
import { chooseLocale } from './locale.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import type { JourneyDeps, PageRequest } from './page-request.ts'
import { signInQuestion } from './questions.ts'
import { recoveryLink } from './recovery-links.ts'
import { isSameOrigin } from './same-origin.ts'
import { showSignInLink } from './sign-in-links.ts'
import { signUpLink } from './sign-up-links.ts'

type LinkRequest = Omit<PageRequest, 'flowId' | 'step'> & { token: string }
type LinkPost = Omit<PageRequest, 'flowId' | 'step'> & { form: Form }

export type PostAnswer =
  | { kind: 'redirect'; to: string; cookie?: string }
  | { kind: 'page'; model: PageModel; status: number }

interface Found {
  runtime: PoolRuntime
  client: AppClient
  flow: Flow
}

/** The journeys as the hosted pages call them. Published to the pages' module world: plain data in, plain data out. */
export const journeys = (deps: JourneyDeps) => {
  const { config, ports, runtimes, clients, pages } = deps

  const problem = async (
    runtime: PoolRuntime,
    { flowId, step, headers, context, nonce }: PageRequest,
    what: { problem: string; status: 400 | 403 | 404; client?: AppClient | null; locale?: Locale | undefined },
  ): Promise<Extract<PageModel, { kind: 'problem' }>> => {
    const client = what.client ?? null
    // What was chosen on this very page outweighs what the journey began with.
    const locale =
      chosenLocale(headers) ?? what.locale ?? chooseLocale({}, headers, runtime.pool.settings.defaultLocale)
    const { pool, base } = runtime
    const here = `${base}/flow/${flowId}${step === null ? '' : `/${step}`}`
    const frame = await pages.frame({ pool, base, client, locale, nonce, here })
    const again = client?.settings.initiateLoginUrl ?? client?.settings.logoutUrls[0]
    return pages.problem(
      {
        frame,
        status: what.status,
        problem: what.problem,
        reference: context.requestId,
        next: again === undefined ? null : { href: again, label: 'startAgain' },
      },
      ports.clock.now(),
    ) as Extract<PageModel, { kind: 'problem' }>
  }

  /** The journey, if this browser began it and it has not expired. */
  const find = async (
    request: PageRequest,
    toStrangers: string = strangersProblem(request.headers),
  ): Promise<Found | { refused: PageModel & { kind: 'problem' } } | null> => {
    const runtime = await runtimes.get(request.poolId)
    if (runtime === null) return null
    const flow = await ports.flows.find(request.poolId, request.flowId)
    const secret = readCookie(request.headers.cookie, flowCookieName(config))
    const isOurs = flow !== null && holdsFlow(ports.hashes, flow, secret)
    const found = flow === null ? null : await clients.find(request.poolId, flow.clientId)
    // A journey that is over and one that never was look the same.
    const isOver = flow === null || found === null || flow.expiresAt <= ports.clock.now().getTime()
    if (isOver || !isOurs) {
      const what = isOver ? 'expired' : toStrangers
      return {
        refused: await problem(runtime, request, {
          problem: what,
          status: 400,
          client: found?.client ?? null,
          locale: flow?.state.locale,
        }),
      }
    }
    return { runtime, client: found.client, flow }
  }

  const addressOf = (runtime: PoolRuntime, flowId: string, step: FlowStep): string =>
    `${runtime.base}/flow/${flowId}/${step}`

  const leave = async (
    { runtime, client, flow }: Found,
    nonce: string,
    href = `${runtime.base}/flow/${flow.id}/complete`,
  ): Promise<Extract<PageModel, { kind: 'leave' }>> => ({
    kind: 'leave',
    frame: await pages.frame({ pool: runtime.pool, base: runtime.base, client, locale: flow.state.locale, nonce }),
    href,
  })

  return {
    /** Null: no such pool. */
    async page(request: PageRequest): Promise<FlowPage | { kind: 'page'; model: PageModel } | null> {
      const found = await find(request)
      if (found === null) return null
      if ('refused' in found) return { kind: 'problem', problem: found.refused.problem }
      const { runtime, client, flow } = found
      // The app chose the provider: nothing is to be asked before leaving for it.
      const { provider } = flow.state.request
      if (request.step === null && provider !== null && flow.version === 1)
        return { kind: 'redirect', to: departurePath(runtime.base, flow.id, provider) }
      const step = stepToShow(flow, request.step ?? flow.step)
      if (step !== request.step) return { kind: 'redirect', to: addressOf(runtime, flow.id, step) }
      if (step === 'done') return { kind: 'page', model: await leave(found, request.nonce) }
      const { proof, challenge, account } = flow.state
      const sub = proof?.sub ?? challenge?.sub ?? account?.sub
      const person = sub === undefined ? null : await ports.users.findBySub(request.poolId, sub)
      const frame = await pages.frame({
        pool: runtime.pool,
        base: runtime.base,
        client,
        locale: flow.state.locale,
        nonce: request.nonce,
      })
      const scopeDescriptions = Object.fromEntries(
        runtime.resourceServers.flatMap((server) =>
          server.scopes.map((scope) => [`${server.identifier}/${scope.name}`, scope.description]),
        ),
      )
      return {
        kind: 'show',
        view: showStep(ports.hashes, {
          flow,
          pool: runtime.pool,
          client,
          step,
          frame,
          person: person?.user ?? null,
          scopeDescriptions,
          ...(await pendingViews(ports, {
            flow,
            pool: runtime.pool,
            client,
            person: person?.user ?? null,
            appName: frame.appName,
          })),
          passkey: await passkeyView(ports, { flow, pool: runtime.pool, client, step, person: person?.user ?? null }),
          now: ports.clock.now(),
          providers: await ports.federation.providers.list(request.poolId),
          lastProvider: lastProvider(request.headers),
        }),
      }
    },

    async submit(request: PageRequest & { step: FlowStep; form: Form }): Promise<PostAnswer | null> {
      // A link of a mail may be opened anywhere; the mail has a code for the browser that began.
      const found = await find(request, request.form._intent === 'link' ? 'linkElsewhere' : undefined)
      if (found === null) return null
      if ('refused' in found) return { kind: 'page', model: found.refused, status: found.refused.problem.status }
      // Two locks: the cookie is SameSite=Lax, and a post that says it comes from elsewhere is not taken.
      if (!isSameOrigin(request.headers, config.PUBLIC_ORIGIN)) {
        const model = await problem(found.runtime, request, {
          problem: 'unexpected',
          status: 403,
          client: found.client,
        })
        return { kind: 'page', model, status: 403 }
      }
      const { runtime, client, flow } = found
      const answer = await submitStep(ports)({
        flow,
        pool: runtime.pool,
        client,
        step: request.step,
        form: request.form,
        context: request.context,
        idleSeconds: config.FLOW_TTL_SECONDS,
      })
      if (answer.kind === 'done') return { kind: 'page', model: await leave(found, request.nonce), status: 200 }
      if (answer.kind === 'leave') {
        const href = departurePath(runtime.base, flow.id, answer.provider)
        const provider = await ports.federation.providers.find(request.poolId, answer.provider)
        const to = provider === null ? answer.provider : labelOf(provider)
        return {
          kind: 'page',
          model: { ...(await leave(found, request.nonce, href)), to },
          status: 200,
        }
      }
      const to = addressOf(runtime, flow.id, answer.step)
      if (request.form._intent !== 'language') return { kind: 'redirect', to }
      const locale = bestLocale([String(request.form.lang)]) ?? flow.state.locale
      return { kind: 'redirect', to, cookie: languageCookie(config, runtime.base, locale) }
    },

    showSignInLink: (request: LinkRequest) => showSignInLink(deps, request),
    showLink: (request: LinkRequest) => signUpLink.show(deps, request),
    submitLink: (request: LinkPost) => signUpLink.submit(deps, request),
    showQuestion: (request: LinkRequest) => signInQuestion.show(deps, request),
    submitQuestion: (request: LinkPost) => signInQuestion.submit(deps, request),
    showRecoveryLink: (request: LinkRequest) => recoveryLink.show(deps, request),
    submitRecoveryLink: (request: LinkPost) => recoveryLink.submit(deps, request),
  }
}
export type Journeys = ReturnType<typeof journeys>

/**
 * Why a browser does not hold a live journey's cookie: it was led here and kept none, or somebody opened an address that
 * began elsewhere (Fetch Metadata §2.4: `none` is what a person typed or pasted).
 */
const strangersProblem = ({ cookie, 'sec-fetch-site': site }: IncomingHttpHeaders): 'cookies' | 'otherBrowser' =>
  cookie === undefined && site !== 'none' ? 'cookies' : 'otherBrowser'
