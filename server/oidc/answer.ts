import type { IncomingMessage, ServerResponse } from 'node:http'
import { readForm, replaceBody } from '../form-body.ts'
import { markedToken } from './pool-provider.ts'
import type { PoolRuntime } from './pool-runtimes.ts'

const sendError = (res: ServerResponse, status: number, description: string): void => {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  res.end(JSON.stringify({ error: 'invalid_request', error_description: description }))
}

const BODY_ERRORS = {
  400: 'the request body cannot be read',
  408: 'the request body did not arrive in time',
  411: 'a Content-Length is required',
  413: 'the request body is too large',
  415: 'only application/x-www-form-urlencoded is read here',
} as const

/** Methods of each endpoint; the library would say 404 to the others. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  '/oauth2/authorize': ['GET', 'POST'],
  '/oauth2/token': ['POST', 'OPTIONS'],
  '/oauth2/userInfo': ['GET', 'POST', 'OPTIONS'],
  '/oauth2/revoke': ['POST', 'OPTIONS'],
  '/oauth2/introspect': ['POST', 'OPTIONS'],
}
const RESUME_METHODS = ['GET']

/** Parameters of an authorization request that would make the library answer as if it had not seen them: refused instead. */
export const MAX_QUERY = 16_384

/** JSON can spell what text in the database cannot be: a zero character, half a surrogate pair. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i

/**
 * Hands a request to the pool's provider, relative to its mount. Bodies are read here, with our limits; tokens presented
 * at revocation and introspection are marked, so that our JWTs are looked up there as opaque ones are.
 */
export const answerOidc = async (
  runtime: PoolRuntime,
  rest: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> => {
  const methods = METHODS[rest] ?? RESUME_METHODS
  if (!methods.includes(req.method ?? '')) {
    res.setHeader('allow', methods.join(', '))
    return sendError(res, 405, `only ${methods.join(', ')} is answered here`)
  }
  const mark = (req.url ?? '').indexOf('?')
  const search = mark < 0 ? '' : (req.url ?? '').slice(mark)
  if (search.length > MAX_QUERY) return sendError(res, 414, 'the query is too long')
  if (UNSTORABLE.test(new URLSearchParams(search).get('claims') ?? ''))
    return sendError(res, 400, 'the claims parameter holds what is no text')
  if (req.method === 'POST') {
    const body = await readForm(req)
    if (!body.ok) return sendError(res, body.status, BODY_ERRORS[body.status])
    if (rest === '/oauth2/authorize') {
      if (body.text.length > MAX_QUERY) return sendError(res, 413, BODY_ERRORS[413])
      // OpenID Connect Core §3.1.2.1: parameters of a form mean what they mean in a query. The session cookie is
      // SameSite=Lax: it comes with the GET and would not with the POST.
      // Written anew: a body may hold characters that a header may not.
      const query = new URLSearchParams(body.text)
      res.writeHead(303, { location: `${runtime.base}${rest}?${query}`, 'cache-control': 'no-store' }).end()
      return
    }
    let text = body.text
    if (rest === '/oauth2/revoke' || rest === '/oauth2/introspect') {
      const form = new URLSearchParams(text)
      const tokens = form.getAll('token')
      // A repeated token stays repeated, for the library to refuse.
      form.delete('token')
      for (const token of tokens) form.append('token', markedToken(token))
      text = form.toString()
    }
    replaceBody(req, text)
  }
  // Koa wants the full address beside the one relative to the mount.
  Object.assign(req, { originalUrl: req.url })
  req.url = `${rest}${search}`
  await runtime.answer(req, res)
}
