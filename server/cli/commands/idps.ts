import { type IdentityProvider, KNOWN_PROVIDERS, labelOf } from '#core/federation/index.ts'
import type { ProviderCheckLine } from '#core/federation/ports.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { enteredAtProvider } from '../addresses-shown.ts'
import {
  type Command,
  type CommandInput,
  EXIT,
  mustConfirm,
  POOL,
  type Shown,
  UsageError,
  wordAt,
  YES,
} from '../command.ts'
import { changedProviderSettings, newProviderSettings, PROVIDER_SETTINGS, settingsOfKind } from '../provider-words.ts'
import { recordShown } from '../settings.ts'
import { table } from '../show.ts'
import { inPool } from './on-user.ts'

const SET = { set: { value: 'name=value', help: 'a setting; may be given more than once', many: true } }
const SECRET = {
  'secret-stdin': { help: 'read the client secret or private key from standard input' },
  'secret-file': { value: 'file', help: 'read it from a file' },
  'metadata-file': { value: 'file', help: 'SAML metadata from a file' },
}

/** A secret on the command line would stand in the list of processes. */
const secretFrom = async ({ switches, values, readFile, readStandardInput }: CommandInput): Promise<string | null> => {
  const file = values['secret-file']
  if (switches.has('secret-stdin') && file !== undefined)
    throw new UsageError('give the secret once: from standard input or from a file')
  // The line end belongs to the editor, not to the secret.
  if (file !== undefined) return readFile(file).trimEnd()
  return switches.has('secret-stdin') ? (await readStandardInput()).trimEnd() : null
}

const metadataFrom = ({ values, readFile }: CommandInput): { metadataXml?: string } => {
  const file = values['metadata-file']
  return file === undefined ? {} : { metadataXml: readFile(file) }
}

const onProvider = (
  act: (input: CommandInput, provider: IdentityProvider, pool: Pool) => ReturnType<Command['run']>,
): Command['run'] =>
  inPool(async (input, pool) => {
    const found = await input.admin.providers.find(pool.id, wordAt(input, 0, 'the provider'))
    return found.ok ? act(input, found.value, pool) : found
  })

const shown = (input: CommandInput, provider: IdentityProvider): Shown => {
  const { settings, ...rest } = provider
  const { name: _, ...others } = settings
  const entered = enteredAtProvider(input.admin, provider)
  const record = { ...rest, settings: others }
  return { json: { ...record, ...entered.json }, lines: [...recordShown(record).lines, ...entered.lines] }
}

const markOf = ({ ok, isNote }: ProviderCheckLine): string => (!ok ? 'WRONG' : isNote === true ? 'note' : 'right')

const switchTo = (word: 'enable' | 'disable'): Command => ({
  name: `idps ${word}`,
  summary:
    word === 'enable'
      ? 'let people sign in by it again'
      : 'nobody signs in by it, and what it gave is honoured no more',
  words: '<provider>',
  options: POOL,
  examples: [`idps ${word} Google --pool Shop`],
  run: onProvider(async (input, { poolId, name, settings }) => {
    const enabled = word === 'enable'
    const changed = await input.admin.providers.change({ poolId, name, settings: { ...settings, enabled } })
    return changed.ok ? ok({ json: changed.value, lines: [`${name} is ${word}d`] }) : changed
  }),
})

/** Identity providers. */
export const idpCommands: readonly Command[] = [
  {
    name: 'idps create',
    summary: 'let people sign in by another server',
    words: '[name] known=<provider>|kind=<kind> [setting=value …]',
    notes: [
      `Known providers need little more than clientId and a secret: portico idps known. Kinds: ${Object.keys(PROVIDER_SETTINGS).join(', ')}.`,
      'Lists of objects are JSON: groupRules=\'[{"claim": "groups", "equals": "staff", "group": "staff"}]\'.',
    ],
    options: { ...POOL, ...SET, ...SECRET },
    examples: [
      'idps create --pool Shop known=google clientId=1234.apps.googleusercontent.com --secret-file google.txt',
      'idps create Corp --pool Shop kind=oidc issuer=https://id.corp.example clientId=shop attributeMapping.email=email --secret-stdin',
      'idps create Campus --pool Shop kind=saml metadataUrl=https://idp.campus.example/metadata',
    ],
    run: inPool(async (input, pool) => {
      const [first = '', ...more] = input.words
      const name = first.includes('=') || first === '' ? null : first
      const words = [...(name === null ? input.words : more), ...(input.lists.set ?? [])]
      const settings = newProviderSettings(name, words, metadataFrom(input))
      if (!settings.ok) return settings
      const secret = await secretFrom(input)
      const created = await input.admin.providers.create({
        poolId: pool.id,
        settings: settings.value,
        ...(secret === null ? {} : { secret }),
      })
      return created.ok ? ok(shown(input, created.value)) : created
    }),
  },
  {
    name: 'idps list',
    summary: 'the identity providers of a pool, in the order people see them',
    options: POOL,
    examples: ['idps list --pool Shop'],
    run: inPool(async (input, pool) => {
      const providers = await input.admin.providers.list(pool.id)
      const rows = providers.map((provider) => {
        const { name, settings } = provider
        const state = settings.enabled ? (settings.linkOnly ? 'connect only' : 'enabled') : 'disabled'
        return [name, settings.kind, state, labelOf(provider), settings.identifiers]
      })
      const heads = ['NAME', 'KIND', 'STATE', 'LABEL', 'IDENTIFIERS']
      return ok({ json: providers, lines: providers.length === 0 ? ['no providers'] : table(heads, rows) })
    }),
  },
  {
    name: 'idps show',
    summary: 'a provider with all its settings and what to enter there; never its secret',
    words: '<provider>',
    options: POOL,
    examples: ['idps show Google --pool Shop'],
    run: onProvider(async (input, provider) => ok(shown(input, provider))),
  },
  {
    name: 'idps set',
    summary: 'change settings or the secret of a provider; the rest stays',
    words: '<provider> [setting=value …]',
    options: { ...POOL, ...SET, ...SECRET },
    examples: [
      'idps set Corp --pool Shop trustsEmail=always emailDomains=corp.example',
      'idps set Google --pool Shop --secret-file new.txt',
    ],
    run: onProvider(async (input, { poolId, name, settings: present }) => {
      const words = [...input.words.slice(1), ...(input.lists.set ?? [])]
      const base = { ...present, ...metadataFrom(input) }
      const settings = changedProviderSettings(present.kind, base, words)
      if (!settings.ok) return settings
      const secret = await secretFrom(input)
      const changed = await input.admin.providers.change({
        poolId,
        name,
        settings: settings.value,
        ...(secret === null ? {} : { secret }),
      })
      return changed.ok ? ok(shown(input, changed.value)) : changed
    }),
  },
  switchTo('enable'),
  switchTo('disable'),
  {
    name: 'idps check',
    summary: 'ask a provider, and say line by line what is right and what is wrong',
    words: '<provider>',
    notes: ['Exit 1 when anything is wrong; what is marked as a note is not.'],
    options: POOL,
    examples: ['idps check Google --pool Shop'],
    run: onProvider(async (input, { poolId, name }) => {
      const lines = await input.checkProvider(poolId, name)
      const isWrong = lines.some((line) => !line.ok)
      return ok({
        json: lines,
        lines: table(
          ['', 'CHECK', 'BECAUSE'],
          lines.map((line) => [markOf(line), line.line, line.because ?? '']),
        ).slice(1),
        ...(isWrong ? { exitCode: EXIT.refused } : {}),
      })
    }),
  },
  {
    name: 'idps delete',
    summary: 'delete a provider and all identities at it; the people stay',
    words: '<provider>',
    options: { ...POOL, ...YES },
    examples: ['idps delete Corp --pool Shop --yes'],
    run: onProvider(async (input, { poolId, name }): Promise<Result<{ json: unknown; lines: string[] }>> => {
      mustConfirm(input, `the provider ${name} and every identity at it`)
      const deleted = await input.admin.providers.delete({ poolId, name })
      return deleted.ok ? ok({ json: { deleted: name }, lines: [`deleted ${name}`] }) : deleted
    }),
  },
  {
    name: 'idps settings',
    summary: 'every setting a provider of a kind has, with default',
    words: `<${Object.keys(PROVIDER_SETTINGS).join('|')}>`,
    options: {},
    examples: ['idps settings oidc'],
    run: async (input) => {
      const settings = settingsOfKind(wordAt(input, 0, 'the kind'))
      return ok({
        json: settings,
        lines: table(
          ['SETTING', 'KIND', 'DEFAULT', 'CHOICES'],
          settings.map(({ path, kind, fallback, choices }) => [path, kind, fallback, choices]),
        ),
      })
    },
  },
  {
    name: 'idps known',
    summary: 'providers that everybody knows, and what each asks for beside clientId',
    options: {},
    examples: ['idps known'],
    run: async () => {
      const rows = KNOWN_PROVIDERS.map(({ key, name, asks, settings }) => ({
        key,
        name,
        kind: settings.kind,
        asks: Object.keys(asks),
      }))
      return ok({
        json: rows,
        lines: table(
          ['KNOWN', 'NAME', 'KIND', 'ASKS'],
          rows.map(({ key, name, kind, asks }) => [key, name, kind, asks]),
        ),
      })
    },
  },
]
