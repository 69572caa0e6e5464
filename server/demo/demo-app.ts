import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import * as client from 'openid-client'
import { type PageFrame, type Problem, problemPage, type Shown, signedInPage, signedOutPage } from './demo-pages.ts'
import { demoSessions, type SignedIn } from './demo-sessions.ts'
import { type Beginning, connectTo, type PorticoClient } from './portico-client.ts'

export interface DemoAppSettings {
  issuer: string
  clientId: string
  clientSecret: string | null
  /** 0: any free port; the origin must then be left out. */
  port: number
  host?: string
  /** Where a browser finds the app; its `/callback` and `/signed-out` are registered with the client. */
  origin?: string
  inboxUrl?: string | null
  scope?: string
}

export interface DemoApp {
  url: string
  stop(): Promise<void>
}

const COOKIE = 'portico_demo'
const ASSETS = {
  '/demo.css': ['text/css; charset=utf-8', new URL('demo.css', import.meta.url).href],
  '/text.woff2': [
    'font/woff2',
    import.meta.resolve(
      '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
    ),
  ],
  '/code.woff2': [
    'font/woff2',
    import.meta.resolve(
      '@fontsource-variable/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2',
    ),
  ],
} as const
const BEGINNINGS: Readonly<Record<string, Beginning>> = {
  '/sign-in': 'sign-in',
  '/sign-up': 'sign-up',
  '/forgot-password': 'forgot-password',
}
const NOTICES: Readonly<Record<string, string>> = {
  fresh: 'The pool has sent fresh tokens.',
  out: 'You have signed out, here and at the pool.',
}

const cookieOf = ({ headers: { cookie = '' } }: IncomingMessage): string | null =>
  cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1) ?? null

/** What went wrong, in words a developer can act on; the protocol's own words beside them. */
const explain = (problem: unknown): Problem => {
  if (problem instanceof client.AuthorizationResponseError) {
    const details = Object.fromEntries(problem.cause.entries())
    return problem.error === 'access_denied'
      ? { title: 'You did not sign in', words: 'The sign-in was cancelled or refused. Nothing has changed.', details }
      : { title: 'The pool refused', words: 'The pool sent an error instead of a code.', details }
  }
  if (problem instanceof client.ResponseBodyError) {
    const { error, error_description: words = '', status } = problem
    return {
      title: 'The pool refused',
      words: 'The pool sent an error instead of tokens.',
      details: { status: String(status), error, error_description: words },
    }
  }
  const words = problem instanceof Error ? problem.message : 'Something unexpected happened.'
  return {
    title: 'This answer cannot be used',
    words: 'It failed the checks every app has to make.',
    details: { check: words },
  }
}

const refusal = (problem: unknown): Shown => {
  if (problem instanceof client.WWWAuthenticateChallengeError) {
    const { error, error_description: words } = problem.cause[0]?.parameters ?? {}
    return { refused: [`Status ${problem.status}`, error, words].filter(Boolean).join(', ') }
  }
  return { refused: problem instanceof Error ? problem.message : String(problem) }
}

const redirect = (res: ServerResponse, to: string | URL): void => {
  res.writeHead(303, { location: String(to) }).end()
}

/**
 * A small app as its developer would write it, on openid-client: sign-in by code flow with PKCE, state and nonce; both
 * tokens verified and shown; refresh; sign-out at the pool. Plain HTTP, no script, sessions in memory.
 */
export const startDemoApp = async (settings: DemoAppSettings): Promise<DemoApp> => {
  const {
    issuer,
    clientId,
    clientSecret,
    port,
    host = '127.0.0.1',
    inboxUrl = null,
    scope = 'openid email profile',
  } = settings
  const frame: PageFrame = { issuer, inboxUrl }
  const sessions = demoSessions()
  const assets = new Map(
    await Promise.all(
      Object.entries(ASSETS).map(
        async ([path, [type, file]]) => [path, { type, bytes: await readFile(fileURLToPath(file)) }] as const,
      ),
    ),
  )
  let origin = settings.origin ?? `http://localhost:${port}`
  let connected: Promise<PorticoClient> | null = null
  const portico = (): Promise<PorticoClient> => {
    connected ??= connectTo({
      issuer,
      clientId,
      clientSecret,
      scope,
      redirectUri: `${origin}/callback`,
      afterSignOut: `${origin}/signed-out`,
    }).catch((problem: unknown) => {
      // The pool may be starting: ask again at the next request.
      connected = null
      throw problem
    })
    return connected
  }

  const show = (res: ServerResponse, status: number, page: string): void => {
    res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  }
  const setCookie = (res: ServerResponse, id: string): void => {
    const secure = origin.startsWith('https:') ? '; Secure' : ''
    res.setHeader('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax${secure}`)
  }

  const showSignedIn = async (res: ServerResponse, signedIn: SignedIn, notice: string | null): Promise<void> => {
    const pool = await portico()
    const [access, info] = await Promise.all([
      pool
        .accessClaims(signedIn)
        .then(
          (claims): Shown => (claims === null ? { note: 'Opaque: only the pool can read it.' } : { claims }),
          refusal,
        ),
      pool.userInfo(signedIn).then((claims): Shown => ({ claims }), refusal),
    ])
    const { name, email, sub } = signedIn.idClaims
    const view = {
      name: String(name ?? email ?? sub),
      idToken: { claims: signedIn.idClaims },
      accessToken: access,
      userInfo: info,
      mayRefresh: signedIn.refreshToken !== null,
      notice,
    }
    show(res, 200, signedInPage(frame, view))
  }

  const begin = async (req: IncomingMessage, res: ServerResponse, where: Beginning): Promise<void> => {
    const found = cookieOf(req)
    const id = found !== null && sessions.find(found) ? found : sessions.start()
    const { url, state, attempt } = await (await portico()).begin(where)
    sessions.find(id)?.attempts.set(state, attempt)
    setCookie(res, id)
    redirect(res, url)
  }

  const callback = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    const id = cookieOf(req)
    const session = sessions.find(id)
    const state = url.searchParams.get('state') ?? ''
    const attempt = session?.attempts.get(state)
    if (id === null || !session || !attempt) {
      const words = 'This answer does not belong to a sign-in that was started in this browser, or it was used already.'
      return show(res, 400, problemPage(frame, { title: 'Start again', words, details: {} }))
    }
    session.attempts.delete(state)
    try {
      session.signedIn = await (await portico()).finish(url, state, attempt)
    } catch (problem) {
      return show(res, 400, problemPage(frame, explain(problem)))
    }
    setCookie(res, sessions.renew(id))
    redirect(res, '/')
  }

  const act = async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> => {
    // The cookie is SameSite=Lax and so absent from a foreign post; this refuses it without one as well.
    const site = req.headers['sec-fetch-site']
    const isForeign = site === undefined ? (req.headers.origin ?? origin) !== origin : site !== 'same-origin'
    if (isForeign)
      return show(
        res,
        403,
        problemPage(frame, { title: 'Refused', words: 'This came from another site.', details: {} }),
      )
    const id = cookieOf(req)
    const session = sessions.find(id)
    if (id === null || !session?.signedIn) return redirect(res, '/')
    if (path === '/sign-out') {
      sessions.end(id)
      return redirect(res, (await portico()).signOutUrl(session.signedIn))
    }
    try {
      session.signedIn = await (await portico()).refresh(session.signedIn)
      redirect(res, '/?notice=fresh')
    } catch (problem) {
      session.signedIn = null
      show(res, 400, problemPage(frame, explain(problem)))
    }
  }

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', origin)
    const path = url.pathname
    const asset = assets.get(path)
    const beginning = BEGINNINGS[path]
    if (req.method === 'POST' && (path === '/refresh' || path === '/sign-out')) return act(req, res, path)
    if (req.method !== 'GET' && req.method !== 'HEAD') return void res.writeHead(405, { allow: 'GET, HEAD' }).end()
    if (asset) {
      res.setHeader('cache-control', 'public, max-age=3600')
      return void res.writeHead(200, { 'content-type': asset.type }).end(asset.bytes)
    }
    if (beginning) return begin(req, res, beginning)
    if (path === '/callback') return callback(req, res, url)
    if (path === '/signed-out') return redirect(res, '/?notice=out')
    if (path !== '/') {
      return show(
        res,
        404,
        problemPage(frame, { title: 'Nothing here', words: 'This address leads nowhere.', details: {} }),
      )
    }
    const notice = NOTICES[url.searchParams.get('notice') ?? ''] ?? null
    const signedIn = sessions.find(cookieOf(req))?.signedIn
    return signedIn ? showSignedIn(res, signedIn, notice) : show(res, 200, signedOutPage(frame, notice))
  }

  const formAction = `'self' ${new URL(issuer).origin}`
  const server = createServer((req, res) => {
    res.setHeader(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
    )
    res.setHeader('x-content-type-options', 'nosniff')
    res.setHeader('referrer-policy', 'same-origin')
    res.setHeader('cache-control', 'no-store')
    answer(req, res).catch((problem: unknown) => {
      const words = `The pool at ${issuer} does not answer as expected. Is it running?`
      const check = problem instanceof Error ? problem.message : String(problem)
      if (!res.headersSent) show(res, 503, problemPage(frame, { title: 'The pool is away', words, details: { check } }))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  if (settings.origin === undefined) origin = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url: origin,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
