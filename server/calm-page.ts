import { directionOf, type Locale } from '#core/shared/locales.ts'
import ar from '#locales/ar.json' with { type: 'json' }
import de from '#locales/de.json' with { type: 'json' }
import en from '#locales/en.json' with { type: 'json' }

const WORDS: Readonly<Record<Locale, typeof en>> = { en, de, ar }

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')

export interface CalmPage {
  locale: Locale
  reference: string
  /** Host name people check. */
  host: string
  /** Address of the common stylesheet; it is a file, served without database and pages. */
  stylesheet: string
}

/**
 * Served when pages cannot be drawn: Next or the database is away. Plain text put together, in the default look; nothing in
 * it can fail. The link leads to the address that failed, which for a form is the page it was on.
 */
export const calmPage = ({ locale, reference, host, stylesheet }: CalmPage): string => {
  const { problem, page } = WORDS[locale]
  const [title, text, tryAgain, name, id, place] = [
    problem.unexpected.title,
    problem.unexpected.text,
    problem.tryAgain,
    page.reference,
    reference,
    host,
  ].map(escaped)
  return `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}" data-color-mode="auto" data-layout="hinge"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><link rel="stylesheet" href="${stylesheet}"></head>
<body class="portico-page" data-page="problem" data-state="unexpected">
<header class="portico-rail"><div class="portico-rail-view"><p class="portico-host"><bdi dir="ltr">${place}</bdi></p></div></header>
<div class="portico-leaf"><main class="portico-main"><h1 class="portico-title">${title}</h1>
<p class="portico-lede">${text}</p>
<a class="portico-submit" href=""><span>${tryAgain}</span></a>
<dl class="portico-facts"><div><dt>${name}</dt><dd><code dir="ltr">${id}</code></dd></div></dl></main></div></body></html>`
}
