import { newEvent } from '../events/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { newBearerSecret } from '../shared/ids.ts'
import type { RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { maskAddress, namesOfUser } from '../users/index.ts'
import { mergedAttributes } from './own-profile.ts'
import type { AccountPorts, ContactChange } from './ports.ts'

/** Hash under which an undo link's token is kept: bound to its pool. */
const undoHash = ({ hashes }: Pick<AccountPorts, 'hashes'>, poolId: string, token: string): string =>
  hashes.of('contact-undo', `${poolId}|${token}`)

/** 256 bits for a link, and the hash that is kept of it. */
export const newUndoToken = (
  ports: Pick<AccountPorts, 'hashes' | 'random'>,
  poolId: string,
): { token: string; hash: string } => {
  const token = newBearerSecret(ports.random)
  return { token, hash: undoHash(ports, poolId, token) }
}

/** What a link would take back, for the page that asks. Changes nothing: mail scanners open links. Fails with `link-unusable`. */
export const contactBehindUndo =
  (ports: Pick<AccountPorts, 'contactChanges' | 'hashes' | 'clock'>) =>
  async (pool: Pool, token: string): Promise<Result<ContactChange>> => {
    const change = await ports.contactChanges.findByUndo(pool.id, undoHash(ports, pool.id, token), ports.clock.now())
    return change === null ? fail('link-unusable') : ok(change)
  }

/**
 * Brings a former address back, proven by its link; the new one is gone, and everybody who is signed in as this person is
 * signed out. Works without a session: whoever took the account has one.
 *
 * Fails with `link-unusable`.
 */
export const undoContactChange =
  (ports: Pick<AccountPorts, 'contactChanges' | 'users' | 'writer' | 'hashes' | 'random' | 'clock'>) =>
  async (pool: Pool, token: string, context: RequestContext): Promise<Result<{ destination: string }>> => {
    const found = await contactBehindUndo(ports)(pool, token)
    if (!found.ok) return found
    const { id, sub, attribute, oldValue } = found.value
    const person = await ports.users.findBySub(pool.id, sub)
    const now = ports.clock.now()
    if (person === null || oldValue === null) return fail('link-unusable')
    const changes = { [attribute]: oldValue, [`${attribute}_verified`]: true }
    const names = namesOfUser(pool, person.user.username, mergedAttributes(person.user.attributes, changes))
    if (!names.ok || !(await ports.contactChanges.undo(pool.id, id, now))) return fail('link-unusable')
    const event = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'contact.change_undone',
      outcome: 'success',
      sub,
      context,
      detail: { attribute },
    })
    const written = await ports.writer.update(
      pool.id,
      sub,
      { attributes: changes, names: names.value, sessionsValidAfter: now, at: now },
      { events: [event] },
    )
    return written.ok ? ok({ destination: maskAddress(oldValue) }) : fail('link-unusable')
  }
