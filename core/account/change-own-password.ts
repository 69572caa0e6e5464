import { type DirectoryIdentity, directoryOfPerson, replaceDirectoryPassword } from '../federation/index.ts'
import { BUDGETS } from '../limits/index.ts'
import { checkNewPassword, exposureFacts, normalisePassword } from '../passwords/index.ts'
import { type Failure, fail, ok, type Result } from '../shared/result.ts'
import { guessableWords } from '../users/index.ts'
import type { UserWithPassword } from '../users/ports.ts'
import { type Doer, noticeOf, ownEvent, provenPerson } from './doer.ts'
import type { AccountPorts } from './ports.ts'

/** Fails with `too-many-attempts`. */
const takeTry = async (ports: AccountPorts, { pool, sub }: Doer): Promise<Result<void>> => {
  const now = ports.clock.now()
  const budget = await ports.attempts.take(pool.id, 'change-password', sub, BUDGETS['change-password'], now)
  return budget.isSpent
    ? fail('too-many-attempts', { params: { minutes: Math.ceil(budget.retryAfterSeconds / 60) } })
    : ok(undefined)
}

/** The present password, counted before it is compared. Whoever has none sets their first. */
const checkCurrent = async (
  ports: AccountPorts,
  doer: Doer,
  { password }: UserWithPassword,
  typed: string,
): Promise<Result<void>> => {
  if (password === null) return ok(undefined)
  if (typed === '') return fail('password-empty', { field: 'current' })
  const may = await takeTry(ports, doer)
  const normal = normalisePassword(typed)
  const matches = await ports.passwords.verify(normal ?? '', normal === null ? null : password.hash)
  if (!may.ok) return may
  return matches ? ok(undefined) : fail('wrong-credentials', { field: 'current' })
}

/** The directory that has the word about one's own password; null: it is here. */
export const ownDirectory = async (
  { providers, identities }: Pick<AccountPorts, 'providers' | 'identities'>,
  { pool, sub }: Pick<Doer, 'pool' | 'sub'>,
  { password }: Pick<UserWithPassword, 'password'>,
): Promise<DirectoryIdentity | null> =>
  directoryOfPerson(await providers.list(pool.id), {
    hasPassword: password !== null,
    identities: await identities.list(pool.id, sub),
  })

/** The same at the person's directory, by its rules; the pool's are not asked. */
const changeAtDirectory = async (
  ports: AccountPorts,
  doer: Doer,
  found: UserWithPassword,
  theirs: DirectoryIdentity,
  { current, password: next }: { current: string; password: string },
): Promise<Result<void>> => {
  const { pool, sub } = doer
  if (current === '') return fail('password-empty', { field: 'current' })
  const may = await takeTry(ports, doer)
  const detail = { step: 'account', provider: theirs.directory.name }
  const changed = may.ok
    ? await replaceDirectoryPassword(ports)({
        pool,
        found,
        theirs,
        current,
        next,
        at: ports.clock.now(),
        endsSessionsBefore: null,
        async alongside() {
          const event = ownEvent(ports, doer, { type: 'password.changed', detail })
          return {
            events: [event],
            messages: [...(await noticeOf(ports, doer, found.user, event, { purpose: 'password-changed' }))],
          }
        },
      })
    : may
  if (changed.ok) {
    await ports.ownSessions.endOthers(pool.id, sub, doer.sessionId, { events: [] })
    return ok(undefined)
  }
  const { code: reason, because = null } = changed.failure
  const event = ownEvent(ports, doer, {
    type: 'password.changed',
    outcome: 'failure',
    reason,
    detail: { ...detail, because },
  })
  await ports.events.write({ events: [event] })
  return changed
}

/**
 * Replaces one's own password: the present one again, and a fresh second factor where there is one (attack 51). Everybody
 * else who is signed in as this person is signed out; this browser stays. Where a directory has the word about the password it is
 * changed there, or not at all.
 *
 * Fails with `proof-not-fresh`, `password-empty` or `wrong-credentials` (field `current`), `too-many-attempts` and
 * `new-password-*` (field `password`); at a directory also with `password-change-refused`, `user-disabled` and `upstream-*`. A refusal is an event too.
 */
export const changeOwnPassword =
  (ports: AccountPorts) =>
  async (doer: Doer, { current, password: typed }: { current: string; password: string }): Promise<Result<void>> => {
    const { pool, sub } = doer
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    const { user, password: present } = found.value
    const theirs = await ownDirectory(ports, doer, found.value)
    if (theirs !== null) return changeAtDirectory(ports, doer, found.value, theirs, { current, password: typed })
    const refuse = async (failure: Failure, facts = { type: 'password.changed' as const, detail: {} }) => {
      const event = ownEvent(ports, doer, { ...facts, outcome: 'failure', reason: failure.code })
      await ports.events.write({ events: [event] })
      return { ok: false, failure } as const
    }
    const right = await checkCurrent(ports, doer, found.value, current)
    if (!right.ok) return right.failure.code === 'password-empty' ? right : refuse(right.failure)
    const checked = await checkNewPassword(ports)({
      pool,
      password: typed,
      context: guessableWords(user.username, user.attributes),
      replaces: { sub, hash: present?.hash ?? null },
      occasion: 'passwordChange',
    })
    if (!checked.ok) {
      const facts = checked.exposure === null ? undefined : exposureFacts(checked.exposure)
      if (facts !== undefined) {
        await ports.events.write({
          events: [ownEvent(ports, doer, { ...facts, outcome: 'failure', reason: checked.failure.code })],
        })
      }
      return { ok: false, failure: checked.failure }
    }
    // An operator may know the present one: whatever the pool remembers of former ones, keeping it is no change.
    if (present !== null && (await ports.passwords.verify(checked.value, present.hash)))
      return fail('new-password-same', { field: 'password' })
    const now = ports.clock.now()
    const event = ownEvent(ports, doer, { type: 'password.changed', detail: { step: 'account' } })
    const set = await ports.writer.setPassword(
      pool.id,
      sub,
      {
        password: {
          hash: await ports.passwords.hash(checked.value),
          isTemporary: false,
          expiresAt: null,
          changedAt: now,
        },
        historySize: pool.settings.passwordPolicy.historySize,
        at: now,
      },
      {
        events: [event, ...(checked.exposure === null ? [] : [ownEvent(ports, doer, exposureFacts(checked.exposure))])],
        messages: [
          ...(await noticeOf(ports, doer, user, event, { purpose: 'password-changed' })),
          ...(checked.exposure === null
            ? []
            : await noticeOf(ports, doer, user, event, { purpose: 'password-exposed' })),
        ],
      },
    )
    if (!set.ok) return set
    await ports.ownSessions.endOthers(pool.id, sub, doer.sessionId, { events: [] })
    return ok(undefined)
  }
