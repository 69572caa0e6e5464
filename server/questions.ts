import type { AppClient } from '#core/clients/client-settings.ts'
import { answerByLink, type Form, field, questionBehind, type SignInQuestion } from '#core/flows/index.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import { agentOf, type FeedbackValue } from '#core/risk/index.ts'
import type { Locale } from '#core/shared/locales.ts'
import { placeName } from '#core/shared/place-name.ts'
import type { Failure } from '#core/shared/result.ts'
import { chosenLocale } from './cookies.ts'
import type { JourneyDeps, PageRequest, PostAnswer } from './journeys.ts'
import { chooseLocale } from './locale.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import { portalSignIn } from './oidc/portal-session.ts'
import { isSameOrigin } from './same-origin.ts'

type LinkRequest = Omit<PageRequest, 'flowId' | 'step'>

const ANSWERS: Readonly<Record<string, FeedbackValue>> = { yes: 'valid', no: 'invalid' }

const problemOf = ({ code }: Failure): string => (code === 'sign-in-answered' ? 'answered' : 'linkUnusable')

/** Frame, question and refusal of the page behind one link. The language chosen on a page outweighs the person's. */
const questionPages = (deps: JourneyDeps, runtime: PoolRuntime, request: LinkRequest, token: string) => {
  const { pages, clients, ports } = deps
  const { pool, base } = runtime

  const clientOf = async (clientId: string | null): Promise<AppClient | null> =>
    clientId === null ? null : ((await clients.find(pool.id, clientId))?.client ?? null)

  const frame = (client: AppClient | null, locale: Locale | null) =>
    pages.frame({
      pool,
      base,
      client,
      locale: chosenLocale(request.headers) ?? locale ?? chooseLocale({}, request.headers, pool.settings.defaultLocale),
      nonce: request.nonce,
      here: `${base}/wasThisYou?${new URLSearchParams({ token })}`,
    })

  return {
    async question({ signIn, locale }: SignInQuestion): Promise<PageModel> {
      const shown = await frame(await clientOf(signIn.clientId), locale)
      return {
        kind: 'sign-in-question',
        frame: shown,
        isBlocked: signIn.outcome === 'failure',
        at: signIn.createdAt.toISOString(),
        place: placeName(signIn.place, shown.locale),
        device: agentOf(signIn.userAgent),
        fields: { token },
      }
    },
    async answered({ signIn, locale }: SignInQuestion, value: FeedbackValue): Promise<PageModel> {
      return {
        kind: 'sign-in-answered',
        frame: await frame(await clientOf(signIn.clientId), locale),
        value,
        // Through the pool's own pages: not every app can be entered from outside.
        newPassword: portalSignIn(runtime, 'overview', 'new-password'),
      }
    },
    async refusal(problem: string, status: 400 | 403): Promise<{ model: PageModel; status: number }> {
      const reference = request.context.requestId
      return {
        model: pages.problem({ frame: await frame(null, null), status, problem, reference }, ports.clock.now()),
        status,
      }
    },
  }
}

/** The page a mail's question opens: two buttons, since mail scanners open links too. GET changes nothing. */
export const showQuestion = async (
  deps: JourneyDeps,
  request: LinkRequest & { token: string },
): Promise<{ model: PageModel; status: number } | null> => {
  const runtime = await deps.runtimes.get(request.poolId)
  if (runtime === null) return null
  const { question, refusal } = questionPages(deps, runtime, request, request.token)
  const asked = await questionBehind(deps.answering)(runtime.pool, request.token)
  if (!asked.ok) return refusal(problemOf(asked.failure), 400)
  return { model: await question(asked.value), status: 200 }
}

/** A button was pressed, in whatever browser. */
export const submitQuestion = async (
  deps: JourneyDeps,
  request: LinkRequest & { form: Form },
): Promise<PostAnswer | null> => {
  const { config, runtimes, answering } = deps
  const runtime = await runtimes.get(request.poolId)
  if (runtime === null) return null
  const token = field(request.form, 'token', 200)
  const { answered, refusal } = questionPages(deps, runtime, request, token)
  const refuse = async (problem: string, status: 400 | 403): Promise<PostAnswer> => ({
    kind: 'page',
    ...(await refusal(problem, status)),
  })
  if (!isSameOrigin(request.headers, config.PUBLIC_ORIGIN)) return refuse('unexpected', 403)
  const pressed = field(request.form, 'answer', 10)
  const value = Object.hasOwn(ANSWERS, pressed) ? ANSWERS[pressed] : undefined
  if (value === undefined) return refuse('badRequest', 400)
  const answer = await answerByLink(answering)({ pool: runtime.pool, token, value, context: request.context })
  if (!answer.ok) return refuse(problemOf(answer.failure), 400)
  return { kind: 'page', model: await answered(answer.value, value), status: 200 }
}
