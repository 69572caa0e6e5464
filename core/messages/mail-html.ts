import { directionOf, type Locale } from '../shared/locales.ts'
import type { MailContent } from './mail-content.ts'
import { type MailBrand, PICTURE_ID } from './message.ts'
import { escapeHtml } from './safe-values.ts'

const DEFAULT_BRAND: MailBrand = { rail: '#1f3a4d', onRail: '#f2f6f8' }
const HEX_COLOUR = /^#[0-9a-f]{6}$/i
const TEXT_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
const CODE_FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace"

/** No pure white and no pure black: programs that invert colours by themselves leave these alone or invert them legibly. */
const LIGHT = { ground: '#eceff1', field: '#f8f9fa', ink: '#1b2126', soft: '#46525b', rule: '#cfd6db' }
const DARK = { ground: '#14181b', field: '#1c2226', ink: '#edf0f2', soft: '#b4bfc7', rule: '#3a444b' }

const DARK_RULES = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background:${DARK.ground}!important}
.field{background:${DARK.field}!important;border-color:${DARK.rule}!important}
.ink{color:${DARK.ink}!important}
.soft{color:${DARK.soft}!important}
.rule{border-color:${DARK.rule}!important}
}
@media (max-width:480px){.pad{padding-left:20px!important;padding-right:20px!important}}`

/** Absolute addresses of the web alone; anything else in a message is a fault of ours. */
const href = (address: string): string => {
  if (!/^https?:\/\/[^\s]+$/.test(address)) throw new Error('a link in a message must be an absolute http address')
  return escapeHtml(address)
}

/** Grouped by space between the digits that is not a character: what is copied is the code. */
const codeDigits = (code: string): string =>
  /^\d{6}$/.test(code)
    ? `${code.slice(0, 3)}<span style="padding-left:.35em">${code.slice(3)}</span>`
    : escapeHtml(code)

/** Beside the name, whose words it would repeat to those who hear the mail: it speaks only where it says something else. */
const markOf = ({ picture }: MailBrand, appName: string, end: 'left' | 'right'): string =>
  picture === undefined
    ? ''
    : `<img src="cid:${PICTURE_ID}" width="${picture.width}" height="${picture.height}" alt="${escapeHtml(picture.alt === appName ? '' : picture.alt)}" style="border:0;vertical-align:middle;margin-${end}:12px">`

export interface MailFrame {
  locale: Locale
  /** Stands in the bar. */
  appName: string
  signature: string
  brand: MailBrand | undefined
}

interface Row {
  html: string
  /** Pixels below. */
  gap: number
  class?: 'ink' | 'soft'
  style?: string
}

/**
 * The HTML part: one column of 600 px in tables (what Outlook's Word engine lays out), inline styles (what webmail keeps),
 * no script, nothing fetched; the mark, where there is one, is a part of the mail. Every value is escaped here and nowhere else.
 */
export const mailHtml = (content: MailContent, frame: MailFrame): string => {
  const { locale, appName, signature } = frame
  const dir = directionOf(locale)
  const start = dir === 'rtl' ? 'right' : 'left'
  const brand =
    frame.brand && HEX_COLOUR.test(frame.brand.rail) && HEX_COLOUR.test(frame.brand.onRail)
      ? frame.brand
      : DEFAULT_BRAND

  const row = ({ html, gap, class: name = 'ink', style = '' }: Row): string =>
    `<tr><td class="${name} pad" align="${start}" style="padding:0 32px ${gap}px;color:${name === 'ink' ? LIGHT.ink : LIGHT.soft};font-family:${TEXT_FONT};font-size:16px;line-height:1.5;${style}">${html}</td></tr>`
  const text = (value: string, gap = 16): string => row({ html: escapeHtml(value), gap })
  const small = (value: string, gap = 12): string =>
    row({ html: escapeHtml(value), gap, class: 'soft', style: 'font-size:14px;' })
  const plainLink = (address: string): string =>
    `<a class="ink" href="${href(address)}" dir="ltr" style="color:${LIGHT.ink};word-break:break-all">${escapeHtml(address)}</a>`

  const code = content.code
    ? row({
        html: `<div dir="ltr" style="font-family:${CODE_FONT};font-size:28px;line-height:1.4;font-weight:600;text-align:${start}">${codeDigits(content.code)}</div>`,
        gap: 16,
      })
    : ''
  const details = content.details.map(({ label, value, isSecret }) =>
    row({
      html: `<span class="soft" style="color:${LIGHT.soft};font-size:14px">${escapeHtml(label)}</span><br><bdi${isSecret ? ` dir="ltr" style="font-family:${CODE_FONT};font-size:20px;word-break:break-all"` : ''}>${escapeHtml(value)}</bdi>`,
      gap: 12,
    }),
  )
  const action = content.action
    ? row({
        html: `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="${brand.rail}" style="background:${brand.rail};border-radius:2px;padding:13px 20px"><a href="${href(content.action.href)}" style="color:${brand.onRail};font-family:${TEXT_FONT};font-size:16px;font-weight:600;text-decoration:none;display:inline-block">${escapeHtml(content.action.label)}</a></td></tr></table>`,
        gap: 20,
      })
    : ''
  const further = content.further
    ? row({ html: `${escapeHtml(content.further.label)}<br>${plainLink(content.further.href)}`, gap: 20 })
    : ''

  return `<!doctype html>
<html lang="${locale}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(content.subject)}</title>
<style>
${DARK_RULES}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:${LIGHT.ground}">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(content.preheader)}</div>
<table role="presentation" class="ground" lang="${locale}" dir="${dir}" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:${LIGHT.ground}">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="field" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px;background:${LIGHT.field};border:1px solid ${LIGHT.rule}">
<tr><td class="pad" bgcolor="${brand.rail}" align="${start}" style="background:${brand.rail};color:${brand.onRail};padding:16px 32px;font-family:${TEXT_FONT};font-size:16px;line-height:1.4;font-weight:600">${markOf(brand, appName, start === 'left' ? 'right' : 'left')}<bdi>${escapeHtml(appName)}</bdi></td></tr>
<tr><td class="ink pad" align="${start}" style="padding:28px 32px 12px;color:${LIGHT.ink};font-family:${TEXT_FONT}"><h1 style="margin:0;font-size:24px;line-height:1.2;font-weight:700">${escapeHtml(content.heading)}</h1></td></tr>
${text(content.intro)}
${code}${details.join('\n')}
${content.remarks.map((remark) => text(remark, 8)).join('\n')}
<tr><td style="height:12px;line-height:12px;font-size:0">&nbsp;</td></tr>
${action}${further}
${small(content.notYou, 12)}
${small(content.reason, 12)}
<tr><td class="soft rule pad" align="${start}" style="padding:14px 32px 18px;border-top:1px solid ${LIGHT.rule};color:${LIGHT.soft};font-family:${TEXT_FONT};font-size:13px;line-height:1.5">${escapeHtml(signature)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}
