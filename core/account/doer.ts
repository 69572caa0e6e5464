import type { AppClient } from '../clients/client-settings.ts'
import { type AuthEvent, type EventFacts, newEvent } from '../events/index.ts'
import { acceptedFactors, type Factor, isFresh, type MethodProof } from '../factors/index.ts'
import { BUDGETS } from '../limits/index.ts'
import { type MessageFacts, type MessagePurpose, noticeFor } from '../messages/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { NewMessage } from '../shared/alongside.ts'
import type { Locale } from '../shared/locales.ts'
import type { RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type Destination, destinationOf } from '../users/index.ts'
import type { User, UserWithPassword } from '../users/ports.ts'
import type { AccountPorts } from './ports.ts'

/** Who does something to their own account: as the browser's session says, and nothing else (attack 56). */
export interface Doer {
  pool: Pool
  sub: string
  /** The session's id among the person's own. */
  sessionId: string
  /** What the session stands on, each with its time. */
  proofs: readonly MethodProof[]
  /** The account pages' own client. */
  client: AppClient
  locale: Locale
  context: RequestContext
}

/** A form's fields, by name. */
export type AccountForm = Readonly<Record<string, string>>

/** The person, as they are now. Fails with `user-missing` for who is gone, disabled or on the way out. */
export const presentPerson = async (
  { users }: Pick<AccountPorts, 'users'>,
  { pool, sub }: Pick<Doer, 'pool' | 'sub'>,
): Promise<Result<UserWithPassword>> => {
  const found = await users.findBySub(pool.id, sub)
  if (found === null || !found.user.enabled || found.user.deleteAfter !== null) return fail('user-missing')
  return found.user.status === 'DELETING' ? fail('user-missing') : ok(found)
}

/**
 * The person, where they have just proven who they are: the gate of every act that could take an account away from its
 * owner (attack 51). Fails with `proof-not-fresh` and `user-missing`.
 */
export const provenPerson = async (
  ports: Pick<AccountPorts, 'users' | 'factors' | 'clock'>,
  doer: Doer,
): Promise<Result<UserWithPassword & { factors: readonly Factor[] }>> => {
  const found = await presentPerson(ports, doer)
  if (!found.ok) return found
  const factors = await ports.factors.list(doer.pool.id, doer.sub)
  if (!isFresh(doer.proofs, acceptedFactors(doer.pool.settings, factors), ports.clock.now()))
    return fail('proof-not-fresh')
  return ok({ ...found.value, factors })
}

/** The event of an act of the person's own. */
export const ownEvent = (
  { random, clock }: Pick<AccountPorts, 'random' | 'clock'>,
  { pool, sub, client, context }: Doer,
  facts: Pick<EventFacts, 'type'> & Partial<Pick<EventFacts, 'outcome' | 'reason' | 'detail'>>,
): AuthEvent =>
  newEvent(random, clock.now(), { outcome: 'success', poolId: pool.id, sub, clientId: client.id, context, ...facts })

/**
 * A notice to the person about what they have just done: see `noticeFor`. Text messages cost somebody money, so that a day's
 * are counted; by then the person has been told often enough.
 */
export const noticeOf = async (
  ports: Pick<AccountPorts, 'messages' | 'clock' | 'attempts'>,
  { pool, client, locale }: Pick<Doer, 'pool' | 'client' | 'locale'>,
  user: User,
  event: Pick<AuthEvent, 'id'>,
  {
    purpose,
    facts = {},
    to = destinationOf(user.attributes, 'proven-first'),
  }: {
    purpose: MessagePurpose
    facts?: Omit<MessageFacts, 'appName' | 'poolName' | 'host' | 'locale' | 'brand'>
    to?: Destination | null
  },
): Promise<readonly NewMessage[]> => {
  const at = ports.clock.now()
  if (to?.channel === 'sms') {
    const day = await ports.attempts.take(pool.id, 'notice.sms', user.sub, BUDGETS['notice.sms'], at)
    if (day.isSpent) return []
  }
  return noticeFor(ports.messages, {
    pool,
    client,
    purpose,
    to,
    locale,
    eventId: event.id,
    user,
    facts: { at, ...facts },
  })
}
