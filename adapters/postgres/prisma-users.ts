import { randomUUID } from 'node:crypto'
import type { LinkedIdentity } from '#core/federation/federated-profile.ts'
import { isSubject } from '#core/shared/identity-text.ts'
import type { SignInName, UserWriter } from '#core/users/ports.ts'
import type { StoredPassword } from '#core/users/user.ts'
import { holdProviderStatement, linkStatement } from './identity-statements.ts'
import { type Ending, endingStatement } from './sign-out-statements.ts'
import { toUser, USER_COLUMNS, type UserRow } from './user-row.ts'
import { type DomainStore, refuse, type Transaction, writeTogether } from './write-together.ts'

/**
 * Takes names for a user, all or none. A name that someone else takes at the same moment makes this statement wait for
 * them and then find it taken; in order of value, so that two people who want two names of each other cannot block.
 */
const claimNames = async (
  tx: Transaction,
  poolId: string,
  sub: string,
  names: readonly SignInName[],
): Promise<void> => {
  if (names.length === 0) return
  const ordered = [...names].sort((a, b) => (a.value < b.value ? -1 : 1))
  const claimed = await tx.$queryRaw<{ value: string }[]>`
    INSERT INTO sign_in_name (pool_id, value, sub, kind)
    SELECT ${poolId}, value, ${sub}, kind
    FROM unnest(${ordered.map((name) => name.value)}::text[], ${ordered.map((name) => name.kind)}::text[]) AS wanted (value, kind)
    ON CONFLICT (pool_id, value) DO UPDATE SET kind = excluded.kind WHERE sign_in_name.sub = excluded.sub
    RETURNING value`
  const taken = ordered.find((name) => !claimed.some(({ value }) => value === name.value))
  if (taken) refuse('name-taken', { field: taken.kind })
}

/** The identity that makes a profile; nobody else has the new person's row yet, so their others need no counting. */
const claimIdentity = async (tx: Transaction, sub: string, identity: LinkedIdentity): Promise<void> => {
  if (!isSubject(identity.subject)) refuse('upstream-invalid', { because: 'a subject that cannot be kept' })
  const held = holdProviderStatement(identity.poolId, identity.provider)
  const providers = await tx.$queryRawUnsafe<unknown[]>(held.text, ...held.values)
  if (providers.length === 0) refuse('provider-unknown')
  const { text, values } = linkStatement(identity, sub)
  if ((await tx.$executeRawUnsafe(text, ...values)) === 0) refuse('identity-taken')
}

const storePassword = async (tx: Transaction, poolId: string, sub: string, password: StoredPassword): Promise<void> => {
  await tx.password.upsert({
    where: { poolId_sub: { poolId, sub } },
    create: { poolId, sub, ...password },
    update: password,
  })
}

/** The present password joins the history, unless it was a temporary one; the history keeps `size` rows. */
const remember = async (tx: Transaction, poolId: string, sub: string, size: number, at: Date): Promise<void> => {
  if (size > 0) {
    await tx.$executeRaw`
      INSERT INTO former_password (pool_id, sub, id, hash, replaced_at)
      SELECT pool_id, sub, ${randomUUID()}, hash, ${at}::timestamptz
      FROM password WHERE pool_id = ${poolId} AND sub = ${sub} AND NOT is_temporary`
  }
  await tx.$executeRaw`
    DELETE FROM former_password WHERE pool_id = ${poolId} AND sub = ${sub} AND id IN (
      SELECT id FROM former_password WHERE pool_id = ${poolId} AND sub = ${sub}
      ORDER BY replaced_at DESC, id DESC OFFSET ${size})`
}

interface RowChange {
  attributes?: Readonly<Record<string, string | boolean | null>>
  status?: string
  enabled?: boolean
  sessionsValidAfter?: Date
  lastSignInAt?: Date
  at: Date
}

/**
 * Queues the apps of the sessions that the act ends. No transaction spans both pools of connections, and none has to: the
 * artefacts are rows of the same database, only written through the other pool, so this one may read them. Whatever ends here
 * is queued, or nothing has ended (docs/decisions/0026).
 */
const tellApps = async (tx: Transaction, ending: Ending): Promise<void> => {
  const { text, values } = endingStatement(ending)
  await tx.$executeRawUnsafe(text, ...values)
}

/**
 * One statement, so that two changes at once both survive: attributes merge in the database, times never go backwards.
 * It locks the user's row until commit.
 */
const changeRow = async (tx: Transaction, poolId: string, sub: string, change: RowChange): Promise<UserRow> => {
  const { attributes = {}, status = null, enabled = null, sessionsValidAfter = null, lastSignInAt = null, at } = change
  if (enabled === false) await tellApps(tx, { poolId, sub, at, before: null })
  else if (sessionsValidAfter !== null)
    await tellApps(tx, { poolId, sub, at: sessionsValidAfter, before: sessionsValidAfter })
  const given = Object.entries(attributes)
  const set = JSON.stringify(Object.fromEntries(given.filter(([, value]) => value !== null)))
  const removed = given.filter(([, value]) => value === null).map(([name]) => name)
  const rows = await tx.$queryRawUnsafe<UserRow[]>(
    `UPDATE user_account u SET
       attributes = (u.attributes || $3::jsonb) - $4::text[],
       status = COALESCE($5, u.status),
       enabled = COALESCE($6, u.enabled),
       sessions_valid_after = GREATEST(u.sessions_valid_after, $7::timestamptz),
       last_sign_in_at = GREATEST(u.last_sign_in_at, $8::timestamptz),
       updated_at = GREATEST(u.updated_at, $9::timestamptz)
     WHERE u.pool_id = $1 AND u.sub = $2 AND u.status <> 'DELETING' RETURNING ${USER_COLUMNS}`,
    poolId,
    sub,
    set,
    removed,
    status,
    enabled,
    sessionsValidAfter,
    lastSignInAt,
    at,
  )
  return rows[0] ?? refuse('user-missing')
}

/** Writes users; see the port for what each method promises. */
export const prismaUsers = (store: DomainStore): UserWriter => ({
  create: ({ user, names, password, identity }, alongside) =>
    writeTogether(store, alongside, async (tx) => {
      await claimNames(tx, user.poolId, user.sub, names)
      if (identity !== undefined) await claimIdentity(tx, user.sub, identity)
      await tx.user.create({ data: user })
      if (password !== null) await storePassword(tx, user.poolId, user.sub, password)
      return user
    }),

  setPassword: (poolId, sub, { password, historySize, ...change }, alongside) =>
    writeTogether(store, alongside, async (tx) => {
      const row = await changeRow(tx, poolId, sub, change)
      await remember(tx, poolId, sub, historySize, change.at)
      await storePassword(tx, poolId, sub, password)
      return toUser(row)
    }),

  async rehash(poolId, sub, from, to) {
    await store.prisma.password.updateMany({ where: { poolId, sub, hash: from }, data: { hash: to } })
  },

  update: (poolId, sub, { names, ...change }, alongside) =>
    writeTogether(store, alongside, async (tx) => {
      const row = await changeRow(tx, poolId, sub, change)
      if (names !== undefined) {
        await tx.signInName.deleteMany({ where: { poolId, sub, value: { notIn: names.map((name) => name.value) } } })
        await claimNames(tx, poolId, sub, names)
      }
      return toUser(row)
    }),

  delete: (poolId, sub, alongside) =>
    writeTogether(store, alongside, async (tx) => {
      // An act's moment is its event's.
      const [event] = alongside.events
      if (event !== undefined) await tellApps(tx, { poolId, sub, at: event.createdAt, before: null })
      const { count } = await tx.user.deleteMany({ where: { poolId, sub } })
      if (count === 0) refuse('user-missing')
      const theirs = { where: { poolId, sub } }
      await tx.signInName.deleteMany(theirs)
      await tx.password.deleteMany(theirs)
      await tx.formerPassword.deleteMany(theirs)
      await tx.membership.deleteMany(theirs)
      await tx.consent.deleteMany(theirs)
      await tx.factor.deleteMany(theirs)
      await tx.recoveryCode.deleteMany(theirs)
      await tx.$executeRaw`DELETE FROM factor_recovery WHERE pool_id = ${poolId} AND sub = ${sub}`
      await tx.device.deleteMany(theirs)
      await tx.signInProfile.deleteMany(theirs)
      await tx.contactChange.deleteMany(theirs)
      await tx.dataExport.deleteMany(theirs)
      await tx.linkedIdentity.deleteMany(theirs)
      await tx.upstreamSession.deleteMany(theirs)
      await tx.oneTimeCode.deleteMany({
        where: { poolId, OR: [{ subject: `user:${sub}` }, { subject: { startsWith: `user:${sub}:` } }] },
      })
      // Nothing in them is honoured once the user's row is gone; their payloads are still the person's data.
      await tx.$executeRaw`DELETE FROM oidc_artifact WHERE pool_id = ${poolId} AND sub = ${sub}`
    }),
})
