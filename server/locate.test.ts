import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FLOW_STEPS } from '#core/flows/index.ts'
import { locate } from './locate.ts'

const poolId = 'eu-local-1_AbCdEfGhI'
const pool = `/${poolId}`
const flowId = 'AbCdEfGhIjKlMnOpQrStUvWx-_'
const hash = 'a'.repeat(64)

/** Every address there is. */
const PLACES: readonly [string, object][] = [
  [`${pool}/.well-known/openid-configuration`, { kind: 'discovery', poolId }],
  [`${pool}/.well-known/oauth-authorization-server`, { kind: 'discovery', poolId }],
  [`/.well-known/oauth-authorization-server${pool}`, { kind: 'discovery', poolId }],
  [`/.well-known/openid-configuration${pool}`, { kind: 'discovery', poolId }],
  [`${pool}/.well-known/jwks.json`, { kind: 'jwks', poolId }],
  [`${pool}/.well-known/change-password`, { kind: 'account', poolId, place: 'password' }],
  [`${pool}/.well-known/passkey-endpoints`, { kind: 'passkey-endpoints', poolId }],
  ['/.well-known/passkey-endpoints', { kind: 'passkey-endpoints', poolId: null }],
  [`${pool}/passkeys/add`, { kind: 'alias', poolId, screen: 'enrol-passkey' }],
  [`${pool}/account`, { kind: 'account', poolId, place: 'overview' }],
  [`${pool}/account/sessions`, { kind: 'account', poolId, place: 'sessions' }],
  [`${pool}/account/callback`, { kind: 'account', poolId, place: 'callback' }],
  ...['authorize', `authorize/${flowId}`, 'token', 'userInfo', 'revoke', 'introspect'].map(
    (rest) => [`${pool}/oauth2/${rest}`, { kind: 'oidc', poolId, rest: `/oauth2/${rest}` }] as [string, object],
  ),
  [`${pool}/logout`, { kind: 'logout', poolId, rest: '/logout' }],
  [`${pool}/logout/confirm`, { kind: 'logout', poolId, rest: '/logout/confirm' }],
  ...['success', 'everywhere', 'only-here', 'stayed'].map(
    (outcome) =>
      [`${pool}/logout/${outcome}`, { kind: 'logout', poolId, rest: `/logout/${outcome}` }] as [string, object],
  ),
  ...['metadata', 'sso', 'slo', 'init', 'continue', 'leave', 'logout'].map(
    (part) => [`${pool}/saml2/idp/${part}`, { kind: 'saml-idp', poolId, part }] as [string, object],
  ),
  [`${pool}/language`, { kind: 'language', poolId }],
  [`${pool}/login`, { kind: 'alias', poolId, screen: 'sign-in' }],
  [`${pool}/signup`, { kind: 'alias', poolId, screen: 'sign-up' }],
  [`${pool}/forgotPassword`, { kind: 'alias', poolId, screen: 'forgot-password' }],
  [`${pool}/changePassword`, { kind: 'alias', poolId, screen: 'change-password' }],
  [`${pool}/wasThisYou`, { kind: 'question-link', poolId }],
  [`${pool}/factorRecovery`, { kind: 'recovery-link', poolId }],
  [`${pool}/signInLink`, { kind: 'sign-in-link', poolId }],
  [
    `${pool}/flow/abcdefghij0123456789K/recovery-codes.txt`,
    { kind: 'recovery-codes', poolId, flowId: 'abcdefghij0123456789K' },
  ],
  [`${pool}/confirmUser`, { kind: 'link', poolId }],
  // As Cognito's own links are written.
  [`${pool}/confirmUser/`, { kind: 'link', poolId }],
  [`${pool}/flow/${flowId}`, { kind: 'flow', poolId, flowId, step: null }],
  ...FLOW_STEPS.map(
    (step) => [`${pool}/flow/${flowId}/${step}`, { kind: 'flow', poolId, flowId, step }] as [string, object],
  ),
  [`${pool}/flow/${flowId}/complete`, { kind: 'flow-complete', poolId, flowId }],
  [`${pool}/_theme/pool/${hash}.css`, { kind: 'theme', poolId, clientId: '', hash }],
  [`${pool}/_theme/1example23456789/${hash}.css`, { kind: 'theme', poolId, clientId: '1example23456789', hash }],
  [`${pool}/_image/logo.png`, { kind: 'image', poolId, name: 'logo.png' }],
  ['/assets/portico.css', { kind: 'asset', name: 'portico.css' }],
  ['/dev/inbox', { kind: 'inbox', rest: '/dev/inbox' }],
  ['/dev/inbox.json', { kind: 'inbox', rest: '/dev/inbox.json' }],
  ['/dev/inbox/0197', { kind: 'inbox', rest: '/dev/inbox/0197' }],
  ['/preview/flow/sign-in', { kind: 'preview' }],
]

const kindOf = (url: string): string => locate(url).kind

describe('where an address leads', () => {
  for (const [path, place] of PLACES) {
    it(`${path}`, () => {
      assert.deepEqual(locate(path), place)
      assert.deepEqual(locate(`${path}?a=b&c=/d/../e%2f`), place, 'the query changes nothing')
    })
  }
})

describe('every other spelling leads nowhere', () => {
  const variants: readonly [string, (path: string) => string][] = [
    ['a slash at the end', (path) => `${path}/`],
    ['two slashes', (path) => path.replace('/', '//')],
    ['two slashes inside', (path) => path.replace(/(.)\//, '$1//')],
    ['an encoded slash', (path) => path.replace(/(.)\//, '$1%2f')],
    [
      'an encoded letter',
      (path) => path.replace(/[a-z](?=[^a-z]*$)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ],
    ['a backslash', (path) => path.replace(/(.)\//, '$1\\')],
    ['a dot segment', (path) => path.replace(/(.)\//, '$1/./')],
    ['a double-dot segment', (path) => `/x/..${path}`],
    ['a semicolon', (path) => `${path};a=b`],
    ['a null byte', (path) => `${path}\0`],
    ['a blank', (path) => `${path} `],
    ['something after it', (path) => `${path}/more`],
    ['an authority before it', (path) => `http://evil.example.com${path}`],
    ['another case', (path) => path.replace(/[a-z](?=[^a-zA-Z]*$)/, (letter) => letter.toUpperCase())],
  ]
  for (const [what, vary] of variants) {
    it(`with ${what}`, () => {
      for (const [path, place] of PLACES) {
        const url = vary(path)
        // One link is known in two spellings, and a file's or a client's name may be any.
        if (url === path || `${path}/` === `${pool}/confirmUser/` || /inbox|preview|_image|assets|_theme/.test(path))
          continue
        assert.notDeepEqual(locate(url), place, url)
        // An id in another case is another id, of the same kind.
        assert.ok(['nowhere', 'flow', 'flow-complete', 'oidc'].includes(kindOf(url)), url)
      }
    })
  }

  it('of a pool’s id, of a flow’s id, of a step', () => {
    for (const url of [
      '/',
      '',
      '*',
      '/eu-local-1_AbCdEfGh/login',
      '/eu-local-1_AbCdEfGhIj/login',
      '/eu_AbCdEfGhI/login',
      '/EU-LOCAL-1_AbCdEfGhI/login',
      '/../etc/passwd',
      `${pool}`,
      `${pool}/`,
      `${pool}/flow`,
      `${pool}/flow/`,
      `${pool}/flow/short`,
      `${pool}/flow/${'x'.repeat(65)}`,
      `${pool}/flow/${flowId}/`,
      `${pool}/flow/${flowId}/unheard-of`,
      `${pool}/flow/${flowId}/__proto__`,
      `${pool}/constructor`,
      `${pool}/toString`,
      `${pool}/__proto__`,
      `${pool}/oauth2/authorize/`,
      `${pool}/oauth2/userinfo`,
      `${pool}/oauth2/device`,
      `${pool}/oauth2/register`,
      `${pool}/session/end`,
      `${pool}/me`,
      `${pool}/interaction/${flowId}`,
      `${pool}/_theme/pool/${'A'.repeat(64)}.css`,
      `${pool}/_theme/pool/${hash}.css/x`,
      `${pool}/_image/..`,
      `${pool}/_image/a/b`,
      '/assets/',
      '/assets/a/b.css',
      '/_next/static/chunks/main.js',
      '/_next/data/x.json',
      '/api/anything',
      '/metrics',
      '/readyz',
      '/.env',
      '/.well-known/openid-configuration',
      '/.well-known/openid-configuration/unknown',
      '/.well-known/jwks.json',
      '/development/inbox',
      '/dev',
      '/dev/inboxes',
      '/dev/inbox.jsonp',
      '/dev/inbox.json/x',
      '/dev/inbox-of-somebody/x',
      `/${'a'.repeat(100_000)}`,
    ])
      assert.equal(kindOf(url), 'nowhere', url.slice(0, 80))
  })
})
