import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { ClientSettings } from '#core/clients/client-settings.ts'
import { ConfigurationFile } from '#core/configuration/index.ts'
import { checkProviderSettings, OAuthProviderSettings, OidcProviderSettings } from '#core/federation/index.ts'
import { GroupSettings } from '#core/groups/index.ts'
import { BUDGETS } from '#core/limits/index.ts'
import { ResourceServerSettings } from '#core/pools/index.ts'
import { PoolSettings } from '#core/pools/pool-settings.ts'
import { settingsOf } from '#core/shared/settings/index.ts'
import { namesAt } from '#core/shared/settings/setting-list.ts'
import { COGNITO_CLASSES, COLOR_TOKENS, INKS, PORTICO_CLASSES, ThemeSettings } from '#core/themes/index.ts'
import { COMMANDS } from '#server/cli/commands/index.ts'
import { newProviderSettings } from '#server/cli/provider-words.ts'
import { readConfiguration } from '#server/cli/read-configuration.ts'
import { understand } from '#server/cli/run.ts'
import { ConfigSchema } from '#server/config.ts'
import type { Place } from '#server/locate.ts'
import { makeMetrics } from '#server/metrics.ts'
import { loadShippedThemes } from '#server/theme-library.ts'
import { commandLines, namesIn, readMarkdown, wordsOf } from '#tests/support/markdown.ts'

const ROOT = join(import.meta.dirname, '..')
const pages = new Map(
  ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: ROOT }).sort()]
    .filter((file) => existsSync(join(ROOT, file)))
    .map((file) => [file, readMarkdown(readFileSync(join(ROOT, file), 'utf8'))]),
)
const page = (name: string) => {
  const found = pages.get(`docs/${name}.md`)
  assert.ok(found, `docs/${name}.md is missing`)
  return found
}
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** Every kind there is: one that is left out does not compile. */
const PLACES: Readonly<Record<Place['kind'], true>> = {
  ...{ discovery: true, jwks: true, oidc: true, logout: true, 'saml-idp': true, alias: true },
  ...{ 'passkey-endpoints': true, link: true, 'recovery-link': true, 'question-link': true, 'sign-in-link': true },
  ...{ 'recovery-codes': true, language: true, account: true, flow: true, 'flow-complete': true },
  ...{ 'provider-departure': true, 'provider-return': true, 'provider-answer': true, 'provider-logout': true },
  ...{ 'saml-metadata': true, theme: true, image: true, asset: true, inbox: true, preview: true, nowhere: true },
}

/** Both ways: nothing undocumented, nothing made up. */
const sameNames = (documented: readonly string[], real: readonly string[]): void =>
  assert.deepEqual(documented.toSorted(), real.toSorted())

describe('every page of the documentation', () => {
  for (const [file, { text, links, headings }] of pages) {
    it(`${file} links to what is there`, () => {
      for (const { target, anchor } of links) {
        const path = target === '' ? file : join(dirname(file), target)
        assert.ok(existsSync(join(ROOT, path)), `${file} → ${target}`)
        const there = path === file ? headings : pages.get(path)?.headings
        if (anchor !== null && there !== undefined) assert.ok(there.includes(anchor), `${file} → ${target}#${anchor}`)
      }
    })

    it(`${file} names commands that exist`, () => {
      for (const [, name = ''] of text.matchAll(/\bnpm run ([a-z][\w:-]*)/g))
        assert.ok(Object.hasOwn(scripts, name), `${file}: npm run ${name}`)
      for (const [, script = ''] of text.matchAll(/\bnode ((?:scripts|server|core|tests)\/[\w./-]+)/g))
        assert.ok(existsSync(join(ROOT, script)), `${file}: node ${script}`)
    })

    it(`${file} gives the command line what it understands`, () => {
      for (const line of commandLines(text, 'npm run portico --')) {
        const asked = wordsOf(line)
        if (asked.length > 0) assert.doesNotThrow(() => understand(asked), `${file}: ${line}`)
      }
      for (const [, name = ''] of text.matchAll(
        /`((?:pools|clients|users|groups|resource-servers|idps) [a-z-]+(?: [a-z-]+)?)/g,
      ))
        assert.ok(
          COMMANDS.some((command) => `${name} `.startsWith(`${command.name} `)),
          `${file}: ${name}`,
        )
    })
  }
})

describe('the page for administrators', () => {
  const { sectionOf, codeOf } = page('administration')

  for (const [heading, schema] of [
    ['Pools', PoolSettings],
    ['Clients', ClientSettings],
    ['Resource servers', ResourceServerSettings],
    ['Groups', GroupSettings],
  ] as const)
    it(`lists every setting under ${heading}, and no other`, () => {
      sameNames(
        namesIn(sectionOf(heading), 'Setting'),
        settingsOf(schema).map(({ path }) => path),
      )
    })

  for (const [what, path] of [
    ['pool', ['pools', 0]],
    ['client', ['pools', 0, 'clients', 0]],
    ['person', ['pools', 0, 'users', 0]],
  ] as const)
    it(`lists every key of a ${what} in the file`, () => {
      sameNames(namesIn(sectionOf('The file'), `Key of a ${what}`), namesAt(ConfigurationFile, path))
    })

  it('shows a file that can be applied', async () => {
    const read = await readConfiguration(codeOf('yaml')[0] ?? '', {
      secret: async () => 'x'.repeat(40),
      text: async () => '.portico-title { color: #123456 }',
      picture: async () => null,
      shippedThemes: async () => loadShippedThemes(),
    })
    assert.deepEqual(read.ok ? [] : read.problems, [])
  })
})

describe('the page about identity providers', () => {
  it('lists every setting of those that speak OpenID Connect or OAuth 2.0, and no other', () => {
    const real = [OidcProviderSettings, OAuthProviderSettings].flatMap((schema) =>
      settingsOf(schema).map(({ path }) => path),
    )
    const documented = namesIn(page('federation').sectionOf('Settings'), 'Setting')
    sameNames(
      [...new Set(documented)],
      [...new Set(real)].filter((path) => path !== 'kind'),
    )
  })

  for (const name of ['federation', 'federation-ldap'])
    it(`shows providers that can be applied: ${name}`, async () => {
      const rows = (page(name).codeOf('yaml')[0] ?? '').split('\n').map((row) => `    ${row}`)
      const read = await readConfiguration(['pools:', '  - name: Shop', ...rows].join('\n'), {
        secret: async () => 'x'.repeat(40),
        text: async (file) => (file.endsWith('.pem') ? '-----BEGIN CERTIFICATE-----' : null),
        picture: async () => null,
        shippedThemes: async () => new Map(),
      })
      assert.deepEqual(read.ok ? [] : read.problems, [])
    })

  it('shows directories that can be created', () => {
    const creates = commandLines(page('federation-ldap').text, 'npm run portico -- idps create')
    assert.ok(creates.length > 1)
    for (const line of creates) {
      const asked = understand([
        'idps',
        'create',
        ...wordsOf(line.replace('$(cat corp-ca.pem)', '-----BEGIN CERTIFICATE-----')),
      ])
      assert.ok(asked.kind === 'command')
      const [name = '', ...words] = asked.input.words
      const settings = newProviderSettings(name, words, {})
      const checked = settings.ok
        ? checkProviderSettings({ settings: PoolSettings.parse({}) }, settings.value)
        : settings
      assert.equal(checked.ok ? 'ok' : checked.failure.because, 'ok', line)
    }
  })
})

describe('the page for operators', () => {
  const { sectionOf } = page('operations')

  it('lists every variable, and no other', () => {
    sameNames(namesIn(sectionOf('Configuration'), 'Variable'), Object.keys(ConfigSchema.shape))
  })

  it('lists every metric of ours, and no other', async () => {
    const metrics = makeMetrics()
    metrics.watchHashing(() => ({ running: 0, waiting: 0 }))
    const registered = [...(await metrics.text()).matchAll(/^# TYPE (portico_\w+)/gm)].map(([, name = '']) => name)
    // The library's own are told as two families: which there are depends on the platform.
    sameNames(
      namesIn(sectionOf('Metrics'), 'Metric'),
      registered.filter((name) => !/^portico_(?:process|nodejs)_/.test(name)),
    )
  })

  it('lists every kind of address that requests are counted by, and no other', () => {
    const [row = ''] = /^\| `portico_http_request_seconds`.*$/m.exec(sectionOf('Metrics')) ?? []
    const [, kinds = ''] = /`place` is the kind of address \(([^)]*)\)/.exec(row) ?? []
    sameNames(
      [...kinds.matchAll(/`([a-z-]+)`/g)].map(([, kind = '']) => kind),
      Object.keys(PLACES),
    )
  })

  it('tells every limit as it is', () => {
    const rows = sectionOf('Limits')
      .split('\n')
      .flatMap((line) => {
        const [, name, , limit = '', window = ''] = line.split('|').map((cell) => cell.trim())
        return name?.startsWith('`') ? [[name.slice(1, -1), Number(limit.replace(',', '')), window] as const] : []
      })
    assert.deepEqual(
      rows,
      Object.entries(BUDGETS).map(([name, { limit, windowSeconds }]) => [
        name,
        limit,
        windowSeconds < 3600 ? `${windowSeconds / 60} min` : `${windowSeconds / 3600} h`,
      ]),
    )
  })
})

describe('the page for brand owners', () => {
  const { text, sectionOf } = page('themes')

  it('lists every setting, and no other', () => {
    const documented = namesIn(sectionOf('Settings'), 'Setting').map((name) => name.split('.')[0] ?? '')
    const pictures = ['logo', 'logoDark', 'favicon']
    sameNames(
      [...new Set(documented)],
      Object.keys(ThemeSettings.shape).filter((name) => !pictures.includes(name)),
    )
  })

  it('names every token, ink and class', () => {
    const names = [...COLOR_TOKENS, ...INKS.map(({ name }) => name), ...PORTICO_CLASSES, ...COGNITO_CLASSES]
    for (const name of names) assert.ok(text.includes(`\`${name}\``), name)
  })
})

describe('the page for teams from Cognito', () => {
  it('lists every quirk that the preset switches', () => {
    const quirks = settingsOf(PoolSettings)
      .filter(({ path }) => path.startsWith('compatibility.') && path !== 'compatibility.preset')
      .map(({ path }) => path.slice('compatibility.'.length))
    sameNames(namesIn(page('cognito').sectionOf('The `cognito` preset'), 'Setting'), quirks)
  })
})
