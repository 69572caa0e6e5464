import { PoolSettings } from '#core/pools/pool-settings.ts'
import { ok } from '#core/shared/result.ts'
import { settingsOf } from '#core/shared/settings/index.ts'
import { type Command, mustConfirm, noMoreWords, wordAt, YES } from '../command.ts'
import { poolRemarkLines } from '../pool-remarks.ts'
import { recordShown, settingsFrom, settingsShown } from '../settings.ts'
import { table } from '../show.ts'

const SETTINGS = settingsOf(PoolSettings)

const SET = { set: { value: 'name=value', help: 'a setting; may be given more than once', many: true } }

export const poolCommands: readonly Command[] = [
  {
    name: 'pools create',
    summary: 'make a user pool with signing keys of its own',
    words: '<name> [setting=value …]',
    options: { ...SET, id: { value: 'id', help: 'a fixed id, like eu-local-1_AbCdEfGhI' } },
    examples: ['pools create Shop', 'pools create Shop signInNames=email,phone_number --set session.maxMinutes=30'],
    async run(input) {
      const [name, assignments] = [wordAt(input, 0, 'the name'), input.words.slice(1)]
      const settings = settingsFrom(SETTINGS, {}, [...assignments, ...(input.lists.set ?? [])])
      if (!settings.ok) return settings
      const created = await input.admin.pools.create({
        name,
        settings: settings.value,
        ...(input.values.id === undefined ? {} : { id: input.values.id }),
      })
      if (!created.ok) return created
      const { id } = created.value
      return ok({
        json: created.value,
        lines: [
          `made the pool ${name}: ${id}`,
          `issuer ${input.admin.links.base(id)}`,
          ...poolRemarkLines(name, created.value.settings),
        ],
      })
    },
  },
  {
    name: 'pools list',
    summary: 'all user pools',
    options: {},
    examples: ['pools list'],
    async run(input) {
      noMoreWords(input, 0)
      const pools = await input.admin.pools.list()
      return ok({
        json: pools,
        lines: table(
          ['ID', 'NAME', 'SIGN-IN NAMES', 'CREATED'],
          pools.map(({ id, name, settings, createdAt }) => [id, name, settings.signInNames, createdAt]),
        ),
      })
    },
  },
  {
    name: 'pools show',
    summary: 'a pool with all its settings',
    words: '<pool>',
    options: {},
    examples: ['pools show Shop'],
    async run(input) {
      const pool = await input.admin.pools.find(wordAt(input, 0, 'the pool'))
      return pool.ok ? ok(recordShown(pool.value)) : pool
    },
  },
  {
    name: 'pools set',
    summary: 'change settings of a pool; the rest stays',
    words: '<pool> <setting=value …>',
    notes: ['An empty value puts a setting back to its default: owner='],
    options: { ...SET, name: { value: 'name', help: 'another name' } },
    examples: [
      'pools set Shop session.maxMinutes=30 selfSignUp=false',
      'pools set Shop attributes.custom:team.maxLength=40',
      'pools set Shop --name "Shop (EU)"',
    ],
    async run(input) {
      const pool = await input.admin.pools.find(wordAt(input, 0, 'the pool'))
      if (!pool.ok) return pool
      const settings = settingsFrom(SETTINGS, pool.value.settings, [
        ...input.words.slice(1),
        ...(input.lists.set ?? []),
      ])
      if (!settings.ok) return settings
      const { name } = input.values
      const changed = await input.admin.pools.change({
        poolId: pool.value.id,
        settings: settings.value,
        ...(name === undefined ? {} : { name }),
      })
      if (!changed.ok) return changed
      const record = recordShown(changed.value)
      return ok({ ...record, lines: [...record.lines, ...poolRemarkLines(changed.value.name, changed.value.settings)] })
    },
  },
  {
    name: 'pools settings',
    summary: 'every setting a pool has, with kind and default',
    options: {},
    examples: ['pools settings'],
    run: async () => ok(settingsShown(SETTINGS)),
  },
  {
    name: 'pools delete',
    summary: 'delete a pool with its people, clients and keys',
    words: '<pool>',
    options: YES,
    examples: ['pools delete Shop --yes'],
    async run(input) {
      const pool = await input.admin.pools.find(wordAt(input, 0, 'the pool'))
      if (!pool.ok) return pool
      mustConfirm(input, `the pool ${pool.value.name} with everyone in it`)
      const deleted = await input.admin.pools.delete({ poolId: pool.value.id })
      return deleted.ok
        ? ok({ json: { deleted: pool.value.id }, lines: [`deleted the pool ${pool.value.name}`] })
        : deleted
    },
  },
]
