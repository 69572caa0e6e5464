import { signInLink } from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { chosenLocale } from './cookies.ts'
import { chooseLocale } from './locale.ts'
import type { JourneyDeps, PageRequest } from './page-request.ts'

/** What is said of a link that leads nowhere any more. */
const PROBLEMS = { used: 'signInLinkUsed', expired: 'signInLinkExpired', unusable: 'linkUnusable' } as const

/**
 * The page a sign-in mail's link opens, in whatever browser. GET uses nothing up; the button posts to the journey, which
 * knows its own browser by the cookie. A link that is spent leads back to the journey's page, where another is to be had.
 */
export const showSignInLink = async (
  { ports, runtimes, clients, pages }: JourneyDeps,
  request: Omit<PageRequest, 'flowId' | 'step'> & { token: string },
): Promise<{ model: PageModel; status: number } | null> => {
  const runtime = await runtimes.get(request.poolId)
  if (runtime === null) return null
  const { pool, base } = runtime
  const { token, headers, nonce } = request
  const link = await signInLink(ports)(pool, token)
  const { flow } = link
  const client = flow === null ? null : ((await clients.find(pool.id, flow.clientId))?.client ?? null)
  const locale = chosenLocale(headers) ?? flow?.state.locale ?? chooseLocale({}, headers, pool.settings.defaultLocale)
  const here = `${base}/signInLink?${new URLSearchParams({ token })}`
  const frame = await pages.frame({ pool, base, client, locale, nonce, here })
  const action = flow === null ? null : `${base}/flow/${flow.id}/sign-in-code`
  if (link.kind !== 'live' || action === null) {
    const problem = {
      frame,
      status: 400 as const,
      problem: link.kind === 'live' ? PROBLEMS.unusable : PROBLEMS[link.kind],
      reference: request.context.requestId,
      next: action === null ? null : { href: action, label: 'anotherLink' as const },
    }
    return { model: pages.problem(problem, ports.clock.now()), status: 400 }
  }
  return {
    model: {
      kind: 'sign-in-link',
      frame,
      destination: link.destination,
      device: link.flow.state.firstCode?.device ?? null,
      action,
      fields: { _step: link.stepToken, _intent: 'link', token },
    },
    status: 200,
  }
}
