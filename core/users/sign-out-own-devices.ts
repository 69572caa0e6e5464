import { newEvent } from '../events/index.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import { fail, type Result } from '../shared/result.ts'
import type { User, UserDirectory, UserWriter } from './ports.ts'

export interface SignOutOwnDevicesPorts {
  users: Pick<UserDirectory, 'findBySub'>
  writer: Pick<UserWriter, 'update'>
  random: Random
  clock: Clock
}

/** Who asks, by the session they asked in. */
export interface SignOutOwnDevices {
  poolId: string
  sub: string
  clientId: string | null
  /** Null: no request of theirs asked. */
  context: RequestContext | null
}

/**
 * A person's own sign-out on all devices: sessions, codes, refresh and access tokens of before are honoured no more, from
 * the commit on. Nothing about the person changes: OpenID Connect Core §5.1 `updated_at` stays. Fails with `user-missing`.
 */
export const signOutOwnDevices =
  ({ users, writer, random, clock }: SignOutOwnDevicesPorts) =>
  async ({ poolId, sub, clientId, context }: SignOutOwnDevices): Promise<Result<User>> => {
    const found = await users.findBySub(poolId, sub)
    if (found === null) return fail('user-missing')
    const now = clock.now()
    const event = newEvent(random, now, {
      poolId,
      type: 'sign_out.everywhere',
      outcome: 'success',
      sub,
      clientId,
      context,
    })
    return writer.update(poolId, sub, { sessionsValidAfter: now, at: found.user.updatedAt }, { events: [event] })
  }
