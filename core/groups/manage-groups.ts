import { newEvent } from '../events/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { parseSettings } from '../shared/settings/index.ts'
import { type Group, GroupName, GroupSettings } from './group.ts'
import type { GroupStore } from './ports.ts'

export interface GroupPorts {
  groups: GroupStore
  random: Random
  clock: Clock
}

interface GroupAct {
  poolId: string
  name: string
  by: Administrator
}

const eventOf = (
  { random, clock }: GroupPorts,
  { poolId, name, by }: GroupAct,
  act: string,
  sub: string | null = null,
): Alongside => ({
  events: [
    newEvent(random, clock.now(), {
      poolId,
      type: 'group.changed',
      outcome: 'success',
      sub,
      context: by.context,
      detail: { act, group: name, by: by.name },
    }),
  ],
})

/** Fails with `settings-refused` or `already-exists`. */
export const createGroup =
  (ports: GroupPorts) =>
  async (input: GroupAct & { settings: unknown }): Promise<Result<Group>> => {
    const { poolId, name, settings } = input
    const parsedName = parseSettings(GroupName, name, 'name')
    if (!parsedName.ok) return parsedName
    const parsed = parseSettings(GroupSettings, settings)
    if (!parsed.ok) return parsed
    return ports.groups.create(
      { poolId, name, ...parsed.value, createdAt: ports.clock.now() },
      eventOf(ports, input, 'create'),
    )
  }

/** Replaces the settings. Tokens carry them from the next one on. Fails with `settings-refused` or `group-unknown`. */
export const changeGroup =
  (ports: GroupPorts) =>
  async (input: GroupAct & { settings: unknown }): Promise<Result<Group>> => {
    const parsed = parseSettings(GroupSettings, input.settings)
    return parsed.ok
      ? ports.groups.update(input.poolId, input.name, parsed.value, eventOf(ports, input, 'change'))
      : parsed
  }

/** Fails with `group-unknown`. */
export const findGroup =
  ({ groups }: Pick<GroupPorts, 'groups'>) =>
  async (poolId: string, name: string): Promise<Result<Group>> => {
    const group = await groups.find(poolId, name)
    return group === null ? fail('group-unknown') : ok(group)
  }

/** Fails with `group-unknown`. */
export const deleteGroup =
  (ports: GroupPorts) =>
  (input: GroupAct): Promise<Result<void>> =>
    ports.groups.delete(input.poolId, input.name, eventOf(ports, input, 'delete'))

/** Fails with `group-unknown`, `user-missing`, or `state-refused` where the person is in too many. */
export const addGroupMember =
  (ports: GroupPorts) =>
  (input: GroupAct & { sub: string }): Promise<Result<void>> =>
    ports.groups.addMember(
      input.poolId,
      input.name,
      input.sub,
      ports.clock.now(),
      eventOf(ports, input, 'add-member', input.sub),
    )

/** Fails with `group-unknown`. */
export const removeGroupMember =
  (ports: GroupPorts) =>
  (input: GroupAct & { sub: string }): Promise<Result<void>> =>
    ports.groups.removeMember(input.poolId, input.name, input.sub, eventOf(ports, input, 'remove-member', input.sub))
