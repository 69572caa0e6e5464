import { type Form, field, recoveryBehind, stopByLink } from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { destinationOf, maskAddress } from '#core/users/index.ts'
import type { User } from '#core/users/ports.ts'
import { chosenLocale } from './cookies.ts'
import type { JourneyDeps, PageRequest, PostAnswer } from './journeys.ts'
import { chooseLocale } from './locale.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import { isSameOrigin } from './same-origin.ts'

type LinkRequest = Omit<PageRequest, 'flowId' | 'step'>

const PATH = '/factorRecovery'

const frameOf = ({ pages }: JourneyDeps, { pool, base }: PoolRuntime, request: LinkRequest, token: string) =>
  pages.frame({
    pool,
    base,
    client: null,
    locale: chosenLocale(request.headers) ?? chooseLocale({}, request.headers, pool.settings.defaultLocale),
    nonce: request.nonce,
    here: `${base}${PATH}?${new URLSearchParams({ token })}`,
  })

const refusal = async (
  deps: JourneyDeps,
  runtime: PoolRuntime,
  request: LinkRequest,
  token: string,
  { problem, status }: { problem: string; status: 400 | 403 },
): Promise<{ model: PageModel; status: number }> => ({
  model: deps.pages.problem(
    { frame: await frameOf(deps, runtime, request, token), status, problem, reference: request.context.requestId },
    deps.ports.clock.now(),
  ),
  status,
})

const maskedAddress = (user: User | null): string => {
  const to = user === null ? null : destinationOf(user.attributes, 'proven-first')
  return to === null ? '' : maskAddress(to.address)
}

/** The page that stops the replacement of a lost factor: a button, since mail scanners open links too. GET changes nothing. */
export const showRecoveryLink = async (
  deps: JourneyDeps,
  request: LinkRequest & { token: string },
): Promise<{ model: PageModel; status: number } | null> => {
  const runtime = await deps.runtimes.get(request.poolId)
  if (runtime === null) return null
  const { token } = request
  const target = await recoveryBehind(deps.ports)(runtime.pool, token)
  if (!target.ok) return refusal(deps, runtime, request, token, { problem: 'linkUnusable', status: 400 })
  return {
    model: {
      kind: 'link',
      frame: await frameOf(deps, runtime, request, token),
      purpose: 'factor-recovery',
      destination: maskedAddress(target.value.user),
      fields: { token },
      failure: null,
    },
    status: 200,
  }
}

/** The button was pressed, in whatever browser: the token is all that is asked for, and stopping is all that it does. */
export const submitRecoveryLink = async (
  deps: JourneyDeps,
  request: LinkRequest & { form: Form },
): Promise<PostAnswer | null> => {
  const runtime = await deps.runtimes.get(request.poolId)
  if (runtime === null) return null
  const token = field(request.form, 'token', 200)
  const refuse = async (what: { problem: string; status: 400 | 403 }): Promise<PostAnswer> => ({
    kind: 'page',
    ...(await refusal(deps, runtime, request, token, what)),
  })
  if (!isSameOrigin(request.headers, deps.config.PUBLIC_ORIGIN)) return refuse({ problem: 'unexpected', status: 403 })
  const stopped = await stopByLink(deps.ports)(runtime.pool, token, request.context)
  if (!stopped.ok) return refuse({ problem: 'linkUnusable', status: 400 })
  return {
    kind: 'page',
    model: {
      kind: 'link-done',
      frame: await frameOf(deps, runtime, request, token),
      purpose: 'factor-recovery',
      signIn: null,
    },
    status: 200,
  }
}
