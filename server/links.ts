import type { AppClient } from '#core/clients/client-settings.ts'
import { confirmByLink, type Form, field, linkTarget } from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import type { Locale } from '#core/shared/locales.ts'
import type { Failure } from '#core/shared/result.ts'
import { chosenLocale } from './cookies.ts'
import type { JourneyDeps, PageRequest, PostAnswer } from './journeys.ts'
import { chooseLocale } from './locale.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import { isSameOrigin } from './same-origin.ts'

type LinkRequest = Omit<PageRequest, 'flowId' | 'step'>

/** Pressed twice, or in two tabs: the first press counted, and that is good news. Whatever else is wrong is one page. */
const problemOf = ({ code }: Failure): string => (code === 'code-used' ? 'linkUsed' : 'linkUnusable')

/** Frame and refusal of every page a link leads to. The language chosen on a page outweighs the one of its journey. */
const linkPages = ({ ports, pages }: JourneyDeps, runtime: PoolRuntime, request: LinkRequest, token: string) => {
  const { pool, base } = runtime
  const frame = (client: AppClient | null, locale: Locale | null) =>
    pages.frame({
      pool,
      base,
      client,
      locale: chosenLocale(request.headers) ?? locale ?? chooseLocale({}, request.headers, pool.settings.defaultLocale),
      nonce: request.nonce,
      // Asked for again once it was used, the page says that it was used and that all is well.
      here: `${base}/confirmUser?${new URLSearchParams({ token })}`,
    })
  const refusal = async (problem: string, status: 400 | 403) => ({
    model: pages.problem(
      { frame: await frame(null, null), status, problem, reference: request.context.requestId },
      ports.clock.now(),
    ),
    status,
  })
  return { frame, refusal }
}

/** The page a mail's link opens: a button, since mail scanners open links too. GET changes nothing. */
export const showLink = async (
  deps: JourneyDeps,
  request: LinkRequest & { token: string },
): Promise<{ model: PageModel; status: number } | null> => {
  const runtime = await deps.runtimes.get(request.poolId)
  if (runtime === null) return null
  const { token } = request
  const { frame, refusal } = linkPages(deps, runtime, request, token)
  const target = await linkTarget(deps.ports)(runtime.pool, token)
  if (!target.ok) return refusal(problemOf(target.failure), 400)
  const { destination, locale } = target.value
  return {
    model: {
      kind: 'link',
      frame: await frame(null, locale),
      purpose: 'sign-up',
      destination,
      fields: { token },
      failure: null,
    },
    status: 200,
  }
}

/** The button was pressed: the address is proven, in whatever browser. The journey's own browser goes on from there. */
export const submitLink = async (
  deps: JourneyDeps,
  request: LinkRequest & { form: Form },
): Promise<PostAnswer | null> => {
  const { config, ports, runtimes, clients } = deps
  const runtime = await runtimes.get(request.poolId)
  if (runtime === null) return null
  const token = field(request.form, 'token', 200)
  const { frame, refusal } = linkPages(deps, runtime, request, token)
  const refuse = async (problem: string, status: 400 | 403): Promise<PostAnswer> => ({
    kind: 'page',
    ...(await refusal(problem, status)),
  })
  if (!isSameOrigin(request.headers, config.PUBLIC_ORIGIN)) return refuse('unexpected', 403)
  const answer = await confirmByLink(ports)({
    pool: runtime.pool,
    token,
    context: request.context,
    clientOf: async (clientId) => (await clients.find(runtime.pool.id, clientId))?.client ?? null,
  })
  if (!answer.ok) return refuse(problemOf(answer.failure), 400)
  const { client, locale } = answer.value
  return {
    kind: 'page',
    model: {
      kind: 'link-done',
      frame: await frame(client, locale),
      purpose: 'sign-up',
      signIn: client?.settings.initiateLoginUrl ?? null,
    },
    status: 200,
  }
}
