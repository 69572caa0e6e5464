import { isDeepStrictEqual } from 'node:util'
import type { IdentityKey, LinkedIdentity } from '#core/federation/federated-profile.ts'
import type { IdentityStore, UpstreamRecord } from '#core/federation/ports.ts'
import type { ProviderType } from '#core/federation/provider-common.ts'
import { isSubject } from '#core/shared/identity-text.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { Database } from './database.ts'
import { endOtherSessions } from './end-other-sessions.ts'
import {
  holdProviderStatement,
  holdTokenKeeperStatement,
  identitySealedFor,
  linkStatement,
} from './identity-statements.ts'
import { inTransaction, writeAlongside } from './in-transaction.ts'
import { moveBetweenGroups } from './move-between-groups.ts'
import { endingStatement } from './sign-out-statements.ts'

interface IdentityRow {
  pool_id: string
  provider: string
  subject: string
  sub: string
  provider_type: ProviderType
  issuer: string | null
  is_primary: boolean
  linked_at: Date
}

const COLUMNS = 'pool_id, provider, subject, sub, provider_type, issuer, is_primary, linked_at'
const PURPOSE = 'linked-identity'

const toIdentity = (row: IdentityRow): LinkedIdentity => ({
  poolId: row.pool_id,
  provider: row.provider,
  subject: row.subject,
  providerType: row.provider_type,
  issuer: row.issuer,
  isPrimary: row.is_primary,
  linkedAt: row.linked_at,
})

const LOCK_PERSON = `SELECT 1 FROM user_account WHERE pool_id = $1 AND sub = $2 AND status <> 'DELETING' FOR UPDATE`

/** Whose identities are whose; see the port for what each method promises. */
export const pgIdentities = ({ pool }: Pick<Database, 'pool'>, secrets: Sealer & KeyedHash): IdentityStore => {
  type What = 'claims' | 'tokens'
  const sealed = (key: IdentityKey, sub: string, what: What, value: unknown): string =>
    secrets.seal(PURPOSE, identitySealedFor(key, sub, what), JSON.stringify(value))
  const opened = (key: IdentityKey, sub: string, what: What, value: string): unknown =>
    JSON.parse(secrets.open(PURPOSE, identitySealedFor(key, sub, what), value))

  return {
    async find({ poolId, provider, subject }) {
      if (!isSubject(subject)) return null
      const { rows } = await pool.query<IdentityRow>({
        name: 'identity-find',
        text: `SELECT ${COLUMNS} FROM linked_identity WHERE pool_id = $1 AND provider = $2 AND subject = $3`,
        values: [poolId, provider, subject],
      })
      return rows[0] === undefined ? null : { ...toIdentity(rows[0]), sub: rows[0].sub }
    },

    async list(poolId, sub) {
      const { rows } = await pool.query<IdentityRow>({
        name: 'identity-list',
        text: `SELECT ${COLUMNS} FROM linked_identity WHERE pool_id = $1 AND sub = $2
             ORDER BY is_primary DESC, linked_at, provider COLLATE "C", subject COLLATE "C"`,
        values: [poolId, sub],
      })
      return rows.map(toIdentity)
    },

    async link(identity, sub, alongside) {
      const { poolId, provider, subject } = identity
      if (!isSubject(subject)) return fail('upstream-invalid', { because: 'a subject that cannot be kept' })
      return inTransaction(pool, async (client) => {
        const held = holdProviderStatement(poolId, provider)
        if ((await client.query(held.text, [...held.values])).rowCount !== 1) return fail('provider-unknown')
        // Two links of one person at once wait for one another here: the second counts what the first has added.
        if ((await client.query(LOCK_PERSON, [poolId, sub])).rowCount !== 1) return fail('user-missing')
        const { text, values } = linkStatement(identity, sub)
        if ((await client.query(text, [...values])).rowCount !== 1) {
          const { rowCount } = await client.query(
            'SELECT 1 FROM linked_identity WHERE pool_id = $1 AND provider = $2 AND subject = $3',
            [poolId, provider, subject],
          )
          return fail(rowCount === 1 ? 'identity-taken' : 'too-many-identities')
        }
        await writeAlongside(client, alongside, secrets)
        return ok(undefined)
      })
    },

    async unlink({ poolId, provider, subject }, sub, alongside, { endSessionsAt, keepSession, keepOneOf } = {}) {
      if (!isSubject(subject)) return fail('identity-unknown')
      return inTransaction(pool, async (client) => {
        // Two removals of one person at once wait for one another here: each then sees what the other has left.
        await client.query(LOCK_PERSON, [poolId, sub])
        if (keepOneOf !== undefined) {
          const { rowCount } = await client.query(
            `SELECT 1 FROM linked_identity WHERE pool_id = $1 AND sub = $2 AND provider = ANY ($3)
             AND NOT (provider = $4 AND subject = $5)`,
            [poolId, sub, [...keepOneOf], provider, subject],
          )
          if (rowCount === 0) return fail('last-way-in')
        }
        const { rowCount } = await client.query(
          'DELETE FROM linked_identity WHERE pool_id = $1 AND provider = $2 AND subject = $3 AND sub = $4',
          [poolId, provider, subject, sub],
        )
        if (rowCount !== 1) return fail('identity-unknown')
        // By the person, whose sessions there are few and indexed: the person is locked meanwhile.
        await client.query(
          'DELETE FROM upstream_session WHERE pool_id = $1 AND sub = $4 AND provider = $2 AND subject = $3',
          [poolId, provider, subject, sub],
        )
        if (endSessionsAt !== undefined && keepSession !== undefined)
          await endOtherSessions(client, { poolId, sub, keep: keepSession, at: endSessionsAt })
        else if (endSessionsAt !== undefined) {
          const { text, values } = endingStatement({ poolId, sub, at: endSessionsAt, before: endSessionsAt })
          await client.query(text, [...values])
          await client.query(
            'UPDATE user_account SET sessions_valid_after = GREATEST(sessions_valid_after, $3) WHERE pool_id = $1 AND sub = $2',
            [poolId, sub, endSessionsAt],
          )
        }
        await writeAlongside(client, alongside, secrets)
        return ok(undefined)
      })
    },

    async note(key, { claims, tokens, at }, groups) {
      const { poolId, provider, subject } = key
      if (!isSubject(subject)) return
      await inTransaction(pool, async (client) => {
        const held = holdTokenKeeperStatement(poolId, provider)
        const kept = tokens !== null && (await client.query(held.text, [...held.values])).rowCount === 1 ? tokens : null
        const { rows } = await client.query<{ sub: string }>(
          'SELECT sub FROM linked_identity WHERE pool_id = $1 AND provider = $2 AND subject = $3',
          [poolId, provider, subject],
        )
        const [row] = rows
        if (row === undefined) return
        if ((await client.query(LOCK_PERSON, [poolId, row.sub])).rowCount !== 1) return
        const { rowCount } = await client.query({
          name: 'identity-note',
          text: `UPDATE linked_identity SET last_sign_in_at = $5, claims_sealed = $6, tokens_sealed = $7
               WHERE pool_id = $1 AND provider = $2 AND subject = $3 AND sub = $4
                 AND (last_sign_in_at IS NULL OR last_sign_in_at <= $5)`,
          values: [
            ...[poolId, provider, subject, row.sub, at],
            ...[sealed(key, row.sub, 'claims', claims), kept === null ? null : sealed(key, row.sub, 'tokens', kept)],
          ],
        })
        if (rowCount === 1) await moveBetweenGroups(client, { poolId, sub: row.sub, ...groups, at })
      })
    },

    async keepTokens(key, tokens, at) {
      const { poolId, provider, subject } = key
      if (!isSubject(subject)) return false
      return inTransaction(pool, async (client) => {
        const held = holdTokenKeeperStatement(poolId, provider)
        if ((await client.query(held.text, [...held.values])).rowCount !== 1) return false
        const { rows } = await client.query<{ sub: string }>(
          `SELECT sub FROM linked_identity WHERE pool_id = $1 AND provider = $2 AND subject = $3 AND last_sign_in_at = $4
         FOR UPDATE`,
          [poolId, provider, subject, at],
        )
        const [row] = rows
        if (row === undefined) return false
        await client.query(
          'UPDATE linked_identity SET tokens_sealed = $4 WHERE pool_id = $1 AND provider = $2 AND subject = $3',
          [poolId, provider, subject, sealed(key, row.sub, 'tokens', tokens)],
        )
        return true
      })
    },

    async dropTokens(key, tokens) {
      const { poolId, provider, subject } = key
      if (!isSubject(subject)) return
      const { rows } = await pool.query<{ sub: string; tokens_sealed: string }>(
        `SELECT sub, tokens_sealed FROM linked_identity
       WHERE pool_id = $1 AND provider = $2 AND subject = $3 AND tokens_sealed IS NOT NULL`,
        [poolId, provider, subject],
      )
      const [row] = rows
      if (row === undefined || !isDeepStrictEqual(opened(key, row.sub, 'tokens', row.tokens_sealed), tokens)) return
      // Sealed anew whenever they are kept: what was kept since is another text.
      await pool.query(
        `UPDATE linked_identity SET tokens_sealed = NULL
       WHERE pool_id = $1 AND provider = $2 AND subject = $3 AND tokens_sealed = $4`,
        [poolId, provider, subject, row.tokens_sealed],
      )
    },

    async record(key) {
      const { poolId, provider, subject } = key
      if (!isSubject(subject)) return null
      const { rows } = await pool.query<{
        sub: string
        last_sign_in_at: Date | null
        claims_sealed: string | null
        tokens_sealed: string | null
      }>({
        name: 'identity-record',
        text: `SELECT sub, last_sign_in_at, claims_sealed, tokens_sealed FROM linked_identity
             WHERE pool_id = $1 AND provider = $2 AND subject = $3`,
        values: [poolId, provider, subject],
      })
      const [row] = rows
      if (row === undefined || row.claims_sealed === null || row.last_sign_in_at === null) return null
      return {
        claims: opened(key, row.sub, 'claims', row.claims_sealed) as UpstreamRecord['claims'],
        tokens:
          row.tokens_sealed === null
            ? null
            : (opened(key, row.sub, 'tokens', row.tokens_sealed) as UpstreamRecord['tokens']),
        at: row.last_sign_in_at,
      }
    },
  }
}
