import { readFile } from 'node:fs/promises'
import { speakPseudo } from '#app/_lib/fixtures/pseudo-locales.ts'
import { PREVIEW_NONCE } from '#app/_lib/fixtures/sample-view.ts'
import { fixtureOf } from '#app/_lib/fixtures.ts'
import { renderPage } from '#app/_lib/render-page.tsx'
import { bestLocale, DEFAULT_LOCALE } from '#core/shared/locales.ts'
import { pageHeaders } from '#core/shared/page-headers.ts'

/** Every page in every state, for reviewers and their cameras; the front door never routes here in production. */
export const GET = async (request: Request, { params }: { params: Promise<{ kind: string; state: string }> }) => {
  if (process.env.PORTICO_PREVIEW !== '1') return new Response(null, { status: 404 })
  const { kind, state } = await params
  const asked = new URL(request.url).searchParams.get('lang') ?? DEFAULT_LOCALE
  const lang = speakPseudo(asked) ?? bestLocale([asked]) ?? DEFAULT_LOCALE
  const assets = JSON.parse(await readFile('public/assets/manifest.json', 'utf8')) as Record<string, string>
  const model = fixtureOf(kind, state, lang, {
    css: assets['portico.css'] ?? '',
    script: assets['portico.js'] ?? '',
    passkeys: assets['passkeys.js'] ?? '',
    marks: assets['providers.svg'] ?? '',
  })
  if (model === null) return new Response(null, { status: 404 })
  const headers = pageHeaders({
    nonce: PREVIEW_NONCE,
    isSecure: false,
    leaves: model.kind === 'leave' || model.kind === 'depart',
  })
  return new Response(await renderPage(model), { headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
}
