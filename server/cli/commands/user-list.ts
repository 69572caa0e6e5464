import { z } from 'zod'
import { ok } from '#core/shared/result.ts'
import { foldCase, shownName } from '#core/users/index.ts'
import type { UserStatus } from '#core/users/ports.ts'
import { type Command, optionValue, POOL, UsageError } from '../command.ts'
import { table } from '../show.ts'

const STATUSES = [
  'UNCONFIRMED',
  'CONFIRMED',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
  'EXTERNAL_PROVIDER',
] as const satisfies readonly UserStatus[]

const PageKey = z.strictObject({ createdAt: z.coerce.date(), sub: z.string() })
const readPageKey = (text: string): z.infer<typeof PageKey> => {
  try {
    return PageKey.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    throw new UsageError('--after takes what the page before it printed')
  }
}

export const userList: Command = {
  name: 'users list',
  summary: 'people of a pool, in the order they came',
  options: {
    ...POOL,
    'starts-with': { value: 'text', help: 'a name that signs in begins so' },
    status: { value: STATUSES.join('|'), help: 'only these' },
    disabled: { help: 'only those who are disabled' },
    group: { value: 'name', help: 'only members' },
    limit: { value: 'number', help: 'how many, 1 to 1000; 50 by default' },
    after: { value: 'key', help: 'the next page' },
  },
  examples: ['users list --pool Shop --starts-with ann', 'users list --pool Shop --group staff --limit 200 --json'],
  async run(input) {
    const found = await input.admin.pools.find(optionValue(input, 'pool'))
    if (!found.ok) return found
    const pool = found.value
    const { 'starts-with': beginning, status, group, limit = '50', after } = input.values
    const wanted = STATUSES.find((each) => each === status)
    if (status !== undefined && wanted === undefined) throw new UsageError(`--status is one of ${STATUSES.join(', ')}`)
    if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > 1000)
      throw new UsageError('--limit is a number from 1 to 1000')
    const filter = {
      ...(beginning === undefined
        ? {}
        : { nameStartsWith: pool.settings.caseSensitiveNames ? beginning : foldCase(beginning) }),
      ...(wanted === undefined ? {} : { status: wanted }),
      ...(input.switches.has('disabled') ? { enabled: false } : {}),
      ...(group === undefined ? {} : { group }),
    }
    const page = await input.admin.users.list(
      pool.id,
      filter,
      after === undefined ? null : readPageKey(after),
      Number(limit),
    )
    const next = page.next === null ? null : Buffer.from(JSON.stringify(page.next)).toString('base64url')
    const rows = page.users.map((user) => [
      user.sub,
      shownName(pool, user),
      user.status,
      user.enabled ? 'enabled' : 'disabled',
      user.createdAt,
    ])
    const lines = table(['SUB', 'NAME', 'STATUS', 'STATE', 'CREATED'], rows)
    return ok({ json: { users: page.users, next }, lines: next === null ? lines : [...lines, `more: --after ${next}`] })
  },
}
