import { type AttemptBudget, BUDGETS, networkOf } from '../limits/index.ts'
import { type CompromisedPasswords, type Exposure, findExposure, normalisePassword } from '../passwords/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { countedNetworkOf, type RiskCounters } from '../risk/index.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { TriggerCall, Triggers } from '../triggers/index.ts'
import { migrateUser, parseSignInName } from '../users/index.ts'
import type { PasswordHasher, User, UserDirectory, UserWriter } from '../users/ports.ts'
import { withdrawPassword } from './withdraw-password.ts'

export interface SignInPorts {
  users: UserDirectory
  writer: UserWriter
  passwords: PasswordHasher
  compromised: CompromisedPasswords
  attempts: AttemptBudget
  riskCounters: RiskCounters
  triggers: Triggers
  clock: Clock
  random: Random
}

export interface SignInWithPassword {
  pool: Pool
  clientId: string
  eventId: string
  locale: string
  login: string
  password: string
  context: RequestContext
}

/**
 * What must happen before the person is signed in; the journey stores it, a face renders it. With an exposure others know
 * the password: after every other proof a new one must be chosen, or, by `tell`, the person be told.
 */
export type SignInStep =
  | { kind: 'signed-in'; user: User; exposure: Exposure | null }
  | { kind: 'confirm-account'; user: User; exposure: Exposure | null }
  | { kind: 'new-password'; user: User }
  | { kind: 'reset-required'; user: User }

const triggerCall = (input: SignInWithPassword, name: string, user: User | null): TriggerCall => ({
  poolId: input.pool.id,
  clientId: input.clientId,
  eventId: input.eventId,
  username: user?.username ?? name,
  attributes: user?.attributes ?? {},
  locale: input.locale,
  clientMetadata: {},
})

/**
 * First step of the hosted sign-in page and of USER_PASSWORD_AUTH. A name nobody has may be somebody whom the owner's
 * migrate-user trigger brings along, with this very password.
 *
 * Fails with `user-unknown`, `user-disabled`, `wrong-credentials`, `temporary-password-expired`, `too-many-attempts`,
 * `trigger-refused`, or `password-unchecked` where the pool insists on a look-up that nobody can make. What the account's
 * state demands (confirmation, a password of one's own) and that others know the password is told only after a right one. Issues no token and sets no cookie: that belongs to the face which asked.
 */
export const signInWithPassword =
  (ports: SignInPorts) =>
  async (input: SignInWithPassword): Promise<Result<SignInStep>> => {
    const { users, writer, passwords, attempts, riskCounters, triggers, clock } = ports
    const { pool, context } = input
    const now = clock.now()
    const parsed = parseSignInName(pool, input.login)
    // A name that cannot exist takes the same way as one that does not: same budgets, same hash, same answer.
    const name = parsed.ok ? parsed.value.value : input.login.trim().toLowerCase().slice(0, 128)
    const known = parsed.ok ? await users.findByName(pool.id, name) : null

    // Counted before anything is compared, in one statement each: parallel guesses cannot slip under the limit.
    // Unknown names have a budget too, so that a lock reveals nothing.
    const network = networkOf(context.ip)
    const subject = known?.user.sub ?? `name:${name}`
    const pair = `${subject}|${network}`
    const taken = await Promise.all([
      attempts.take(pool.id, 'sign-in.account-network', pair, BUDGETS['sign-in.account-network'], now),
      attempts.take(pool.id, 'sign-in.account', subject, BUDGETS['sign-in.account'], now),
      attempts.take(pool.id, 'sign-in.network', network, BUDGETS['sign-in.network'], now),
    ])

    const spent = taken.filter((answer) => answer.isSpent)

    // Never over a budget: whoever guesses here must not guess at the directory behind the trigger either.
    const password = normalisePassword(input.password)
    const migrated =
      parsed.ok && known === null && password !== null && spent.length === 0
        ? await migrateUser(ports)({
            pool,
            name: parsed.value,
            source: 'sign-in',
            password: input.password,
            call: triggerCall(input, name, null),
            context,
          })
        : null
    const found = migrated?.ok ? migrated.value : known
    const user = found?.user ?? null

    const call = triggerCall(input, name, user)
    const before = await triggers.preAuthentication({ ...call, userNotFound: user === null })

    // Hashed even when nobody matched or the budget is spent: the time must not tell.
    const matches = await passwords.verify(password ?? '', password === null ? null : (found?.password?.hash ?? null))

    const about = user === null ? {} : { sub: user.sub }
    // Counted for names nobody has too; the judgement of later sign-ins looks at accounts and networks.
    if (!matches) await riskCounters.noteFailure(pool.id, subject, countedNetworkOf(context.ip), now)
    if (spent.length > 0) {
      const wait = Math.max(...spent.map((answer) => answer.retryAfterSeconds))
      return fail('too-many-attempts', { params: { minutes: Math.max(1, Math.ceil(wait / 60)) }, ...about })
    }
    if (!before.ok) return { ok: false, failure: { ...before.failure, ...about } }
    if (user === null || found?.password == null) {
      return fail('user-unknown', migrated?.ok === false ? { ...migrated.failure, ...about } : about)
    }
    if (!matches || password === null) return fail('wrong-credentials', about)
    if (!user.enabled || user.status === 'DELETING') return fail('user-disabled', about)
    if (found.password.isTemporary && found.password.expiresAt !== null && found.password.expiresAt <= now) {
      return fail('temporary-password-expired', about)
    }
    await Promise.all([
      attempts.clear(pool.id, 'sign-in.account-network', pair),
      attempts.clear(pool.id, 'sign-in.account', subject),
      // Many people sign in from one network, and only wrong passwords count against it.
      attempts.giveBack(pool.id, 'sign-in.network', network),
    ])
    if (passwords.isOutdated(found.password.hash)) {
      await writer.rehash(pool.id, user.sub, found.password.hash, await passwords.hash(password))
    }

    if (user.status === 'RESET_REQUIRED') return ok({ kind: 'reset-required', user })
    const isUnconfirmed = user.status === 'UNCONFIRMED'
    if (user.status === 'FORCE_CHANGE_PASSWORD' || (found.password.isTemporary && !isUnconfirmed))
      return ok({ kind: 'new-password', user })
    // Only here: a look-up takes its own time, which must not tell a right password from a wrong one before the answer does.
    const exposure = await findExposure(ports)(pool.settings, 'signIn', password)
    if (exposure === 'unchecked') return fail('password-unchecked', about)
    // Who has no proven address yet could not recover: they choose a new password once it is proven.
    if (isUnconfirmed) return ok({ kind: 'confirm-account', user, exposure })
    if (exposure?.action === 'block') {
      const withdrawn = await withdrawPassword(ports)({ ...input, user, exposure })
      return withdrawn.ok ? ok({ kind: 'reset-required', user: withdrawn.value }) : withdrawn
    }
    return ok({ kind: 'signed-in', user, exposure })
  }
