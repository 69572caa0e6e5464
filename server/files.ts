import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { ThemeStore } from '#core/themes/ports.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'
import type { ThemeLibrary } from './theme-library.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

const IMMUTABLE = 'public, max-age=31536000, immutable'
// An image of ours opened by itself runs nothing and loads nothing.
const IMAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
// No sandbox: pages refer into these drawings, which takes the page's own origin.
const DRAWING_POLICY = "default-src 'none'"

interface Loaded {
  type: string
  body: Buffer
  brotli: Buffer | null
}

const load = (folder: string): ReadonlyMap<string, Loaded> => {
  const names = (() => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  })()
  return new Map(
    names
      .filter((name) => Object.hasOwn(TYPES, extname(name)) && name !== 'manifest.json')
      .map((name) => {
        const body = readFileSync(join(folder, name))
        const type = TYPES[extname(name)] ?? 'application/octet-stream'
        return [name, { type, body, brotli: /^text\/|svg/.test(type) ? brotliCompressSync(body) : null }]
      }),
  )
}

const send = (res: ServerResponse, type: string, body: Buffer | string, headers: Record<string, string> = {}): void => {
  res.writeHead(200, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': IMMUTABLE,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...headers,
  })
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

const missing = (res: ServerResponse): void => {
  res.writeHead(404, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('404\n')
}

/** The mark as a browser's icon, which stands on tabs of either colour and takes none from a page. */
const iconOf = (mark: string, ink: string): string =>
  mark.replace('>', `><style>svg{color:${ink}}@media(prefers-color-scheme:dark){svg{color:#fff}}</style>`)

export interface Seals {
  figure(poolId: string): string
  mark(poolId: string): string
}

/** Files named by their content, from memory, and the images and stylesheets of pools. */
export const files = (folder: string, themes: ThemeStore, looks: ThemeLibrary, seals: Seals) => {
  const assets = load(folder)
  return {
    asset(name: string, req: IncomingMessage, res: ServerResponse): void {
      const found = assets.get(name)
      if (found === undefined) {
        missing(res)
        return
      }
      const takesBrotli = found.brotli !== null && /\bbr\b/.test(String(req.headers['accept-encoding'] ?? ''))
      const headers = {
        ...(found.brotli === null ? {} : { vary: 'Accept-Encoding' }),
        ...(found.type === TYPES['.svg'] ? { 'content-security-policy': DRAWING_POLICY } : {}),
      }
      if (takesBrotli && found.brotli !== null)
        send(res, found.type, found.brotli, { ...headers, 'content-encoding': 'br' })
      else send(res, found.type, found.body, headers)
    },
    async theme(runtime: PoolRuntime, clientId: string, hash: string, res: ServerResponse): Promise<void> {
      const look = await looks.look(
        runtime.pool.id,
        runtime.pool.version,
        runtime.base,
        clientId === '' ? null : clientId,
      )
      // An address from a page drawn before the last change: today's look, but not for ever under yesterday's name.
      send(res, TYPES['.css'] ?? 'text/css', look.css, look.hash === hash ? {} : { 'cache-control': 'no-store' })
    },
    async image(runtime: PoolRuntime, name: string, res: ServerResponse): Promise<void> {
      const policy = { 'content-security-policy': IMAGE_POLICY }
      if (name === 'seal-figure.svg') return send(res, 'image/svg+xml', seals.figure(runtime.pool.id), policy)
      if (name === 'seal-icon.svg') {
        const { page } = await looks.look(runtime.pool.id, runtime.pool.version, runtime.base, null)
        return send(res, 'image/svg+xml', iconOf(seals.mark(runtime.pool.id), page.themeColor.light), policy)
      }
      if (name === 'seal-mark.svg') return send(res, 'image/svg+xml', seals.mark(runtime.pool.id), policy)
      const image = /^[0-9a-f]{64}$/.test(name) ? await themes.image(runtime.pool.id, name) : null
      return image === null ? missing(res) : send(res, image.contentType, image.bytes, policy)
    },
  }
}
