import type { Form } from '#core/flows/index.ts'
import { confirmByLink, linkTarget } from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import type { Failure } from '#core/shared/result.ts'
import { chosenLocale } from './cookies.ts'
import { isSameOrigin, type JourneyDeps, type PageRequest, type PostAnswer } from './journeys.ts'
import { chooseLocale } from './oidc/open-journey.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'

type LinkRequest = Omit<PageRequest, 'flowId' | 'step'>

const field = (form: Form, name: string): string => {
  const value = form[name]
  return (typeof value === 'string' ? value : (value?.[0] ?? '')).slice(0, 200)
}

/** Pressed twice, or in two tabs: the first press counted, and that is good news. Whatever else is wrong is one page. */
const problemOf = ({ code }: Failure): string => (code === 'code-used' ? 'linkUsed' : 'linkUnusable')

/** Asked for again once it was used, the page says that it was used and that all is well. */
const linkAddress = ({ base }: PoolRuntime, token: string): string =>
  `${base}/confirmUser?${new URLSearchParams({ token })}`

/** The page a mail's link opens: a button, since mail scanners open links too. GET changes nothing. */
export const showLink = async (
  { ports, runtimes, pages }: JourneyDeps,
  request: LinkRequest & { token: string },
): Promise<{ model: PageModel; status: number } | null> => {
  const runtime = await runtimes.get(request.poolId)
  if (runtime === null) return null
  const target = await linkTarget(ports)(runtime.pool, request.token)
  const locale =
    chosenLocale(request.headers) ??
    (target.ok ? target.value.locale : chooseLocale({}, request.headers, runtime.pool.settings.defaultLocale))
  const frame = await pages.frame({
    pool: runtime.pool,
    base: runtime.base,
    client: null,
    locale,
    nonce: request.nonce,
    here: linkAddress(runtime, request.token),
  })
  if (!target.ok) {
    return {
      model: pages.problem(
        { frame, status: 400, problem: problemOf(target.failure), reference: request.context.requestId },
        ports.clock.now(),
      ),
      status: 400,
    }
  }
  return {
    model: {
      kind: 'link',
      frame,
      purpose: 'sign-up',
      destination: target.value.destination,
      fields: { token: request.token },
      failure: null,
    },
    status: 200,
  }
}

/** The button was pressed: the address is proven, in whatever browser. The journey's own browser goes on from there. */
export const submitLink = async (
  { config, ports, runtimes, clients, pages }: JourneyDeps,
  request: LinkRequest & { form: Form },
): Promise<PostAnswer | null> => {
  const runtime = await runtimes.get(request.poolId)
  if (runtime === null) return null
  const locale = chooseLocale({}, request.headers, runtime.pool.settings.defaultLocale)
  const frame = await pages.frame({
    pool: runtime.pool,
    base: runtime.base,
    client: null,
    locale,
    nonce: request.nonce,
    here: linkAddress(runtime, field(request.form, 'token')),
  })
  const refuse = (problem: string, status: 400 | 403): PostAnswer => ({
    kind: 'page',
    model: pages.problem({ frame, status, problem, reference: request.context.requestId }, ports.clock.now()),
    status,
  })
  if (!isSameOrigin(request.headers, config.PUBLIC_ORIGIN)) return refuse('unexpected', 403)
  const answer = await confirmByLink(ports)({
    pool: runtime.pool,
    token: field(request.form, 'token'),
    context: request.context,
    clientOf: async (clientId) => (await clients.find(runtime.pool.id, clientId))?.client ?? null,
  })
  if (!answer.ok) return refuse(problemOf(answer.failure), 400)
  const client = answer.value.client
  const withClient = await pages.frame({
    pool: runtime.pool,
    base: runtime.base,
    client,
    locale: chosenLocale(request.headers) ?? answer.value.locale,
    nonce: request.nonce,
    here: linkAddress(runtime, field(request.form, 'token')),
  })
  return {
    kind: 'page',
    model: {
      kind: 'link-done',
      frame: withClient,
      purpose: 'sign-up',
      signIn: client?.settings.initiateLoginUrl ?? null,
    },
    status: 200,
  }
}
