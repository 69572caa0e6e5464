import type { AppClient } from '../clients/client-settings.ts'
import { newEvent } from '../events/index.ts'
import type { Factor, FactorKind, FactorStore, RecoveryCodeStore } from '../factors/index.ts'
import type { MessageComposer } from '../messages/index.ts'
import type { NewMessage } from '../shared/alongside.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type AdministerUserPorts, destinationOf, localeOf, type OnUser, signOutEverywhere } from '../users/index.ts'
import type { User } from '../users/ports.ts'

export interface AdministerFactorsPorts extends AdministerUserPorts {
  factors: FactorStore
  recoveryCodes: RecoveryCodeStore
  messages: MessageComposer
}

export interface PersonsFactors {
  /** In order of enrolment; never a secret. */
  factors: readonly Factor[]
  /** Asked for first; null: the strongest. */
  preferred: FactorKind | null
  /** Null: none were ever made. */
  recoveryCodes: { left: number; total: number; createdAt: Date } | null
}

const mustFind = async (
  { users }: Pick<AdministerUserPorts, 'users'>,
  { pool, sub }: OnUser,
): Promise<Result<User>> => {
  const found = await users.findBySub(pool.id, sub)
  return found === null ? fail('user-missing') : ok(found.user)
}

/** What a person can prove besides the password (Cognito: AdminGetUserAuthFactors). Fails with `user-missing`. */
export const factorsOf =
  (ports: Pick<AdministerFactorsPorts, 'users' | 'factors' | 'recoveryCodes'>) =>
  async (input: OnUser): Promise<Result<PersonsFactors>> => {
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const [factors, recoveryCodes] = await Promise.all([
      ports.factors.list(input.pool.id, input.sub),
      ports.recoveryCodes.count(input.pool.id, input.sub),
    ])
    return ok({ factors, preferred: found.value.preferredFactor, recoveryCodes })
  }

export interface ResetFactors extends OnUser {
  /** Tells the person to set up new ones, with the way to the app: the message a new beginning starts with. */
  invites: boolean
  /** The app in whose name it is sent, and where its sign-in begins. */
  client?: AppClient
}

/** Where the person hears of it; none for who cannot be reached. Fails with what the message could not be made of. */
const notice = async (
  ports: AdministerFactorsPorts,
  { pool, invites, client }: ResetFactors,
  user: User,
  eventId: string,
): Promise<Result<readonly NewMessage[]>> => {
  const to = destinationOf(user.attributes, 'proven-first')
  if (to === null) return invites ? fail('attribute-missing', { field: 'email' }) : ok([])
  const message = await ports.messages.compose({
    pool,
    client: client ?? null,
    purpose: invites ? 'set-up-factor' : 'factors-reset',
    to,
    locale: localeOf(pool, user.attributes),
    eventId,
    user,
    facts: { at: ports.clock.now() },
    expiresAt: null,
  })
  return message.ok ? ok([message.value]) : message
}

/**
 * Takes away everything a person can prove besides the password: factors, recovery codes, remembered browsers; ends their
 * sessions, and tells them. What the pool demands is set up at the next sign-in, by whoever has the password: be sure who
 * asks. Cognito: AdminSetUserMFAPreference with all off, and AdminForgetDevice.
 *
 * Sessions end first: should the second transaction fail, nobody is better off, and asking again does the rest. Fails with
 * `user-missing`, and with `attribute-missing` where an invitation reaches nobody.
 */
export const resetFactors =
  (ports: AdministerFactorsPorts) =>
  async (input: ResetFactors): Promise<Result<{ removed: readonly FactorKind[] }>> => {
    const { pool, sub, by } = input
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const factors = await ports.factors.list(pool.id, sub)
    const event = newEvent(ports.random, ports.clock.now(), {
      poolId: pool.id,
      type: 'factor.reset',
      outcome: 'success',
      sub,
      context: by.context,
      detail: { by: by.name, kinds: factors.map(({ kind }) => kind).join(' ') },
    })
    const messages = await notice(ports, input, found.value, event.id)
    if (!messages.ok) return messages
    const signedOut = await signOutEverywhere(ports)(input)
    if (!signedOut.ok) return signedOut
    await ports.factors.removeAll(pool.id, sub, { events: [event], messages: messages.value })
    await ports.factors.prefer(pool.id, sub, null, { events: [] })
    return ok({ removed: factors.map(({ kind }) => kind) })
  }

/** Which kind is asked for first; null: the strongest. Fails with `user-missing`, and `factor-missing` for one they have not. */
export const preferFactor =
  (ports: AdministerFactorsPorts) =>
  async (input: OnUser & { kind: FactorKind | null }): Promise<Result<void>> => {
    const { pool, sub, by, kind } = input
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const factors = await ports.factors.list(pool.id, sub)
    if (kind !== null && !factors.some((factor) => factor.kind === kind)) return fail('factor-missing')
    const event = newEvent(ports.random, ports.clock.now(), {
      poolId: pool.id,
      type: 'factor.changed',
      outcome: 'success',
      sub,
      context: by.context,
      detail: { by: by.name, what: 'preferred', kind },
    })
    await ports.factors.prefer(pool.id, sub, kind, { events: [event] })
    return ok(undefined)
  }
