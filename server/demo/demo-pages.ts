import { html, type Markup } from './html.ts'

export interface PageFrame {
  issuer: string
  /** Where captured mail can be read; null outside development. */
  inboxUrl: string | null
}

type Claims = Readonly<Record<string, unknown>>

/** A part of the signed-in page: claims, or the reason why there are none. */
export type Shown = { claims: Claims } | { refused: string } | { note: string }

export interface SignedInView {
  name: string
  idToken: Shown
  accessToken: Shown
  userInfo: Shown
  mayRefresh: boolean
  notice: string | null
}

const TIMES = new Set(['iat', 'exp', 'auth_time', 'nbf', 'updated_at'])

const layout = (frame: PageFrame, title: string, main: Markup): string =>
  html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<title>${title} – Portico demo app</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo.css">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><a href="/" class="brand"><span class="mark" aria-hidden="true"></span>Portico demo app</a></header>
<main id="main">${main}</main>
<footer>
<p>Tokens from <a href="${frame.issuer}/.well-known/openid-configuration" class="host">${frame.issuer}</a></p>
${frame.inboxUrl === null ? null : html`<p><a href="${frame.inboxUrl}">Captured mail and text messages</a></p>`}
</footer>
</body>
</html>
`.html

export const signedOutPage = (frame: PageFrame, notice: string | null): string =>
  layout(
    frame,
    'Signed out',
    html`${notice === null ? null : html`<p class="notice" role="status">${notice}</p>`}
<h1>You are signed out</h1>
<p class="lede">This app keeps no passwords. Its user pool signs you in and hands back tokens; the app checks them and shows what they say.</p>
<nav class="rows" aria-label="Ways in">
<a class="row primary" href="/sign-in">Sign in</a>
<a class="row" href="/sign-up">Create an account</a>
<a class="row" href="/forgot-password">Forgot password</a>
</nav>`,
  )

const shownValue = (name: string, value: unknown): Markup => {
  if (TIMES.has(name) && typeof value === 'number') {
    const at = new Date(value * 1000)
    return html`<code>${value}</code> <time datetime="${at.toISOString()}">${at.toISOString().replace('T', ' ').slice(0, 19)} UTC</time>`
  }
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`
}

const section = (id: string, title: string, lede: string, shown: Shown): Markup => {
  const body =
    'claims' in shown
      ? html`<dl>${Object.entries(shown.claims).map(
          ([name, value]) => html`<div><dt>${name}</dt><dd>${shownValue(name, value)}</dd></div>
`,
        )}</dl>`
      : 'refused' in shown
        ? html`<p class="refused"><strong>Refused.</strong> ${shown.refused}</p>`
        : html`<p>${shown.note}</p>`
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><p class="soft">${lede}</p>${body}</section>`
}

export const signedInPage = (frame: PageFrame, view: SignedInView): string =>
  layout(
    frame,
    'Signed in',
    html`${view.notice === null ? null : html`<p class="notice" role="status">${view.notice}</p>`}
<h1>Signed in as <bdi>${view.name}</bdi></h1>
<p class="lede">What each token says, after its signature, issuer, time and audience were checked.</p>
<div class="rows">
<a class="row" href="${frame.issuer}/account">Your account</a>
${view.mayRefresh ? html`<form method="post" action="/refresh"><button class="row">Get fresh tokens</button></form>` : null}
<form method="post" action="/sign-out"><button class="row primary">Sign out</button></form>
</div>
${section('id-token', 'ID token', 'Who signed in, for this app. Verified by openid-client.', view.idToken)}
${section('access-token', 'Access token', 'What this app may ask an API for. Verified by jose against the published keys.', view.accessToken)}
${section('user-info', 'userInfo', 'What the pool says when asked with the access token, now.', view.userInfo)}`,
  )

export interface Problem {
  title: string
  words: string
  /** The protocol's own words, for the developer. */
  details: Readonly<Record<string, string>>
}

export const problemPage = (frame: PageFrame, { title, words, details }: Problem): string =>
  layout(
    frame,
    title,
    html`<h1>${title}</h1>
<p class="lede">${words}</p>
${
  Object.keys(details).length === 0
    ? null
    : html`<section aria-labelledby="details"><h2 id="details">What the pool said</h2><dl>${Object.entries(details).map(
        ([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>
`,
      )}</dl></section>`
}
<nav class="rows" aria-label="What next"><a class="row primary" href="/sign-in">Sign in again</a><a class="row" href="/">Back to the start</a></nav>`,
  )
