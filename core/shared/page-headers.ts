export interface PageHeaderOptions {
  nonce: string
  isSecure: boolean
  /** Origin a form of this page may post to besides our own: the client's, for form_post. */
  formAction?: string
  /** The page leaves for the app: nothing of our address goes with it. */
  leaves?: boolean
  /** No window that opened the page keeps a hold on it: the person's own account. */
  standsAlone?: boolean
}

/**
 * Headers of every hosted page. `default-src 'none'`, no inline style, script by nonce alone.
 *
 * Form pages use `same-origin` as referrer policy: under `no-referrer` Chromium sends `Origin: null` with same-origin posts.
 */
export const pageHeaders = ({
  nonce,
  isSecure,
  formAction,
  leaves,
  standsAlone,
}: PageHeaderOptions): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `form-action 'self'${formAction === undefined ? '' : ` ${formAction}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
  ].join('; '),
  'referrer-policy': leaves === true ? 'no-referrer' : 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': standsAlone === true ? 'same-origin' : 'unsafe-none',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'publickey-credentials-get=(self), publickey-credentials-create=(self), otp-credentials=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-store',
  ...(isSecure ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
})
