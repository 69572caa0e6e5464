import { newEvent } from '../events/index.ts'
import type { EventLog } from '../events/ports.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { UserDirectory, UserWriter } from '../users/ports.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { IdentityStore, UpstreamSessionStore } from './ports.ts'

export interface EndSessionsByProviderPorts {
  identities: Pick<IdentityStore, 'find'>
  sessions: Pick<UpstreamSessionStore, 'peopleNamed'>
  users: Pick<UserDirectory, 'findBySub'>
  writer: Pick<UserWriter, 'update'>
  events: Pick<EventLog, 'count'>
  random: Random
  clock: Clock
}

export interface EndSessionsByProvider {
  provider: IdentityProvider
  /** Whom the provider's verified message is about, to the letter. */
  nameId: string
  /** Of the browser that carried the message. */
  context: RequestContext
}

/** Everybody the provider means: by what it called them at a sign-in, else by their subject where it calls them nothing else. */
const peopleMeant = async (
  { identities, sessions, clock }: EndSessionsByProviderPorts,
  { provider: { poolId, name, settings }, nameId }: EndSessionsByProvider,
): Promise<readonly string[]> => {
  const named = await sessions.peopleNamed(poolId, name, nameId, clock.now())
  // The attribute of one person may read like the NameID of another.
  const isSubject = settings.kind !== 'saml' || settings.subjectAttribute === null
  if (named.length > 0 || !isSubject) return named
  const owner = await identities.find({ poolId, provider: name, subject: nameId })
  return owner === null ? [] : [owner.sub]
}

/**
 * A provider has ended its session of somebody (SAML 2.0 Profiles §4.4): sessions, codes, refresh and access tokens of before
 * are honoured no more, from the commit on, on every device. One event for each person, in the same transaction.
 *
 * Fails with `user-missing` where the provider means nobody here, which is counted.
 */
export const endSessionsByProvider =
  (ports: EndSessionsByProviderPorts) =>
  async (input: EndSessionsByProvider): Promise<Result<void>> => {
    const { users, writer, random, clock } = ports
    const { provider, context } = input
    const { poolId, name } = provider
    let hasEnded = false
    for (const sub of await peopleMeant(ports, input)) {
      const found = await users.findBySub(poolId, sub)
      if (found === null) continue
      const now = clock.now()
      const detail = { by: 'provider', provider: name }
      const event = newEvent(random, now, {
        poolId,
        type: 'sign_out.everywhere',
        outcome: 'success',
        sub,
        context,
        detail,
      })
      const change = { sessionsValidAfter: now, at: found.user.updatedAt }
      hasEnded = (await writer.update(poolId, sub, change, { events: [event] })).ok || hasEnded
    }
    if (hasEnded) return ok(undefined)
    await refuseEndByProvider(ports)({ poolId, provider: name, because: 'user-missing' })
    return fail('user-missing')
  }

/** Counts a logout message that ends nothing: anybody can have one refused, as often as they like. `provider`: null, unknown. */
export const refuseEndByProvider =
  ({ events, random, clock }: Pick<EndSessionsByProviderPorts, 'events' | 'random' | 'clock'>) =>
  ({ poolId, provider, because }: { poolId: string; provider: string | null; because: string }): Promise<void> =>
    events.count(
      newEvent(random, clock.now(), {
        poolId,
        type: 'sign_out.everywhere',
        outcome: 'failure',
        reason: because === 'user-missing' ? because : 'upstream-invalid',
        // What follows the colon is a stranger's text.
        detail: { by: 'provider', ...(provider === null ? {} : { provider }), because: because.split(':')[0] ?? '' },
      }),
    )
