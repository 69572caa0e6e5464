import { z } from 'zod'
import type { AuthEvent } from '#core/events/index.ts'
import { COGNITO_EVENT_TYPES, type FeedbackValue, toCognitoAuthEvent } from '#core/risk/index.ts'
import { ok } from '#core/shared/result.ts'
import { type Command, noMoreWords, optionValue, POOL, UsageError, wordAt } from '../command.ts'
import { table } from '../show.ts'

const PageKey = z.strictObject({ createdAt: z.coerce.date(), id: z.uuid() })
const readPageKey = (text: string): z.infer<typeof PageKey> => {
  try {
    return PageKey.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    throw new UsageError('--after takes what the page before it printed')
  }
}

const placeOf = ({ place }: AuthEvent): string | null =>
  place === null ? null : [place.city, place.country].filter((part) => part !== null).join(', ')

export const userEvents: Command = {
  name: 'users events',
  summary: 'what happened to a person, the newest first',
  words: '<user>',
  notes: ['Events are kept for AUTH_EVENT_DAYS. --cognito knows sign-ins, sign-ups, recoveries and new passwords.'],
  options: {
    ...POOL,
    limit: { value: 'number', help: 'how many, 1 to 1000; 50 by default' },
    after: { value: 'key', help: 'the next page' },
    cognito: { help: 'as AdminListUserAuthEvents of Cognito answers' },
  },
  examples: [
    'users events ann@example.com --pool Shop --limit 10',
    'users events ann@example.com --pool Shop --cognito',
  ],
  async run(input) {
    const pool = await input.admin.pools.find(optionValue(input, 'pool'))
    if (!pool.ok) return pool
    const user = await input.admin.users.find(pool.value, wordAt(input, 0, 'the user'))
    if (!user.ok) return user
    noMoreWords(input, 1)
    const { limit = '50', after } = input.values
    if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > 1000)
      throw new UsageError('--limit is a number from 1 to 1000')
    const isCognito = input.switches.has('cognito')
    const page = await input.admin.users.events(
      pool.value.id,
      user.value.sub,
      isCognito ? { types: COGNITO_EVENT_TYPES } : {},
      after === undefined ? null : readPageKey(after),
      Number(limit),
    )
    const next = page.next === null ? null : Buffer.from(JSON.stringify(page.next)).toString('base64url')
    if (isCognito) {
      const AuthEvents = page.events.flatMap((event) => toCognitoAuthEvent(event) ?? [])
      const json = { AuthEvents, ...(next === null ? {} : { NextToken: next }) }
      return ok({ json, lines: JSON.stringify(json, null, 2).split('\n') })
    }
    const rows = page.events.map((event) => [
      event.createdAt,
      event.type,
      event.reason === null ? event.outcome : `${event.outcome} (${event.reason})`,
      event.ip,
      placeOf(event),
      event.risk?.level,
      event.feedback?.value,
      event.id,
    ])
    const lines = table(['WHEN', 'WHAT', 'OUTCOME', 'ADDRESS', 'PLACE', 'RISK', 'SAID', 'EVENT'], rows)
    return ok({
      json: { events: page.events, next },
      lines: next === null ? lines : [...lines, `more: --after ${next}`],
    })
  },
}

const VALUES: readonly FeedbackValue[] = ['valid', 'invalid']

export const userFeedback: Command = {
  name: 'users feedback',
  summary: 'say whether a sign-in was the person’s own',
  words: '<user> <event id> valid|invalid',
  notes: ['Once for each sign-in. "invalid" signs the person out everywhere and forgets the browser it came from.'],
  options: POOL,
  examples: ['users feedback ann@example.com 019a1b2c-… invalid --pool Shop'],
  async run(input) {
    const pool = await input.admin.pools.find(optionValue(input, 'pool'))
    if (!pool.ok) return pool
    const user = await input.admin.users.find(pool.value, wordAt(input, 0, 'the user'))
    if (!user.ok) return user
    const eventId = wordAt(input, 1, 'the event')
    const value = VALUES.find((each) => each === wordAt(input, 2, 'valid or invalid'))
    if (value === undefined) throw new UsageError('a sign-in is valid or invalid')
    noMoreWords(input, 3)
    const { sub } = user.value
    const done = await input.admin.users.judgeSignIn({ pool: pool.value, sub, eventId, value })
    return done.ok ? ok({ json: { sub, eventId, value }, lines: [`${eventId} is noted as ${value}`] }) : done
  },
}
