import { GroupSettings } from '#core/groups/index.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import { ok } from '#core/shared/result.ts'
import { settingsOf } from '#core/shared/settings/index.ts'
import { type Command, type CommandInput, mustConfirm, optionValue, POOL, wordAt, YES } from '../command.ts'
import { recordShown, settingsFrom } from '../settings.ts'
import { table } from '../show.ts'

const SETTINGS = settingsOf(GroupSettings)

const inPool =
  (act: (input: CommandInput, pool: Pool) => ReturnType<Command['run']>): Command['run'] =>
  async (input) => {
    const pool = await input.admin.pools.find(optionValue(input, 'pool'))
    return pool.ok ? act(input, pool.value) : pool
  }

const member = (word: 'add' | 'remove'): Command => ({
  name: `groups ${word}`,
  summary: word === 'add' ? 'put people into a group' : 'take people out of a group',
  words: '<group> <user …>',
  options: POOL,
  examples: [`groups ${word} staff ann@example.com --pool Shop`],
  run: inPool(async (input, pool) => {
    const name = wordAt(input, 0, 'the group')
    wordAt(input, 1, 'the user')
    const done: string[] = []
    for (const each of input.words.slice(1)) {
      const user = await input.admin.users.find(pool, each)
      if (!user.ok) return { ok: false, failure: { ...user.failure, field: each } }
      const act = word === 'add' ? input.admin.groups.addMember : input.admin.groups.removeMember
      const changed = await act({ poolId: pool.id, name, sub: user.value.sub })
      if (!changed.ok) return changed
      done.push(user.value.sub)
    }
    return ok({
      json: { group: name, [word === 'add' ? 'added' : 'removed']: done },
      lines: done.map((sub) => `${sub} ${word === 'add' ? 'is in' : 'is not in'} ${name}`),
    })
  }),
})

export const groupCommands: readonly Command[] = [
  {
    name: 'groups create',
    summary: 'make a group; tokens carry its name, its role and what comes first',
    words: '<name> [setting=value …]',
    notes: ['Settings: description, roleArn, precedence (the lowest number wins).'],
    options: POOL,
    examples: ['groups create staff --pool Shop precedence=10 description="People who work here"'],
    run: inPool(async (input, pool) => {
      const name = wordAt(input, 0, 'the name')
      const settings = settingsFrom(SETTINGS, {}, input.words.slice(1))
      if (!settings.ok) return settings
      const created = await input.admin.groups.create({ poolId: pool.id, name, settings: settings.value })
      return created.ok ? ok(recordShown(created.value)) : created
    }),
  },
  {
    name: 'groups list',
    summary: 'the groups of a pool',
    options: POOL,
    examples: ['groups list --pool Shop'],
    run: inPool(async (input, pool) => {
      const groups = await input.admin.groups.list(pool.id)
      const rows = groups.map(({ name, precedence, roleArn, description }) => [name, precedence, roleArn, description])
      return ok({ json: groups, lines: table(['NAME', 'PRECEDENCE', 'ROLE', 'DESCRIPTION'], rows) })
    }),
  },
  {
    name: 'groups show',
    summary: 'a group; its people are in "users list --group"',
    words: '<group>',
    options: POOL,
    examples: ['groups show staff --pool Shop'],
    run: inPool(async (input, pool) => {
      const group = await input.admin.groups.find(pool.id, wordAt(input, 0, 'the group'))
      return group.ok ? ok(recordShown(group.value)) : group
    }),
  },
  {
    name: 'groups set',
    summary: 'change settings of a group; its name never changes',
    words: '<group> <setting=value …>',
    options: POOL,
    examples: ['groups set staff --pool Shop precedence=5', 'groups set staff --pool Shop roleArn='],
    run: inPool(async (input, pool) => {
      const group = await input.admin.groups.find(pool.id, wordAt(input, 0, 'the group'))
      if (!group.ok) return group
      const { description, roleArn, precedence, name } = group.value
      const settings = settingsFrom(SETTINGS, { description, roleArn, precedence }, input.words.slice(1))
      if (!settings.ok) return settings
      const changed = await input.admin.groups.change({ poolId: pool.id, name, settings: settings.value })
      return changed.ok ? ok(recordShown(changed.value)) : changed
    }),
  },
  member('add'),
  member('remove'),
  {
    name: 'groups delete',
    summary: 'delete a group; its people stay',
    words: '<group>',
    options: { ...POOL, ...YES },
    examples: ['groups delete staff --pool Shop --yes'],
    run: inPool(async (input, pool) => {
      const name = wordAt(input, 0, 'the group')
      mustConfirm(input, `the group ${name}`)
      const deleted = await input.admin.groups.delete({ poolId: pool.id, name })
      return deleted.ok ? ok({ json: { deleted: name }, lines: [`deleted ${name}`] }) : deleted
    }),
  },
]
