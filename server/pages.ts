import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { AppClient } from '#core/clients/client-settings.ts'
import type { PageFrame, ProblemView } from '#core/flows/flow-view.ts'
import type { PageModel } from '#core/flows/page-model.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { DEFAULT_LOCALE, directionOf, type Locale } from '#core/shared/locales.ts'
import { pageHeaders } from '#core/shared/page-headers.ts'
import { calmPage } from './calm-page.ts'
import type { Config } from './config.ts'
import { chooseLocale } from './locale.ts'
import type { ThemeLibrary } from './theme-library.ts'

/** Where the pages' own module world leaves its renderer (instrumentation.ts). */
const RENDERER = Symbol.for('portico.renderer')
type Renderer = (model: PageModel) => Promise<string>

const manifestOf = (folder: string): Record<string, string> => {
  try {
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

export const newNonce = (): string => randomBytes(16).toString('base64')

export interface FrameInput {
  pool: Pool
  base: string
  client: AppClient | null
  locale: Locale
  nonce: string
  /** Address of the page, where it stands outside a journey and may be asked for again (language.ts). */
  here?: string | null
}

/** Draws pages for whoever has no Next route at hand: the protocol library, the front door, sign-out. */
export const hostedPages = (config: Config, themes: ThemeLibrary, assetsFolder: string) => {
  const manifest = manifestOf(assetsFolder)

  const frame = async ({ pool, base, client, locale, nonce, here = null }: FrameInput): Promise<PageFrame> => {
    const { page } = await themes.look(pool.id, pool.version, base, client?.id ?? null)
    const poolName = pool.settings.displayName ?? pool.name
    return {
      poolId: pool.id,
      appName: client === null ? poolName : (client.settings.displayName ?? client.name),
      poolName,
      host: config.publicHost,
      base,
      clientId: client?.id ?? null,
      locale,
      dir: directionOf(locale),
      theme: page,
      links: {
        privacy: client?.settings.privacyUrl ?? pool.settings.links.privacy ?? null,
        terms: client?.settings.termsUrl ?? pool.settings.links.terms ?? null,
        help: pool.settings.links.help ?? null,
      },
      isTestPool: !pool.settings.production,
      here,
      assets: {
        css: manifest['portico.css'] ?? '',
        script: manifest['portico.js'] ?? '',
        passkeys: manifest['passkeys.js'] ?? '',
        marks: manifest['providers.svg'] ?? '',
      },
      nonce,
    }
  }

  const headersOf = (model: PageModel, nonce: string): Record<string, string> => ({
    ...pageHeaders({
      nonce,
      isSecure: config.isSecure,
      // The page holds nothing that was typed, and providers send their sign-in on to hosts of theirs.
      ...(model.kind === 'depart' ? { formAction: '*' } : {}),
      ...(model.kind === 'form-post' ? { formAction: formActionOf(model) } : {}),
      ...(model.kind === 'leave' || model.kind === 'depart' ? { leaves: true } : {}),
      ...(model.kind === 'account' ? { standsAlone: true } : {}),
    }),
    'content-type': 'text/html; charset=utf-8',
  })

  const render = async (model: PageModel): Promise<string> => {
    const renderer = (globalThis as Record<symbol, unknown>)[RENDERER] as Renderer | undefined
    if (renderer === undefined) throw new Error('the pages are not loaded')
    return renderer(model)
  }

  /** The last resort, for every status from 500 on: nothing in it can fail. */
  const fallbackAnswer = (
    status: number,
    reference: string,
    asked: IncomingHttpHeaders,
  ): { body: string; headers: Record<string, string> } => {
    const locale = chooseLocale({}, asked, DEFAULT_LOCALE)
    return {
      body: calmPage({ locale, reference, host: config.publicHost, stylesheet: manifest['portico.css'] ?? '' }),
      headers: {
        ...pageHeaders({ nonce: newNonce(), isSecure: config.isSecure }),
        'content-type': 'text/html; charset=utf-8',
        'content-language': locale,
        ...(status === 503 ? { 'retry-after': '10' } : {}),
      },
    }
  }

  const sendFallback = (res: ServerResponse, status: number, reference: string): void => {
    if (res.headersSent) return void res.end()
    const { body, headers } = fallbackAnswer(status, reference, res.req.headers)
    res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    res.end(body)
  }

  return {
    fallbackAnswer,
    frame,
    render,
    headersOf,
    sendFallback,
    async show(model: PageModel, res: ServerResponse, status: number, nonce: string): Promise<void> {
      const body = await render(model)
      res.writeHead(status, {
        ...headersOf(model, nonce),
        'content-language': localeOf(model),
        'content-length': Buffer.byteLength(body),
      })
      res.end(body)
    },
    problem(
      input: Omit<ProblemView, 'at' | 'details' | 'next'> & Partial<Pick<ProblemView, 'details' | 'next'>>,
      now: Date,
    ): PageModel {
      return { kind: 'problem', problem: { details: null, next: null, ...input, at: now.toISOString() } }
    },
  }
}
export type HostedPages = ReturnType<typeof hostedPages>

/** Chromium holds the redirects that follow a post to `form-action` too (CSP 3 §6.4.2). */
const formActionOf = ({ action, leadsOn }: { action: string; leadsOn?: boolean }): string => {
  const own = /^https?:/.test(action) ? new URL(action).origin : `${action.split(':')[0]}:`
  return leadsOn === true ? `${own} https:` : own
}

const localeOf = (model: PageModel): string =>
  model.kind === 'flow'
    ? model.view.frame.locale
    : model.kind === 'problem'
      ? model.problem.frame.locale
      : model.frame.locale
