import type { Pool } from '#core/pools/pool-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { type Channel, shownName } from '#core/users/index.ts'
import type { User } from '#core/users/ports.ts'
import { type Command, type CommandInput, mustConfirm, POOL, UsageError, wordAt, YES } from '../command.ts'
import { recordShown } from '../settings.ts'
import { inPool, onUser } from './on-user.ts'
import { userList } from './user-list.ts'

/** Never on the command line itself, where every process of the machine could read it. */
const PASSWORD = {
  'password-stdin': { help: 'read the password from standard input' },
  'password-file': { value: 'file', help: 'read the password from a file' },
  temporary: { help: 'the person must choose another at the first sign-in' },
}
const BY = {
  by: { value: 'email|sms', help: 'how the message goes out; by mail where both are known' },
  client: { value: 'id or name', help: 'the app in whose name it is sent' },
}

const attributesFrom = (words: readonly string[]): Record<string, string | null> =>
  Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=')
      if (at < 1) throw new UsageError(`write an attribute as name=value: ${word}`)
      return [word.slice(0, at), word.slice(at + 1) === '' ? null : word.slice(at + 1)]
    }),
  )

const passwordFrom = async (input: CommandInput): Promise<{ value: string; isTemporary: boolean } | null> => {
  const { switches, values, readFile, readStandardInput } = input
  const isTemporary = switches.has('temporary')
  const file = values['password-file']
  if (switches.has('password-stdin') && file !== undefined)
    throw new UsageError('give the password once: from standard input or from a file')
  // The line end belongs to the editor, not to the password.
  if (file !== undefined) return { value: readFile(file).replace(/\r?\n$/, ''), isTemporary }
  if (switches.has('password-stdin')) return { value: (await readStandardInput()).replace(/\r?\n$/, ''), isTemporary }
  if (isTemporary) throw new UsageError('--temporary needs a password')
  return null
}

const channelFrom = ({ values: { by } }: CommandInput): Channel | undefined => {
  if (by !== undefined && by !== 'email' && by !== 'sms') throw new UsageError('--by is email or sms')
  return by
}

const sendInvitation = async (
  input: CommandInput,
  pool: Pool,
  user: User,
): Promise<Result<{ user: User; channel: Channel }>> => {
  const channel = channelFrom(input)
  const wanted = input.values.client
  const client = wanted === undefined ? null : await input.admin.clients.find(pool.id, wanted)
  if (client !== null && !client.ok) return client
  return input.admin.users.invite({
    pool,
    sub: user.sub,
    ...(channel === undefined ? {} : { channel }),
    ...(client === null ? {} : { client: client.value }),
  })
}

const userShown = (pool: Pool, user: User) => recordShown({ name: shownName(pool, user), ...user })

/** An act that needs nothing but the person. */
const simple = (
  name: string,
  summary: string,
  said: string,
  act: (input: CommandInput) => CommandInput['admin']['users']['enable'],
): Command => ({
  name: `users ${name}`,
  summary,
  words: '<user>',
  options: POOL,
  examples: [`users ${name} ann@example.com --pool Shop`],
  run: onUser(async (input, pool, { sub }) => {
    const done = await act(input)({ pool, sub })
    return done.ok ? ok({ json: done.value, lines: [`${sub} ${said}`] }) : done
  }),
})

export const userCommands: readonly Command[] = [
  {
    name: 'users create',
    summary: 'make an account',
    words: '<attribute=value …>',
    notes: [
      'Vouch for an address with email_verified=true or phone_number_verified=true.',
      'Without a password the person chooses one through "Forgot password?"; --invite sends a temporary one.',
    ],
    options: {
      ...POOL,
      username: { value: 'name', help: 'in pools with user names' },
      ...PASSWORD,
      invite: { help: 'send a temporary password' },
      ...BY,
    },
    examples: [
      'users create --pool Shop email=ann@example.com email_verified=true name="Ann Lee" --invite',
      'users create --pool Shop email=bo@example.com --password-file bo.txt --temporary',
    ],
    run: inPool(async (input, pool) => {
      const password = await passwordFrom(input)
      const isInvited = input.switches.has('invite')
      if (password !== null && isInvited) throw new UsageError('an invitation brings a password of its own')
      channelFrom(input)
      const { username } = input.values
      const created = await input.admin.users.create({
        pool,
        attributes: attributesFrom(input.words),
        ...(username === undefined ? {} : { username }),
        ...(password === null ? {} : { password }),
      })
      if (!created.ok || !isInvited) return created.ok ? ok(userShown(pool, created.value)) : created
      const invited = await sendInvitation(input, pool, created.value)
      return invited.ok ? ok(userShown(pool, invited.value.user)) : invited
    }),
  },
  {
    name: 'users invite',
    summary: 'send someone who has no password of their own a temporary one',
    words: '<user>',
    notes: ['The temporary password sent before stops working.'],
    options: { ...POOL, ...BY },
    examples: [
      'users invite ann@example.com --pool Shop',
      'users invite ann@example.com --pool Shop --by sms --client "Web shop"',
    ],
    run: onUser(async (input, pool, user) => {
      const invited = await sendInvitation(input, pool, user)
      return invited.ok
        ? ok({
            json: { sub: user.sub, channel: invited.value.channel },
            lines: [`an invitation is on its way to ${user.sub} by ${invited.value.channel}`],
          })
        : invited
    }),
  },
  userList,
  {
    name: 'users show',
    summary: 'a person with attributes and groups',
    words: '<user>',
    notes: ['<user> is a sub, or any name that signs the person in.'],
    options: POOL,
    examples: ['users show ann@example.com --pool Shop'],
    run: onUser(async (input, pool, user) => {
      const groups = (await input.admin.users.groupsOf(pool.id, user.sub)).map(({ name }) => name)
      return ok(recordShown({ name: shownName(pool, user), ...user, groups }))
    }),
  },
  {
    name: 'users set',
    summary: 'change attributes; an empty value removes one',
    words: '<user> <attribute=value …>',
    options: POOL,
    examples: [
      'users set ann@example.com --pool Shop name="Ann Lee" nickname=',
      'users set ann@example.com --pool Shop email=ann@new.example email_verified=true',
    ],
    run: onUser(async (input, pool, { sub }) => {
      wordAt(input, 1, 'an attribute')
      const changed = await input.admin.users.changeAttributes({
        pool,
        sub,
        attributes: attributesFrom(input.words.slice(1)),
      })
      return changed.ok ? ok(userShown(pool, changed.value)) : changed
    }),
  },
  simple(
    'confirm',
    'confirm a sign-up without proof of any address',
    'is confirmed',
    ({ admin }) => admin.users.confirm,
  ),
  {
    name: 'users reset-password',
    summary: 'put a password out of use, end sessions, send a code for a new one',
    words: '<user>',
    options: POOL,
    examples: ['users reset-password ann@example.com --pool Shop'],
    run: onUser(async (input, pool, { sub }) => {
      const reset = await input.admin.users.resetPassword({ pool, sub })
      return reset.ok
        ? ok({
            json: { sub, channel: reset.value.channel },
            lines: [`a code is on its way to ${sub} by ${reset.value.channel}`],
          })
        : reset
    }),
  },
  {
    name: 'users set-password',
    summary: 'set a password in somebody’s name and end their sessions',
    words: '<user>',
    options: { ...POOL, ...PASSWORD },
    examples: ['users set-password ann@example.com --pool Shop --password-stdin --temporary < password.txt'],
    run: onUser(async (input, pool, { sub }) => {
      const password = await passwordFrom(input)
      if (password === null) throw new UsageError('--password-stdin or --password-file is missing')
      const done = await input.admin.users.setPassword({
        pool,
        sub,
        password: password.value,
        isTemporary: password.isTemporary,
      })
      return done.ok ? ok({ json: { sub, status: done.value.status }, lines: [`${sub} has a new password`] }) : done
    }),
  },
  simple('enable', 'let someone sign in again', 'is enabled', ({ admin }) => admin.users.enable),
  simple(
    'disable',
    'keep someone out, sessions and tokens included',
    'is disabled',
    ({ admin }) => admin.users.disable,
  ),
  simple(
    'sign-out',
    'end all sessions and tokens of a person',
    'is signed out everywhere',
    ({ admin }) => admin.users.signOut,
  ),
  {
    name: 'users delete',
    summary: 'delete a person for good; the name is free, the sub never returns',
    words: '<user>',
    options: { ...POOL, ...YES },
    examples: ['users delete ann@example.com --pool Shop --yes'],
    run: onUser(async (input, pool, { sub }) => {
      mustConfirm(input, `the account ${sub}`)
      const deleted = await input.admin.users.delete({ pool, sub })
      return deleted.ok ? ok({ json: { deleted: sub }, lines: [`deleted ${sub}`] }) : deleted
    }),
  },
]
