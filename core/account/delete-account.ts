import { newEvent } from '../events/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { destinationOf, localeOf } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import { type Doer, noticeOf, ownEvent, provenPerson } from './doer.ts'
import type { AccountPorts } from './ports.ts'

const DAY_MS = 86_400_000
const PURPOSE = 'deletion-undo'

/** What an undo link holds, sealed: it is good for this deletion of this person, and for no later one. */
interface UndoOfDeletion {
  sub: string
  /** Epoch milliseconds of the end. */
  until: number
}

/** The token of a link that keeps an account; for a person who has just proven who they are, or by mail to them. */
export const keepingToken = ({ sealer }: Pick<AccountPorts, 'sealer'>, poolId: string, undo: UndoOfDeletion): string =>
  sealer.seal(PURPOSE, poolId, JSON.stringify(undo))

const readToken = ({ sealer }: Pick<AccountPorts, 'sealer'>, poolId: string, token: string): UndoOfDeletion | null => {
  try {
    return JSON.parse(sealer.open(PURPOSE, poolId, token)) as UndoOfDeletion
  } catch {
    return null
  }
}

/**
 * Closes one's own account at once, and deletes it when the pool's grace is over. Everybody is signed out; a mail brings it
 * back until then.
 *
 * Fails with `proof-not-fresh`, and with `user-missing` where it was asked for already.
 */
export const askOwnDeletion =
  (ports: AccountPorts) =>
  async (doer: Doer): Promise<Result<{ token: string }>> => {
    const { pool, sub } = doer
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    const now = ports.clock.now()
    const until = new Date(now.getTime() + pool.settings.deletion.graceDays * DAY_MS)
    const token = keepingToken(ports, pool.id, { sub, until: until.getTime() })
    const event = ownEvent(ports, doer, {
      type: 'deletion.asked',
      detail: { graceDays: pool.settings.deletion.graceDays },
    })
    const messages = await noticeOf(ports, doer, found.value.user, event, {
      purpose: 'deletion-scheduled',
      facts: { until, undoLink: `${ports.links.base(pool.id)}/account/undo?${new URLSearchParams({ token })}` },
    })
    const scheduled = await ports.deletions.schedule(pool.id, sub, until, now, { events: [event], messages })
    if (!scheduled.ok) return scheduled
    await ports.ownSessions.endOthers(pool.id, sub, null, { events: [] })
    return ok({ token })
  }

/** The deletion behind a link, for the page that asks. Changes nothing. Fails with `link-unusable`. */
export const deletionBehindUndo =
  (ports: Pick<AccountPorts, 'sealer' | 'users' | 'clock'>) =>
  async (pool: Pool, token: string): Promise<Result<{ user: User; until: Date }>> => {
    const undo = readToken(ports, pool.id, token)
    const found = undo === null ? null : await ports.users.findBySub(pool.id, undo.sub)
    if (undo === null || found?.user.enabled !== true) return fail('link-unusable')
    const { user } = found
    if (user.deleteAfter?.getTime() !== undo.until) return fail('link-unusable')
    return ok({ user, until: user.deleteAfter })
  }

/** Keeps the account. Fails with `link-unusable`. */
export const undoDeletion =
  (ports: Pick<AccountPorts, 'sealer' | 'users' | 'deletions' | 'messages' | 'attempts' | 'random' | 'clock'>) =>
  async (pool: Pool, token: string, client: Doer['client'], context: RequestContext): Promise<Result<void>> => {
    const found = await deletionBehindUndo(ports)(pool, token)
    if (!found.ok) return found
    const { user, until } = found.value
    const event = newEvent(ports.random, ports.clock.now(), {
      poolId: pool.id,
      type: 'deletion.undone',
      outcome: 'success',
      sub: user.sub,
      clientId: client.id,
      context,
    })
    const locale = localeOf(pool, user.attributes)
    const messages = await noticeOf(ports, { pool, client, locale }, user, event, { purpose: 'deletion-cancelled' })
    return ports.deletions.cancel(pool.id, user.sub, until, { events: [event], messages })
  }

/** Most accounts that one run of the job takes. */
const BATCH = 20

/** Deletes those whose time has come; events keep their `sub` alone. Returns how many went. */
export const carryOutDeletions =
  (ports: Pick<AccountPorts, 'deletions' | 'writer' | 'messages' | 'random' | 'clock' | 'attempts'>) =>
  async (contextOf: (poolId: string) => Promise<Pick<Doer, 'pool' | 'client'> | null>): Promise<number> => {
    const now = ports.clock.now()
    const due = await ports.deletions.claimDue(now, BATCH)
    for (const user of due) {
      const { poolId, sub } = user
      const about = await contextOf(poolId)
      const event = newEvent(ports.random, now, {
        poolId,
        type: 'user.deleted',
        outcome: 'success',
        sub,
        detail: { act: 'delete', by: 'person' },
      })
      const to = destinationOf(user.attributes, 'proven-first')
      const messages =
        about === null
          ? []
          : await noticeOf(ports, { ...about, locale: localeOf(about.pool, user.attributes) }, user, event, {
              purpose: 'deletion-done',
              to,
            })
      await ports.writer.delete(poolId, sub, { events: [event], messages })
    }
    return due.length
  }
