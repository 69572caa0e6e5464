import type { IncomingMessage, ServerResponse } from 'node:http'
import { languageCookie } from '../cookies.ts'
import { addressOfPage } from '../language.ts'
import { chooseLocale } from '../locale.ts'
import { newNonce } from '../pages.ts'
import type { PoolRuntime } from './pool-runtimes.ts'
import type { SignOutDeps } from './sign-out.ts'

type Asked = { lang?: unknown; ui_locales?: unknown }

/** What came of the question, each at an address of its own: a page that answered a post could not be asked for again. */
export const OUTCOMES = {
  signedOut: '/logout/success',
  signedOutEverywhere: '/logout/everywhere',
  /** All devices were asked for, by somebody whose session was over by then: nobody is known to sign out. */
  onlyHere: '/logout/only-here',
  stayed: '/logout/stayed',
} as const

/** The pages of sign-out, in the pool's look. */
export const signOutPages = ({ deps, pages }: Pick<SignOutDeps, 'deps' | 'pages'>) => {
  const frameFor = async (
    { pool, base }: PoolRuntime,
    req: IncomingMessage,
    {
      clientId = null,
      asked = {},
      here = null,
    }: { clientId?: string | null; asked?: Asked; here?: string | null } = {},
  ) => {
    const nonce = newNonce()
    const client = clientId === null ? null : ((await deps.clients.find(pool.id, clientId))?.client ?? null)
    const locale = chooseLocale(asked, req.headers, pool.settings.defaultLocale)
    return { nonce, frame: await pages.frame({ pool, base, client, locale, nonce, here }) }
  }

  const showProblem = async (
    runtime: PoolRuntime,
    req: IncomingMessage,
    res: ServerResponse,
    what: { problem: string; answer: 200 | 400; here: string | null; details?: Record<string, string> | null },
  ): Promise<void> => {
    const { frame, nonce } = await frameFor(runtime, req, { here: what.here })
    const { problem, details = null } = what
    const reference = deps.contextOf(req).requestId
    const model = pages.problem({ frame, status: 400, problem, reference, details }, deps.clock.now())
    return pages.show(model, res, what.answer, nonce)
  }

  return {
    /** "Sign out of {pool}?" Its form carries `sealed`: where to go afterwards, and whose session it is about. */
    async question(
      runtime: PoolRuntime,
      req: IncomingMessage,
      res: ServerResponse,
      { sealed, clientId, asked = {}, everywhere = false }: SignOutQuestion,
    ): Promise<void> {
      const { frame, nonce } = await frameFor(runtime, req, { clientId, asked })
      const action = `${runtime.base}/logout/confirm`
      await pages.show({ kind: 'sign-out', frame, action, fields: { sign_out: sealed }, everywhere }, res, 200, nonce)
    },

    /** The same question in the language chosen on it. */
    async translated(
      runtime: PoolRuntime,
      req: IncomingMessage,
      res: ServerResponse,
      { lang, ...question }: Omit<SignOutQuestion, 'asked'> & { lang: string },
    ): Promise<void> {
      const locale = chooseLocale({ lang }, req.headers, runtime.pool.settings.defaultLocale)
      res.appendHeader('set-cookie', languageCookie(deps.config, runtime.base, locale))
      return this.question(runtime, req, res, { ...question, asked: { lang: locale } })
    },

    /** A form's answer may not redirect to another origin under form-action 'self': a page that leaves does. */
    async leave(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse, to: string, clientId: string | null) {
      const { frame, nonce } = await frameFor(runtime, req, { clientId })
      await pages.show({ kind: 'leave', frame, href: to }, res, 200, nonce)
    },

    async refusal(runtime: PoolRuntime, req: IncomingMessage, res: ServerResponse, reason: string): Promise<void> {
      const details = runtime.pool.settings.production ? null : { error: 'invalid_request', error_description: reason }
      // What was posted is gone: whoever changes the language there is asked anew.
      const here = addressOfPage(req) ?? `${runtime.base}/logout`
      return showProblem(runtime, req, res, { problem: 'appSetup', answer: 400, here, details })
    },

    /** Whether `rest` is the address of an outcome; its page is shown then. */
    async outcome(runtime: PoolRuntime, rest: string, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
      const here = addressOfPage(req)
      if (rest === OUTCOMES.signedOut || rest === OUTCOMES.signedOutEverywhere) {
        const { frame, nonce } = await frameFor(runtime, req, { here })
        const everywhere = rest === OUTCOMES.signedOutEverywhere
        await pages.show({ kind: 'signed-out', frame, next: null, everywhere }, res, 200, nonce)
        return true
      }
      const problem = rest === OUTCOMES.stayed ? 'stillSignedIn' : rest === OUTCOMES.onlyHere ? 'onlyHere' : null
      if (problem !== null) await showProblem(runtime, req, res, { problem, answer: 200, here })
      return problem !== null
    },
  }
}

export interface SignOutQuestion {
  sealed: string
  clientId: string | null
  asked?: Asked
  /** All devices are ticked. */
  everywhere?: boolean
}
