import type { CapturedMessage } from '#core/messages/ports.ts'
import { directionOf } from '#core/shared/locales.ts'
import { html, type Markup } from '../demo/html.ts'
import { type Excerpt, excerptOf } from './excerpt.ts'

const HOME = '/dev/inbox'
const REFRESH_SECONDS = 3

export const detailHref = ({ id }: { id: string }): string => `${HOME}/${id}`
export const htmlHref = ({ id }: { id: string }): string => `${HOME}/${id}/html`

const layout = (title: string, main: Markup, refresh = false): string =>
  html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${refresh ? html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}">` : null}
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${HOME}/inbox.css">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><a href="${HOME}">Captured messages</a><span>Development only: nothing here was sent</span></header>
<main id="main">${main}</main>
</body>
</html>
`.html

const moment = (at: Date): Markup =>
  html`<time datetime="${at.toISOString()}">${at.toISOString().slice(0, 10)} <b>${at.toISOString().slice(11, 19)}</b> UTC</time>`

const code = ({ code: digits }: Excerpt): Markup | null =>
  digits === null
    ? null
    : html`<span class="code">${digits.slice(0, 3)}<span class="gap">${digits.slice(3)}</span></span>`

const headline = ({ message }: CapturedMessage): string =>
  message.channel === 'email' ? message.subject : message.text

const entry = (captured: CapturedMessage): Markup => {
  const { message, createdAt } = captured
  return html`<li>
<div class="meta"><span class="channel">${message.channel === 'email' ? 'Mail' : 'SMS'}</span> ${moment(createdAt)}</div>
<div class="what"><a href="${detailHref(captured)}"><bdi lang="${message.locale}">${headline(captured)}</bdi></a>
<span class="to">to <a href="${HOME}?to=${encodeURIComponent(message.to)}"><bdi>${message.to}</bdi></a></span></div>
${code(excerptOf(captured))}
</li>
`
}

export interface InboxList {
  messages: readonly CapturedMessage[]
  /** Recipient whose messages alone are shown. */
  to: string | null
  isPaused: boolean
}

export const listPage = ({ messages, to, isPaused }: InboxList): string => {
  const query = (paused: boolean): string => {
    const parameters = new URLSearchParams({ ...(to !== null && { to }), ...(paused && { pause: '1' }) }).toString()
    return parameters === '' ? HOME : `${HOME}?${parameters}`
  }
  return layout(
    to === null ? 'Captured messages' : `Messages to ${to}`,
    html`<h1>${to === null ? html`Captured messages` : html`Messages to <bdi>${to}</bdi>`}</h1>
<p class="soft">${isPaused ? html`Paused. <a href="${query(false)}">Refresh again</a>` : html`Newest first, refreshed every ${REFRESH_SECONDS} seconds. <a href="${query(true)}">Pause</a>`}${to === null ? null : html` · <a href="${HOME}">Show everyone’s</a>`}</p>
${
  messages.length === 0
    ? html`<p class="empty">No messages${to === null ? '' : ' to this recipient'} yet. Sign up or ask for a new password, and the mail or SMS appears here.</p>`
    : html`<ol class="list">${messages.map(entry)}</ol>`
}`,
    !isPaused,
  )
}

const row = (name: string, value: Markup | string | null): Markup =>
  value === null ? html`` : html`<div><dt>${name}</dt><dd>${value}</dd></div>`

export const detailPage = (captured: CapturedMessage): string => {
  const { message, purpose, status, poolId, createdAt, expiresAt } = captured
  const excerpt = excerptOf(captured)
  const isMail = message.channel === 'email'
  return layout(
    isMail ? message.subject : `SMS to ${message.to}`,
    html`<h1>${isMail ? html`<bdi lang="${message.locale}">${message.subject}</bdi>` : html`SMS to <bdi>${message.to}</bdi>`}</h1>
${excerpt.code === null ? null : html`<p class="big"><span class="soft">Code</span> ${code(excerpt)}</p>`}
${
  excerpt.links.length === 0
    ? null
    : html`<ul class="links" aria-label="Links in the message">${excerpt.links.map((href) => html`<li><a href="${href}">${href}</a></li>`)}</ul>`
}
<dl>
${row('To', html`<bdi>${message.to}</bdi>`)}
${isMail ? row('From', html`<bdi>${message.from.name}</bdi>${message.from.address === null ? null : html` &lt;${message.from.address}&gt;`}`) : null}
${row('Made', moment(createdAt))}
${row('Of use until', expiresAt && moment(expiresAt))}
${row('State', status)}
${row('Purpose', html`<code>${purpose}</code>`)}
${row('Language', html`<code>${message.locale}</code>`)}
${row('Pool', html`<code>${poolId}</code>`)}
</dl>
${
  isMail
    ? html`<section aria-labelledby="html"><h2 id="html">HTML</h2>
<p class="soft"><a href="${htmlHref(captured)}">Open by itself</a></p>
<iframe src="${htmlHref(captured)}" title="The mail as HTML" sandbox="allow-top-navigation-by-user-activation"></iframe></section>`
    : null
}
<section aria-labelledby="text"><h2 id="text">Text</h2>
<pre lang="${message.locale}" dir="${directionOf(message.locale)}" tabindex="0">${message.text}</pre></section>`,
  )
}

export const missingPage = (): string =>
  layout(
    'No such message',
    html`<h1>No such message</h1><p>It was removed, or the address is incomplete. <a href="${HOME}">All messages</a></p>`,
  )
