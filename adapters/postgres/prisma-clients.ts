import { type AppClient, ClientSettings, ENTITY_ID_TAKEN } from '#core/clients/client-settings.ts'
import type { ClientStore } from '#core/clients/ports.ts'
import type { RiskOverride } from '#core/risk/index.ts'
import type { Failure } from '#core/shared/result.ts'
import type { AppClient as ClientRow } from '#generated/prisma/client.ts'
import { bumpPool, type DomainStore, refuse, type Transaction, writeTogether } from './write-together.ts'

/** Two, so that one can be replaced while the other still works. */
const MOST_SECRETS = 2

const toClient = ({ settings, ...row }: ClientRow): AppClient => ({ ...row, settings: ClientSettings.parse(settings) })
const found = (row: ClientRow | null): AppClient | null => row && toClient(row)

const mustExist = async (tx: Transaction, poolId: string, clientId: string): Promise<void> => {
  const row = await tx.appClient.findUnique({ where: { poolId_id: { poolId, id: clientId } }, select: { id: true } })
  if (row === null) refuse('client-unknown')
}

const duplicateOf = (index: string): Failure =>
  index === 'app_client_entity_id_key' ? ENTITY_ID_TAKEN : { code: 'already-exists' }

/** App clients and the hashes of their secrets. Every change bumps the pool's version. */
export const prismaClients = (store: DomainStore): ClientStore => {
  const { prisma } = store
  return {
    find: async (poolId, id) => found(await prisma.appClient.findUnique({ where: { poolId_id: { poolId, id } } })),
    findByName: async (poolId, name) =>
      found(await prisma.appClient.findUnique({ where: { poolId_name: { poolId, name } } })),
    list: async (poolId) =>
      (await prisma.appClient.findMany({ where: { poolId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(
        toClient,
      ),
    secretHashes: async (poolId, clientId) => {
      const rows = await prisma.clientSecret.findMany({ where: { poolId, clientId }, select: { secretHash: true } })
      return rows.map((row) => row.secretHash)
    },
    anyJudges: async (poolId) => {
      const modes = ['audit', 'enforce'] as const satisfies readonly RiskOverride['mode'][]
      const row = await prisma.appClient.findFirst({
        where: {
          poolId,
          enabled: true,
          OR: modes.map((mode) => ({ settings: { path: ['threatProtection', 'mode'], equals: mode } })),
        },
        select: { id: true },
      })
      return row !== null
    },
    secrets: (poolId, clientId) =>
      prisma.clientSecret.findMany({
        where: { poolId, clientId },
        select: { id: true, createdAt: true },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      }),

    create: (client, secret, alongside) =>
      writeTogether(
        store,
        alongside,
        async (tx) => {
          await bumpPool(tx, client.poolId)
          const row = await tx.appClient.create({ data: client })
          if (secret !== null) {
            await tx.clientSecret.create({
              data: {
                poolId: client.poolId,
                clientId: client.id,
                id: secret.id,
                secretHash: secret.hash,
                createdAt: client.createdAt,
              },
            })
          }
          return toClient(row)
        },
        duplicateOf,
      ),

    update: (poolId, clientId, { name, enabled, settings, at }, alongside) =>
      writeTogether(
        store,
        alongside,
        async (tx) => {
          await bumpPool(tx, poolId)
          const [row] = await tx.appClient.updateManyAndReturn({
            where: { poolId, id: clientId },
            data: {
              ...(name === undefined ? {} : { name }),
              ...(enabled === undefined ? {} : { enabled }),
              ...(settings === undefined ? {} : { settings }),
              updatedAt: at,
            },
          })
          return row ? toClient(row) : refuse('client-unknown')
        },
        duplicateOf,
      ),

    delete: (poolId, clientId, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        await bumpPool(tx, poolId)
        const { count } = await tx.appClient.deleteMany({ where: { poolId, id: clientId } })
        if (count === 0) refuse('client-unknown')
        await tx.clientSecret.deleteMany({ where: { poolId, clientId } })
        await tx.consent.deleteMany({ where: { poolId, clientId } })
        await tx.theme.deleteMany({ where: { poolId, clientId } })
      }),

    addSecret: (poolId, clientId, { id, hash, createdAt }, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        // The lock on the pool's row makes two at once come one after the other, so that the count cannot be outrun.
        await bumpPool(tx, poolId)
        await mustExist(tx, poolId, clientId)
        if ((await tx.clientSecret.count({ where: { poolId, clientId } })) >= MOST_SECRETS)
          refuse('state-refused', { because: 'two secrets already' })
        await tx.clientSecret.create({ data: { poolId, clientId, id, secretHash: hash, createdAt } })
      }),

    removeSecret: (poolId, clientId, secretId, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        await bumpPool(tx, poolId)
        await mustExist(tx, poolId, clientId)
        const { count } = await tx.clientSecret.deleteMany({ where: { poolId, clientId, id: secretId } })
        if (count === 0) refuse('secret-unknown')
      }),
  }
}
