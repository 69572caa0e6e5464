import { z } from 'zod'
import type { ResourceServer, ResourceServerStore } from '#core/pools/ports.ts'
import type { ResourceServer as ResourceServerRow } from '#generated/prisma/client.ts'
import { bumpPool, type DomainStore, refuse, writeTogether } from './write-together.ts'

const Scopes = z.array(z.object({ name: z.string(), description: z.string() }))

const toResourceServer = ({ scopes, ...row }: ResourceServerRow): ResourceServer => ({
  ...row,
  scopes: Scopes.parse(scopes),
})

/** Resource servers and their scopes. */
export const prismaResourceServers = (store: DomainStore): ResourceServerStore => ({
  list: async (poolId) =>
    (await store.prisma.resourceServer.findMany({ where: { poolId }, orderBy: { identifier: 'asc' } })).map(
      toResourceServer,
    ),

  put: ({ poolId, identifier, name, scopes }, alongside) =>
    writeTogether(store, alongside, async (tx) => {
      await bumpPool(tx, poolId)
      const data = { name, scopes: scopes.map((scope) => ({ name: scope.name, description: scope.description })) }
      await tx.resourceServer.upsert({
        where: { poolId_identifier: { poolId, identifier } },
        create: { poolId, identifier, ...data },
        update: data,
      })
    }),

  delete: (poolId, identifier, alongside) =>
    writeTogether(store, alongside, async (tx) => {
      await bumpPool(tx, poolId)
      const { count } = await tx.resourceServer.deleteMany({ where: { poolId, identifier } })
      if (count === 0) refuse('resource-server-unknown')
    }),
})
