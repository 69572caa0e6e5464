import { newEvent } from '../events/index.ts'
import { BUDGETS, networkOf } from '../limits/index.ts'
import { type Failure, fail, ok, type Result } from '../shared/result.ts'
import type { JourneyPorts, TypedCodePurpose } from './ports.ts'
import { codeHash } from './send-code.ts'
import type { StepInput } from './step-handler.ts'

const CODE_LENGTH = 6

/** Decimal digits of every script, to ASCII. */
const asciiDigits = (text: string): string =>
  text.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => {
    const point = digit.codePointAt(0) ?? 0
    let zero = point
    // Digits of a script stand in a row; the value is the distance from its zero.
    while (zero > 0 && point - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
    return String((point - zero) % 10)
  })

/**
 * Reads what a person typed or pasted as a code: spaces, dashes, quotes and digits of other scripts are forgiven, and the
 * first run of six digits is taken from a pasted sentence. Fails with `code-empty`, `-chars`, `-short`, `-long`.
 */
export const readCode = (typed: string): Result<string> => {
  const text = asciiDigits(typed.slice(0, 200)).trim()
  if (text === '') return fail('code-empty', { field: 'code' })
  const bare = text.replace(/[\s\-'"‐-―«»“”‘’]/g, '')
  if (/^\d+$/.test(bare)) {
    if (bare.length < CODE_LENGTH) return fail('code-short', { field: 'code', params: { n: bare.length } })
    if (bare.length > CODE_LENGTH) return fail('code-long', { field: 'code', params: { n: bare.length } })
    return ok(bare)
  }
  const pasted = /(?<!\d)(\d{3}[\s-]?\d{3})(?!\d)/.exec(text)?.[1]
  return pasted === undefined ? fail('code-chars', { field: 'code' }) : ok(pasted.replace(/\D/g, ''))
}

export interface CodeToCheck {
  purpose: TypedCodePurpose
  subject: string
  sub: string | null
  /** Whose guesses are counted, where codes belong to less than that: one journey's codes, a person's guesses. */
  countedFor?: string
}

/**
 * Counts the try, then consumes the code, each in one statement: parallel guesses never exceed the limit and a code is
 * used once. Every wrong try is an event of its own, whatever becomes of the journey's row; what a right one leads to is
 * one, too. Fails with `code-*`; used and expired are told apart only to who had the right code.
 */
export const checkCode = async (
  ports: JourneyPorts,
  { flow, pool, client, form, context, now }: StepInput,
  { purpose, subject, sub, countedFor = subject }: CodeToCheck,
): Promise<Result<void>> => {
  const typed = form.code
  const code = readCode(typeof typed === 'string' ? typed : (typed?.[0] ?? ''))
  if (!code.ok) return code
  const refuse = async (
    reason: Failure['code'],
    params: NonNullable<Failure['params']> = {},
  ): Promise<Result<never>> => {
    const event = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'code.checked',
      outcome: 'failure',
      reason,
      sub,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail: { purpose },
    })
    await ports.events.write({ events: [event] })
    return fail(reason, { field: 'code', params })
  }
  const budget = `code.${purpose}` as const
  const taken = await Promise.all([
    ports.attempts.take(pool.id, budget, countedFor, BUDGETS[budget], now),
    ports.attempts.take(pool.id, 'code.network', networkOf(context.ip), BUDGETS['code.network'], now),
  ])
  const spent = taken.filter((answer) => answer.isSpent)
  if (spent.length > 0) {
    const minutes = Math.max(1, Math.ceil(Math.max(...spent.map((answer) => answer.retryAfterSeconds)) / 60))
    return refuse('code-attempts-spent', { minutes })
  }
  const answer = await ports.codes.consume(
    pool.id,
    purpose,
    subject,
    codeHash(ports, purpose, subject, code.value),
    now,
  )
  const failures: Record<Exclude<typeof answer.kind, 'consumed'>, Failure['code']> = {
    mismatch: 'code-mismatch',
    expired: 'code-expired',
    used: 'code-used',
  }
  if (answer.kind !== 'consumed') return refuse(failures[answer.kind])
  await ports.attempts.giveBack(pool.id, 'code.network', networkOf(context.ip))
  return ok(undefined)
}
