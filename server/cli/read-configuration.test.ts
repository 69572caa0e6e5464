import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Materials } from '#core/configuration/index.ts'
import { loadShippedThemes } from '../theme-library.ts'
import { readConfiguration } from './read-configuration.ts'

const TEXTS: Readonly<Record<string, string>> = {
  'look.css': 'body { background: url(https://evil.test/x) }',
  'ca.pem': '-----BEGIN CERTIFICATE-----',
  'empty.xml': '',
}
const materials: Materials = {
  secret: async ({ env }) => (env === 'SHOP_SECRET' ? 'x'.repeat(40) : null),
  text: async (file) => TEXTS[file] ?? null,
  picture: async (file) =>
    file === 'logo.svg' ? { ok: false, refusal: 'svg', reason: 'SVG can carry scripts', suggestion: 'use PNG' } : null,
  shippedThemes: async () => loadShippedThemes(),
}

const problemsIn = async (text: string): Promise<string[]> => {
  const read = await readConfiguration(text, materials)
  return read.ok ? [] : read.problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`)
}

describe('reading a configuration file', () => {
  it('says where the writing is broken', async () => {
    assert.match((await problemsIn('pools:\n  - name: [Shop')).join(), /^2:\d+ .*/)
    assert.match((await problemsIn('pools:\n  - name: Shop\n    name: Other\n')).join(), /^3:5 .*unique/i)
    assert.deepEqual(await problemsIn(''), ['1:1  must be a group of settings'])
  })

  it('names unknown keys where they stand, with what was meant, and everything else that is wrong, at once', async () => {
    const text = `pools:
  - name: Shop
    setings: {}
    settings:
      session:
        maxMinuts: 5
      mfa: on
      attributes:
        'custom:a.b':
          maxLenght: 3
    clients:
      - name: Web
        settings:
          callbackUrl: [https://shop.example.com/cb]
          accessTokenSeconds: 5
`
    assert.deepEqual(await problemsIn(text), [
      '3:5 pools.0.setings unknown setting; did you mean settings?',
      '6:9 pools.0.settings.session.maxMinuts unknown setting; did you mean maxMinutes?',
      '7:7 pools.0.settings.mfa must be one of off, optional, required',
      '10:11 pools.0.settings.attributes.custom:a.b.maxLenght unknown setting; did you mean maxLength?',
      '14:11 pools.0.clients.0.settings.callbackUrl unknown setting; did you mean callbackUrls?',
      '14:11 pools.0.clients.0.settings.callbackUrls authorization_code needs at least one callback URL',
      '15:11 pools.0.clients.0.settings.accessTokenSeconds must be at least 300',
    ])
  })

  it('takes certificates and metadata from files, and says where those do not hold what they should', async () => {
    const corp = (ca: string) => `pools:
  - name: Shop
    identityProviders:
      - kind: ldap
        name: Corp
        servers: [ldaps://dc.corp.example]
        bind: { mode: bindAsUser, template: 'uid={login},dc=corp' }
        searchBase: dc=corp,dc=example
        forEverybody: true
        ca: ${ca}
      - { kind: saml, name: Campus, metadataFile: ${ca.includes('ca.pem') ? 'ca.pem' : 'empty.xml'} }
`
    assert.deepEqual(await problemsIn(corp('{ file: ca.pem }')), [])
    assert.deepEqual(await problemsIn(corp('{ file: look.css }')), [
      '10:9 pools.0.identityProviders.0.ca a certificate in PEM',
      '11:37 pools.0.identityProviders.1.metadataFile must not be empty',
    ])
    assert.match((await problemsIn(corp('{ file: nowhere }'))).join(), /0\.ca the file is not there/)
    assert.match((await problemsIn(corp('{ name: ca.pem }'))).join(), /0\.ca must be text/)
  })

  it('finds what cannot be true beyond its form', async () => {
    const text = `pools:
  - name: Shop
    clients:
      - name: Web
        secret: { env: NOT_SET }
        settings: { callbackUrls: [https://shop.example.com/cb], scopes: [openid, api/read] }
      - name: Web
        secret: { env: SHOP_SECRET }
        settings: { type: public, callbackUrls: [https://shop.example.com/cb] }
    groups: [{ name: staff }]
    users:
      - attributes: { email: ann@example.com, team: x }
      - attributes: { name: Bo }
      - attributes: { email: cy@example.com }
        groups: [staff, bosses]
    theme:
      css: { file: look.css }
      logo: { file: logo.svg, alt: Shop }
      favicon: { file: missing.png }
      settings: { base: dark }
`
    assert.deepEqual(await problemsIn(text), [
      '5:9 pools.0.clients.0.secret the environment variable NOT_SET is not set',
      '6:83 pools.0.clients.0.settings.scopes.1 no such scope in this pool',
      '7:9 pools.0.clients.1.name is there twice',
      '8:9 pools.0.clients.1.secret a public client has none',
      '12:47 pools.0.users.0.attributes.team no such attribute in this pool',
      '13:9 pools.0.users.1 has nothing to sign in with: email',
      '15:25 pools.0.users.2.groups.1 no such group in this file',
      ...(await problemsIn(text)).slice(7),
    ])
    const [css, ...others] = (await problemsIn(text)).slice(7)
    assert.match(css ?? '', /^17:\d+ pools\.0\.theme\.css\.file look\.css:1:\d+ /)
    assert.deepEqual(others, [
      '18:15 pools.0.theme.logo.file SVG can carry scripts; use PNG',
      '19:18 pools.0.theme.favicon.file cannot be read',
      '20:19 pools.0.theme.settings.base no theme of this name is shipped',
    ])
  })

  it('refuses a look that builds on a theme nobody ships: its pages could not be drawn', async () => {
    const text = `pools:
  - name: Shop
    theme:
      settings: { base: nope }
`
    assert.deepEqual(await problemsIn(text), ['4:19 pools.0.theme.settings.base no theme of this name is shipped'])
  })

  it('refuses secrets that stand in the file, and numbers where text belongs', async () => {
    const text = `pools:
  - name: Shop
    clients:
      - { name: Web, secret: hush, settings: { callbackUrls: [https://shop.example.com/cb] } }
    users:
      - attributes: { phone_number: +4930123456 }
`
    const problems = await problemsIn(text)
    assert.equal(problems.length, 2)
    assert.equal(
      problems[0],
      '4:22 pools.0.clients.0.secret is not written here: name its variable or file, { env: NAME } or { file: name }',
    )
    assert.equal(
      problems[1],
      '6:23 pools.0.users.0.attributes.phone_number text or true or false; numbers go in quotes',
    )
    assert.equal(problems.join().includes('hush'), false)
  })

  it('does not unfold a small file into a large one', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`).join()}]`),
    ].join('\n')
    assert.match((await problemsIn(bomb)).join(), /alias/i)
  })

  it('gives every setting its default', async () => {
    const read = await readConfiguration('pools:\n  - name: Shop\n', materials)
    assert.ok(read.ok)
    assert.equal(read.file.pools[0]?.settings.session.maxMinutes, 60)
  })
})
