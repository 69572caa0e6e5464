import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { RenderedEmail } from '#core/messages/message.ts'
import type { CapturedMessage, CapturedMessages } from '#core/messages/ports.ts'
import { excerptOf } from './dev-inbox/excerpt.ts'
import { detailPage, listPage, missingPage } from './dev-inbox/inbox-pages.ts'

export interface DevInboxOptions {
  /** An outbox that keeps its content. */
  outbox: CapturedMessages
}

const SHOWN = 100
const MOST = 500

const resolve = createRequire(import.meta.url).resolve
const FONTS = '@fontsource-variable/atkinson-hyperlegible'
/** Read when first asked for: production never asks. */
const FILES: Readonly<Record<string, { type: string; file: () => string }>> = {
  '/inbox.css': { type: 'text/css; charset=utf-8', file: () => join(import.meta.dirname, 'dev-inbox/inbox.css') },
  '/text.woff2': {
    type: 'font/woff2',
    file: () => resolve(`${FONTS}-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2`),
  },
  '/code.woff2': {
    type: 'font/woff2',
    file: () => resolve(`${FONTS}-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2`),
  },
}

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/** A mail is foreign markup: no script, no origin, nothing fetched; a link may take the whole tab along. */
const MAIL_POLICY =
  "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const send = (
  res: ServerResponse,
  body: string | Buffer,
  { status = 200, type = 'text/html; charset=utf-8', policy = PAGE_POLICY, cache = 'no-store' } = {},
): void => {
  res.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': cache,
    'content-security-policy': policy,
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

/** What tests read: the message, and in it what one would type or open. */
const asJson = (captured: CapturedMessage) => {
  const { id, poolId, purpose, status, createdAt, expiresAt, message } = captured
  const { picture: _, ...words } = message.channel === 'email' ? message : { ...message, picture: undefined }
  return { id, poolId, purpose, status, createdAt, expiresAt, ...words, ...excerptOf(captured) }
}

const readLimit = (query: URLSearchParams): number => {
  const limit = Number(query.get('limit'))
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, MOST) : SHOWN
}

/** A browser knows no Content-IDs: the mail's own part stands where a mail program would put it. */
const withPicture = ({ html, picture }: RenderedEmail): string =>
  picture === undefined ? html : html.replaceAll(`cid:${picture.cid}`, `data:image/png;base64,${picture.base64}`)

/** Links open in the tab and not inside the frame, where the pages they lead to refuse to be shown. */
const withTopTarget = (html: string): string => html.replace(/<head>/i, '<head><base target="_top">')

/**
 * Everything below `/dev/inbox`: mail and SMS that were made and not sent, newest first. For development alone: whoever
 * reads it can confirm any address and reset any password, so the front door mounts it on loopback origins only.
 *
 * `/dev/inbox?to=` list · `/dev/inbox/{id}` one message · `/dev/inbox/{id}/html` its HTML part by itself ·
 * `/dev/inbox.json?to=&limit=` the list for tests, each message with its `code` and `links`.
 */
export const devInbox =
  ({ outbox }: DevInboxOptions) =>
  async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('allow', 'GET, HEAD')
      return send(res, 'Method not allowed\n', { status: 405, type: 'text/plain; charset=utf-8' })
    }
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://inbox.invalid')
    const rest = pathname.replace(/^\/dev\/inbox/, '').replace(/\/$/, '')
    const to = searchParams.get('to')?.trim() || null
    const latest = () => outbox.latest({ limit: readLimit(searchParams), ...(to !== null && { to }) })

    if (rest === '') return send(res, listPage({ messages: await latest(), to, isPaused: searchParams.has('pause') }))
    if (rest === '.json') {
      const messages = (await latest()).map(asJson)
      return send(res, JSON.stringify({ messages }), { type: 'application/json; charset=utf-8' })
    }
    const asset = FILES[rest]
    if (asset) return send(res, readFileSync(asset.file()), { type: asset.type, cache: 'max-age=300' })

    const [, id = '', part] = rest.split('/')
    const captured = await outbox.find(id)
    if (captured && part === undefined) return send(res, detailPage(captured))
    if (captured?.message.channel === 'email' && part === 'html') {
      return send(res, withTopTarget(withPicture(captured.message)), { policy: MAIL_POLICY })
    }
    return send(res, missingPage(), { status: 404 })
  }
