import { FACTOR_KINDS, type FactorKind } from '#core/factors/index.ts'
import { ok } from '#core/shared/result.ts'
import { type Command, mustConfirm, POOL, UsageError, wordAt, YES } from '../command.ts'
import { table } from '../show.ts'
import { onUser } from './on-user.ts'

const kindFrom = (word: string): FactorKind | null => {
  if (word === 'strongest') return null
  const kind = FACTOR_KINDS.find((each) => each === word)
  if (kind === undefined) throw new UsageError(`a factor is ${FACTOR_KINDS.join(', ')} or strongest: ${word}`)
  return kind
}

/** What people prove besides their password. */
export const userFactorCommands: readonly Command[] = [
  {
    name: 'users factors',
    summary: 'what a person can prove besides the password',
    words: '<user>',
    options: POOL,
    examples: ['users factors ann@example.com --pool Shop', 'users factors ann@example.com --pool Shop --json'],
    run: onUser(async ({ admin }, pool, { sub }) => {
      const found = await admin.users.factors({ pool, sub })
      if (!found.ok) return found
      const { factors, preferred, recoveryCodes } = found.value
      const shown = factors.map(({ id, kind, name, address, createdAt, lastUsedAt }) => ({
        id,
        kind,
        name,
        address,
        createdAt,
        lastUsedAt,
      }))
      return ok({
        json: { sub, preferred, factors: shown, recoveryCodes },
        lines: [
          ...(shown.length === 0
            ? ['no factors']
            : table(
                ['KIND', 'NAME', 'ADDRESS', 'SINCE', 'LAST USED'],
                shown.map(({ kind, name, address, createdAt, lastUsedAt }) => [
                  kind,
                  name,
                  address,
                  createdAt,
                  lastUsedAt,
                ]),
              )),
          `asked for first: ${preferred ?? 'whichever they choose, the strongest on top'}`,
          recoveryCodes === null
            ? 'no recovery codes'
            : `recovery codes: ${recoveryCodes.left} of ${recoveryCodes.total} left`,
        ],
      })
    }),
  },
  {
    name: 'users reset-factors',
    summary: 'take away factors, recovery codes and remembered browsers, and end sessions',
    words: '<user>',
    notes: [
      'Whoever has the password sets up what the pool demands at the next sign-in: be sure who asks.',
      'The person is told; --invite tells them to set up a new second step, with the way to the app.',
    ],
    options: {
      ...POOL,
      ...YES,
      invite: { help: 'ask the person to set up a new second step' },
      client: { value: 'id or name', help: 'the app in whose name they are told' },
    },
    examples: [
      'users reset-factors ann@example.com --pool Shop --yes',
      'users reset-factors ann@example.com --pool Shop --yes --invite --client "Web shop"',
    ],
    run: onUser(async (input, pool, { sub }) => {
      mustConfirm(input, `every factor and recovery code of ${sub}`)
      const wanted = input.values.client
      const client = wanted === undefined ? null : await input.admin.clients.find(pool.id, wanted)
      if (client !== null && !client.ok) return client
      const reset = await input.admin.users.resetFactors({
        pool,
        sub,
        invites: input.switches.has('invite'),
        ...(client === null ? {} : { client: client.value }),
      })
      if (!reset.ok) return reset
      const { removed } = reset.value
      return ok({
        json: { sub, removed },
        lines: [
          `${sub} has no second step and is signed out everywhere`,
          `removed: ${removed.length === 0 ? 'nothing' : removed.join(', ')}`,
        ],
      })
    }),
  },
  {
    name: 'users prefer-factor',
    summary: 'which factor a person is asked for first',
    words: `<user> <${FACTOR_KINDS.join('|')}|strongest>`,
    options: POOL,
    examples: [
      'users prefer-factor ann@example.com totp --pool Shop',
      'users prefer-factor ann@example.com strongest --pool Shop',
    ],
    run: onUser(async (input, pool, { sub }) => {
      const kind = kindFrom(wordAt(input, 1, 'the factor'))
      const done = await input.admin.users.preferFactor({ pool, sub, kind })
      return done.ok
        ? ok({
            json: { sub, preferred: kind },
            lines: [kind === null ? `${sub} chooses, the strongest on top` : `${sub} is asked for ${kind} first`],
          })
        : done
    }),
  },
]
