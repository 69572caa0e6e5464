import type { KoaContext, Payload } from 'oidc-provider'
import type { pgProtocolClients } from '#adapters/postgres/pg-token-reads.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import type { Clock } from '#core/shared/ports.ts'
import { contextOf } from '#core/shared/request-context.ts'
import { addressOfPage } from '../language.ts'
import { chooseLocale } from '../locale.ts'
import { type HostedPages, newNonce } from '../pages.ts'
import type { PoolForOidc, ProtocolPages } from './pool-for-oidc.ts'

/** Which plain-word page an OAuth error is. */
const problemOf = (error: string, name: string): string => {
  if (name === 'SessionNotFound') return 'expired'
  if (
    [
      'invalid_client',
      'unauthorized_client',
      'invalid_redirect_uri',
      'invalid_scope',
      'unsupported_response_type',
      'invalid_request',
    ].includes(error)
  )
    return 'appSetup'
  if (error === 'access_denied') return 'cancelled'
  return 'unexpected'
}

const requestIdOf = (ctx: KoaContext): string => contextOf(ctx.req.headers).requestId

/** The pages oidc-provider wants drawn, in the pool's look. */
export const protocolPages = (
  pages: HostedPages,
  clients: ReturnType<typeof pgProtocolClients>,
  clock: Clock,
): ProtocolPages => {
  const frameFor = async (ctx: KoaContext, { pool, base }: PoolForOidc, nonce: string, here: string | null = null) => {
    const clientId = ctx.oidc.client?.clientId
    const found = clientId === undefined ? null : await clients.find(pool.id, clientId)
    const params = ctx.oidc.params ?? {}
    const asked = { lang: params.lang ?? ctx.query.lang, ui_locales: params.ui_locales ?? ctx.query.ui_locales }
    const locale = chooseLocale(asked, ctx.req.headers, pool.settings.defaultLocale)
    return {
      frame: await pages.frame({ pool, base, client: found?.client ?? null, locale, nonce, here }),
      client: found?.client ?? null,
    }
  }

  const answer = async (ctx: KoaContext, model: PageModel, status: number, nonce: string): Promise<void> => {
    ctx.body = await pages.render(model)
    ctx.status = status
    for (const [name, value] of Object.entries(pages.headersOf(model, nonce))) ctx.set(name, value)
  }

  const calm = (ctx: KoaContext): void => {
    const { body, headers } = pages.fallbackAnswer(503, requestIdOf(ctx), ctx.req.headers)
    ctx.body = body
    ctx.status = 503
    for (const [name, value] of Object.entries(headers)) ctx.set(name, value)
  }

  return {
    async protocolError(ctx, pool, out, error) {
      // The listener of `server_error` found an outage: a page in the pool's look may need what is away.
      if (ctx.status === 503) return calm(ctx)
      const nonce = newNonce()
      const { frame, client } = await frameFor(ctx, pool, nonce, addressOfPage(ctx.req))
      const details = pool.pool.settings.production
        ? null
        : Object.fromEntries(
            Object.entries(out).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
          )
      const problem = problemOf(String(out.error), error.name)
      const again = client?.settings.initiateLoginUrl
      const status = Math.max(ctx.status, 400)
      await answer(
        ctx,
        pages.problem(
          {
            frame,
            status: status >= 500 ? 500 : status === 404 ? 404 : status === 429 ? 429 : status === 403 ? 403 : 400,
            problem,
            reference: requestIdOf(ctx),
            details,
            next: again === undefined ? null : { href: again, label: 'startAgain' },
          },
          clock.now(),
        ),
        status,
        nonce,
      )
    },
    async formPost(ctx, pool, action, fields) {
      const nonce = newNonce()
      const { frame } = await frameFor(ctx, pool, nonce)
      const plain = Object.fromEntries(Object.entries(fields as Payload).map(([name, value]) => [name, String(value)]))
      await answer(ctx, { kind: 'form-post', frame, action, fields: plain }, 'error' in fields ? 400 : 200, nonce)
    },
  }
}
