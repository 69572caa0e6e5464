import { type AppClient, ClientSettings } from '#core/clients/client-settings.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { settingsOf } from '#core/shared/settings/index.ts'
import { enteredAtServiceProvider } from '../addresses-shown.ts'
import { type Command, type CommandInput, mustConfirm, optionValue, POOL, wordAt, YES } from '../command.ts'
import { SAML_METADATA, withNamedMetadata } from '../saml-metadata.ts'
import { recordShown, settingsFrom, settingsShown } from '../settings.ts'
import { table } from '../show.ts'

const SETTINGS = settingsOf(ClientSettings)

const SET = { set: { value: 'name=value', help: 'a setting; may be given more than once', many: true } }

const named = async (input: CommandInput): Promise<Result<{ pool: Pool; client: AppClient }>> => {
  const pool = await input.admin.pools.find(optionValue(input, 'pool'))
  if (!pool.ok) return pool
  const client = await input.admin.clients.find(pool.value.id, wordAt(input, 0, 'the client'))
  return client.ok ? ok({ pool: pool.value, client: client.value }) : client
}

const onClient =
  (act: (input: CommandInput, client: AppClient) => ReturnType<Command['run']>): Command['run'] =>
  async (input) => {
    const found = await named(input)
    return found.ok ? act(input, found.value.client) : found
  }

const switchTo = (word: 'enable' | 'disable'): Command => ({
  name: `clients ${word}`,
  summary: word === 'enable' ? 'let a client work again' : 'refuse a client at every use from now on',
  words: '<client>',
  options: POOL,
  examples: [`clients ${word} "Web shop" --pool Shop`],
  run: onClient(async (input, { poolId, id, name }) => {
    const changed = await input.admin.clients.change({ poolId, clientId: id, enabled: word === 'enable' })
    return changed.ok ? ok({ json: changed.value, lines: [`${name} is ${word}d`] }) : changed
  }),
})

export const clientCommands: readonly Command[] = [
  {
    name: 'clients create',
    summary: 'register an app; prints its id, and its secret this once',
    words: '<name> [setting=value …]',
    notes: ['The secret cannot be shown again. Lost? Add a second one, then remove the first.'],
    options: {
      ...POOL,
      ...SET,
      ...SAML_METADATA,
      id: { value: 'id', help: 'a fixed id: 26 lower-case letters and digits' },
    },
    examples: [
      'clients create "Web shop" --pool Shop callbackUrls=https://shop.example.com/callback logoutUrls=https://shop.example.com/',
      'clients create Phone --pool Shop type=public callbackUrls=com.example.shop:/callback',
      'clients create Wiki --pool Shop --saml-metadata wiki.xml saml.attributes.email.name=mail',
      'clients create Nightly --pool Shop flows=client_credentials scopes=https://api.example.com/read',
    ],
    async run(input) {
      const [name, assignments] = [wordAt(input, 0, 'the name'), input.words.slice(1)]
      const pool = await input.admin.pools.find(optionValue(input, 'pool'))
      if (!pool.ok) return pool
      const given = await withNamedMetadata(input, {})
      if (!given.ok) return given
      const settings = settingsFrom(SETTINGS, given.value, [...assignments, ...(input.lists.set ?? [])])
      if (!settings.ok) return settings
      const { id } = input.values
      const created = await input.admin.clients.create({
        poolId: pool.value.id,
        name,
        settings: settings.value,
        ...(id === undefined ? {} : { id }),
      })
      if (!created.ok) return created
      const { client, secret } = created.value
      const shown = secret === null ? [] : [`client secret  ${secret}`, 'Keep it now: it is not shown again.']
      const entered = enteredAtServiceProvider(input.admin, client)
      return ok({
        json: { ...client, secret, ...entered.json },
        lines: [`client id      ${client.id}`, ...shown, ...entered.lines],
      })
    },
  },
  {
    name: 'clients list',
    summary: 'the apps of a pool',
    options: POOL,
    examples: ['clients list --pool Shop'],
    async run(input) {
      const pool = await input.admin.pools.find(optionValue(input, 'pool'))
      if (!pool.ok) return pool
      const clients = await input.admin.clients.list(pool.value.id)
      const rows = clients.map(({ id, name, enabled, settings }) => [
        id,
        name,
        settings.type,
        enabled ? 'enabled' : 'disabled',
        settings.flows,
      ])
      return ok({ json: clients, lines: table(['ID', 'NAME', 'TYPE', 'STATE', 'FLOWS'], rows) })
    },
  },
  {
    name: 'clients show',
    summary: 'an app with all its settings and the ids of its secrets',
    words: '<client>',
    options: POOL,
    examples: ['clients show "Web shop" --pool Shop'],
    run: onClient(async (input, client) =>
      ok(recordShown({ ...client, secrets: await input.admin.clients.secrets(client.poolId, client.id) })),
    ),
  },
  {
    name: 'clients set',
    summary: 'change settings of an app; the rest stays',
    words: '<client> <setting=value …>',
    options: { ...POOL, ...SET, ...SAML_METADATA, name: { value: 'name', help: 'another name' } },
    examples: [
      'clients set "Web shop" --pool Shop accessTokenSeconds=900 refreshRotation.enabled=true',
      'clients set Wiki --pool Shop --saml-metadata wiki.xml',
    ],
    run: onClient(async (input, client) => {
      const given = await withNamedMetadata(input, client.settings)
      if (!given.ok) return given
      const settings = settingsFrom(SETTINGS, given.value, [...input.words.slice(1), ...(input.lists.set ?? [])])
      if (!settings.ok) return settings
      const { name } = input.values
      const changed = await input.admin.clients.change({
        poolId: client.poolId,
        clientId: client.id,
        settings: settings.value,
        ...(name === undefined ? {} : { name }),
      })
      return changed.ok ? ok(recordShown(changed.value)) : changed
    }),
  },
  {
    name: 'clients settings',
    summary: 'every setting an app has, with kind and default',
    options: {},
    examples: ['clients settings'],
    run: async () => ok(settingsShown(SETTINGS)),
  },
  switchTo('enable'),
  switchTo('disable'),
  {
    name: 'clients add-secret',
    summary: 'a second secret, valid at once beside the first; printed this once',
    words: '<client>',
    options: POOL,
    examples: ['clients add-secret "Web shop" --pool Shop'],
    run: onClient(async (input, { poolId, id }) => {
      const added = await input.admin.clients.addSecret({ poolId, clientId: id })
      if (!added.ok) return added
      const { secret } = added.value
      return ok({
        json: added.value,
        lines: [`secret id      ${added.value.id}`, `client secret  ${secret}`, 'Keep it now: it is not shown again.'],
      })
    }),
  },
  {
    name: 'clients remove-secret',
    summary: 'a secret stops working at once',
    words: '<client> <secret id>',
    options: { ...POOL, ...YES },
    examples: ['clients remove-secret "Web shop" 0197… --pool Shop --yes'],
    run: onClient(async (input, { poolId, id, name }) => {
      const secretId = wordAt(input, 1, 'the id of the secret')
      mustConfirm(input, `a secret of ${name}`)
      const removed = await input.admin.clients.removeSecret({ poolId, clientId: id, secretId })
      return removed.ok ? ok({ json: { deleted: secretId }, lines: [`removed ${secretId}`] }) : removed
    }),
  },
  {
    name: 'clients delete',
    summary: 'delete an app; its tokens are honoured no more',
    words: '<client>',
    options: { ...POOL, ...YES },
    examples: ['clients delete "Web shop" --pool Shop --yes'],
    run: onClient(async (input, { poolId, id, name }) => {
      mustConfirm(input, `the app ${name}`)
      const deleted = await input.admin.clients.delete({ poolId, clientId: id })
      return deleted.ok ? ok({ json: { deleted: id }, lines: [`deleted ${name}`] }) : deleted
    }),
  },
]
