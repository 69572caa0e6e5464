import { randomBytes } from 'node:crypto'
import type { PageModel } from '#core/flows/page-model.ts'
import { pageHeaders } from '#core/shared/page-headers.ts'
import type { RequestContext } from '#core/shared/ports.ts'
import { contextOf } from '#core/shared/request-context.ts'
import { house } from './house.ts'
import { renderPage } from './render-page.tsx'

/** What every page needs of its request. */
export interface PageAsked {
  headers: Record<string, string>
  context: RequestContext
  nonce: string
}

/** The front door has put address and request id into headers of its own, and thrown away what a caller sent under those names. */
export const asked = (request: Request): PageAsked => {
  const headers = Object.fromEntries(request.headers)
  return {
    headers,
    context: contextOf(headers),
    nonce: randomBytes(16).toString('base64'),
  }
}

const localeOf = (model: PageModel): string =>
  model.kind === 'flow'
    ? model.view.frame.locale
    : model.kind === 'problem'
      ? model.problem.frame.locale
      : model.frame.locale

export const page = async (model: PageModel, status: number, nonce: string): Promise<Response> => {
  const body = await renderPage(model)
  return new Response(body, {
    status,
    headers: {
      ...pageHeaders({ nonce, isSecure: house().isSecure, ...(model.kind === 'leave' ? { leaves: true } : {}) }),
      'content-type': 'text/html; charset=utf-8',
      'content-language': localeOf(model),
    },
  })
}

/** Always 303, always without a body: the status of a post must not tell outcomes apart. */
export const goTo = (to: string, cookie?: string): Response =>
  new Response(null, {
    status: 303,
    headers: { location: to, 'cache-control': 'no-store', ...(cookie === undefined ? {} : { 'set-cookie': cookie }) },
  })

export const notFound = (): Response => new Response('404\n', { status: 404, headers: { 'cache-control': 'no-store' } })

/** Runs a handler; what is broken is logged under the request's id and answered with the calm page. */
export const guarded = async (request: Request, handle: (asked: PageAsked) => Promise<Response>): Promise<Response> => {
  const given = asked(request)
  try {
    return await handle(given)
  } catch (error) {
    const status = house().trouble(error, given.context.requestId)
    const { body, headers } = house().fallback(status, given.context.requestId, given.headers)
    return new Response(body, { status, headers })
  }
}

/** Fields of a posted form; repeated ones as a list. */
export const formOf = async (request: Request): Promise<Record<string, string | string[]>> => {
  const form: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(await request.text())) {
    const known = Object.hasOwn(form, name) ? form[name] : undefined
    const next = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value]
    Object.defineProperty(form, name, { value: next, enumerable: true, configurable: true, writable: true })
  }
  return form
}
