import type { AuthEvent, EventType } from '../events/event.ts'
import { newEvent } from '../events/index.ts'
import { type Exposure, exposureFacts } from '../passwords/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Alongside } from '../shared/alongside.ts'
import { UUID } from '../shared/ids.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { Triggers } from '../triggers/ports.ts'
import { parseSignInName } from './names.ts'
import type { User, UserDirectory, UserWithPassword, UserWriter } from './ports.ts'

/** What every act of an administrator on a user needs. */
export interface AdministerUserPorts {
  users: UserDirectory
  writer: UserWriter
  random: Random
  clock: Clock
}

/** Whom an act is about, and who does it. */
export interface OnUser {
  pool: Pool
  sub: string
  by: Administrator
}

/** A user by `sub` or by any name that signs them in. Fails with `user-missing`. */
export const findUser =
  ({ users }: Pick<AdministerUserPorts, 'users'>) =>
  async (pool: Pool, subOrName: string): Promise<Result<User>> => {
    const name = parseSignInName(pool, subOrName)
    const found =
      (UUID.test(subOrName) ? await users.findBySub(pool.id, subOrName.toLowerCase()) : null) ??
      (name.ok ? await users.findByName(pool.id, name.value.value) : null)
    return found === null ? fail('user-missing') : ok(found.user)
  }

/** The user an act is about, with the password. Fails with `user-missing`. */
export const mustFind = async (
  { users }: Pick<AdministerUserPorts, 'users'>,
  { pool, sub }: OnUser,
): Promise<Result<UserWithPassword>> => {
  const found = await users.findBySub(pool.id, sub)
  return found === null ? fail('user-missing') : ok(found)
}

/** The event of an administrator's act that went well, for the act's own transaction. */
export const eventBy = (
  { random, clock }: Pick<AdministerUserPorts, 'random' | 'clock'>,
  { pool, sub, by }: OnUser,
  type: EventType,
  act: string,
): Alongside => ({
  events: [
    newEvent(random, clock.now(), {
      poolId: pool.id,
      type,
      outcome: 'success',
      sub,
      context: by.context,
      detail: { act, by: by.name },
    }),
  ],
})

/** An administrator gave somebody a password that others know; for the act's own transaction. */
export const exposureEvents = (
  { random, clock }: Pick<AdministerUserPorts, 'random' | 'clock'>,
  { pool, sub, by }: OnUser,
  exposure: Exposure | null,
): readonly AuthEvent[] => {
  if (exposure === null) return []
  const { type, detail } = exposureFacts(exposure)
  return [
    newEvent(random, clock.now(), {
      poolId: pool.id,
      type,
      outcome: 'success',
      sub,
      context: by.context,
      detail: { ...detail, by: by.name },
    }),
  ]
}

/** Without effect on someone who is enabled already. Fails with `user-missing`. */
export const enableUser =
  (ports: AdministerUserPorts) =>
  (input: OnUser): Promise<Result<User>> =>
    ports.writer.update(
      input.pool.id,
      input.sub,
      { enabled: true, at: ports.clock.now() },
      eventBy(ports, input, 'user.enabled', 'enable'),
    )

/** Ends all sessions and tokens too, so that enabling later revives none. Fails with `user-missing`. */
export const disableUser =
  (ports: AdministerUserPorts) =>
  (input: OnUser): Promise<Result<User>> => {
    const at = ports.clock.now()
    return ports.writer.update(
      input.pool.id,
      input.sub,
      { enabled: false, sessionsValidAfter: at, at },
      eventBy(ports, input, 'user.disabled', 'disable'),
    )
  }

/** Sessions, codes, refresh and access tokens of before are honoured no more. Fails with `user-missing`. */
export const signOutEverywhere =
  (ports: AdministerUserPorts) =>
  (input: OnUser): Promise<Result<User>> => {
    const at = ports.clock.now()
    return ports.writer.update(
      input.pool.id,
      input.sub,
      { sessionsValidAfter: at, at },
      eventBy(ports, input, 'sign_out.everywhere', 'sign-out'),
    )
  }

/** For good: rows go, the names are free, events keep the `sub` alone. Fails with `user-missing`. */
export const deleteUser =
  (ports: AdministerUserPorts) =>
  (input: OnUser): Promise<Result<void>> =>
    ports.writer.delete(input.pool.id, input.sub, eventBy(ports, input, 'user.deleted', 'delete'))

/**
 * Confirms a sign-up without proof of any address, as Cognito's AdminConfirmSignUp does. Fails with `user-missing`, or with
 * `state-refused` for someone who is confirmed already.
 */
export const confirmUser =
  (ports: AdministerUserPorts & { triggers: Pick<Triggers, 'postConfirmation'> }) =>
  async (input: OnUser): Promise<Result<User>> => {
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    if (found.value.user.status !== 'UNCONFIRMED') return fail('state-refused', { because: found.value.user.status })
    const { pool, sub } = input
    const alongside = eventBy(ports, input, 'sign_up.confirmed', 'confirm')
    const confirmed = await ports.writer.update(pool.id, sub, { status: 'CONFIRMED', at: ports.clock.now() }, alongside)
    if (!confirmed.ok) return confirmed
    // The person is confirmed whatever it answers: Cognito calls it after the fact, too.
    await ports.triggers.postConfirmation({
      source: 'sign-up',
      poolId: pool.id,
      clientId: null,
      eventId: alongside.events[0]?.id ?? '',
      username: confirmed.value.username,
      attributes: confirmed.value.attributes,
      locale: pool.settings.defaultLocale,
      clientMetadata: {},
    })
    return confirmed
  }
