import { type Pool, PoolSettings } from '#core/pools/pool-settings.ts'
import type { PoolStore } from '#core/pools/ports.ts'
import type { Pool as PoolRow } from '#generated/prisma/client.ts'
import { type DomainStore, refuse, type Transaction, tellPoolChanged, writeTogether } from './write-together.ts'

/** Rows taken per statement when a pool goes: short locks, whatever its size. */
const BATCH = 5_000

/** Settings are parsed on the way out too: what an older version wrote gets today's defaults, what is broken does not pass. */
const toPool = ({ settings, ...row }: PoolRow): Pool => ({ ...row, settings: PoolSettings.parse(settings) })

// Everything with a pool_id but the pool itself and its events.
export const TABLES_OF_A_POOL = [
  'sign_in_name',
  'password',
  'former_password',
  'membership',
  'consent',
  'one_time_code',
  'flow',
  'oidc_artifact',
  'outbox',
  'app_sign_out',
  'factor',
  'recovery_code',
  'factor_recovery',
  'device',
  'sign_in_profile',
  'contact_change',
  'data_export',
  'used_assertion',
  'upstream_metadata',
  'unsolicited_identity',
  'upstream_session',
  'linked_identity',
  'provider_identifier',
  'identity_provider',
  'user_account',
  'user_group',
  'client_secret',
  'app_client',
  'resource_server',
  'theme',
  'theme_asset',
  'signing_key',
  'saml_key',
  'pairwise_secret',
]

const emptyTable = async ({ prisma }: DomainStore, table: string, poolId: string): Promise<void> => {
  const statement = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE pool_id = $1 LIMIT ${BATCH}))`
  while ((await prisma.$executeRawUnsafe(statement, poolId)) === BATCH);
}

/** Pools and their settings. Every change bumps the version and is told on the pool channel. */
export const prismaPools = (store: DomainStore): PoolStore => {
  const { prisma } = store
  const found = (row: PoolRow | null): Pool | null => row && toPool(row)
  return {
    find: async (poolId) => found(await prisma.pool.findUnique({ where: { id: poolId } })),
    findByName: async (name) => found(await prisma.pool.findUnique({ where: { name } })),
    list: async () => (await prisma.pool.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(toPool),

    create: (pool, alongside) =>
      writeTogether(store, alongside, async (tx) => toPool(await tx.pool.create({ data: pool })), 'already-exists'),

    update: (poolId, { name, settings, at }, alongside) =>
      writeTogether(
        store,
        alongside,
        async (tx) => {
          const [row] = await tx.pool.updateManyAndReturn({
            where: { id: poolId },
            data: {
              ...(name === undefined ? {} : { name }),
              ...(settings === undefined ? {} : { settings }),
              updatedAt: at,
              version: { increment: 1 },
            },
          })
          await tellPoolChanged(tx, poolId)
          return row ? toPool(row) : refuse('pool-unknown')
        },
        'already-exists',
      ),

    async delete(poolId, alongside) {
      // The pool's own row goes first: from that commit on nothing of it is found. What is left behind by a crash is taken by
      // deleting once more; its id is never given out again.
      const gone = await writeTogether(store, alongside, async (tx: Transaction) => {
        const { count } = await tx.pool.deleteMany({ where: { id: poolId } })
        if (count === 0) refuse('pool-unknown')
        await tellPoolChanged(tx, poolId)
      })
      for (const table of TABLES_OF_A_POOL) await emptyTable(store, table, poolId)
      return gone
    },
  }
}
