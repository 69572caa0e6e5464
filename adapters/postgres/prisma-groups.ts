import { type Group, MAX_GROUPS_PER_USER } from '#core/groups/group.ts'
import type { GroupStore } from '#core/groups/ports.ts'
import { type DomainStore, refuse, type Transaction, writeTogether } from './write-together.ts'

/** Locks the group until commit, so that nobody joins while it goes. */
const lockGroup = async (tx: Transaction, poolId: string, name: string): Promise<void> => {
  const rows = await tx.$queryRaw<
    unknown[]
  >`SELECT 1 FROM user_group WHERE pool_id = ${poolId} AND name = ${name} FOR SHARE`
  if (rows.length === 0) refuse('group-unknown')
}

/** Locks the person, so that memberships of one person are counted one after the other. */
const lockUser = async (tx: Transaction, poolId: string, sub: string): Promise<void> => {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM user_account WHERE pool_id = ${poolId} AND sub = ${sub} AND status <> 'DELETING' FOR UPDATE`
  if (rows.length === 0) refuse('user-missing')
}

/** Groups and who is in them. */
export const prismaGroups = (store: DomainStore): GroupStore => {
  const { prisma } = store
  return {
    find: (poolId, name) => prisma.group.findUnique({ where: { poolId_name: { poolId, name } } }),
    list: (poolId) => prisma.group.findMany({ where: { poolId }, orderBy: { name: 'asc' } }),

    create: (group, alongside) =>
      writeTogether(store, alongside, (tx): Promise<Group> => tx.group.create({ data: group }), 'already-exists'),

    update: (poolId, name, change, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        const [row] = await tx.group.updateManyAndReturn({ where: { poolId, name }, data: change })
        return row ?? refuse('group-unknown')
      }),

    delete: (poolId, name, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        const { count } = await tx.group.deleteMany({ where: { poolId, name } })
        if (count === 0) refuse('group-unknown')
        await tx.membership.deleteMany({ where: { poolId, groupName: name } })
      }),

    addMember: (poolId, name, sub, at, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        await lockGroup(tx, poolId, name)
        await lockUser(tx, poolId, sub)
        const { count } = await tx.membership.createMany({
          data: [{ poolId, sub, groupName: name, createdAt: at }],
          skipDuplicates: true,
        })
        if (count > 0 && (await tx.membership.count({ where: { poolId, sub } })) > MAX_GROUPS_PER_USER) {
          refuse('state-refused', { because: `in ${MAX_GROUPS_PER_USER} groups already` })
        }
      }),

    removeMember: (poolId, name, sub, alongside) =>
      writeTogether(store, alongside, async (tx) => {
        await lockGroup(tx, poolId, name)
        await tx.membership.deleteMany({ where: { poolId, sub, groupName: name } })
      }),
  }
}
