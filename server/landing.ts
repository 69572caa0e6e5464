import type { AppClient } from '#core/clients/client-settings.ts'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { type Form, field } from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import type { Locale } from '#core/shared/locales.ts'
import { chosenLocale } from './cookies.ts'
import { chooseLocale } from './locale.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import type { JourneyDeps, PageRequest } from './page-request.ts'
import { isSameOrigin } from './same-origin.ts'

type LandingRequest = Omit<PageRequest, 'flowId' | 'step'>

export interface Shown {
  model: PageModel
  status: number
}

/** Where the link of a message has led. */
export interface Landed {
  runtime: PoolRuntime
  token: string
  request: LandingRequest
  frame(client?: AppClient | null, locale?: Locale | null): Promise<PageFrame>
  refuse(problem: string, status?: 400 | 403): Promise<Shown>
}

/** Longest token of a form that is read at all; ours have 43 characters. */
const LONGEST_TOKEN = 200

const land = (
  { ports, pages }: JourneyDeps,
  runtime: PoolRuntime,
  path: string,
  request: LandingRequest,
  token: string,
): Landed => {
  const { pool, base } = runtime
  const { headers, nonce, context } = request
  const frame: Landed['frame'] = (client = null, locale = null) =>
    pages.frame({
      pool,
      base,
      client,
      // What was chosen on a page outweighs what the link knows of its reader.
      locale: chosenLocale(headers) ?? locale ?? chooseLocale({}, headers, pool.settings.defaultLocale),
      nonce,
      // Asked for again in another language once it was used, the page says that it was used.
      here: `${base}${path}?${new URLSearchParams({ token })}`,
    })
  const refuse: Landed['refuse'] = async (problem, status = 400) => ({
    model: pages.problem({ frame: await frame(), status, problem, reference: context.requestId }, ports.clock.now()),
    status,
  })
  return { runtime, token, request, frame, refuse }
}

/**
 * The two halves of a page that a message's link opens, in whatever browser: GET changes nothing and shows a button, since
 * mail scanners open links too; the post of that button, from our own page alone, does what the link is for. Null: no such
 * pool.
 */
export const landing = (
  path: `/${string}`,
  {
    show,
    press,
  }: {
    show(deps: JourneyDeps, landed: Landed): Promise<Shown>
    press(deps: JourneyDeps, landed: Landed, form: Form): Promise<Shown>
  },
) => ({
  async show(deps: JourneyDeps, request: LandingRequest & { token: string }): Promise<Shown | null> {
    const runtime = await deps.runtimes.get(request.poolId)
    return runtime === null ? null : show(deps, land(deps, runtime, path, request, request.token))
  },
  async submit(deps: JourneyDeps, request: LandingRequest & { form: Form }): Promise<Shown | null> {
    const runtime = await deps.runtimes.get(request.poolId)
    if (runtime === null) return null
    const landed = land(deps, runtime, path, request, field(request.form, 'token', LONGEST_TOKEN))
    const isOurs = isSameOrigin(request.headers, deps.config.PUBLIC_ORIGIN)
    return isOurs ? press(deps, landed, request.form) : landed.refuse('unexpected', 403)
  },
})
