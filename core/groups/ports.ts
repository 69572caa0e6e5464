import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { Group, GroupSettings } from './group.ts'

export interface GroupStore {
  /** Null: no group is called so. */
  find(poolId: string, name: string): Promise<Group | null>
  /** By name. */
  list(poolId: string): Promise<readonly Group[]>
  /** Fails with `already-exists`; of two at once exactly one wins. */
  create(group: Group, alongside: Alongside): Promise<Result<Group>>
  /** Changes what is given. Fails with `group-unknown`. */
  update(poolId: string, name: string, change: Partial<GroupSettings>, alongside: Alongside): Promise<Result<Group>>
  /** Members stay people of the pool. Fails with `group-unknown`. */
  delete(poolId: string, name: string, alongside: Alongside): Promise<Result<void>>
  /** Adding a member again changes nothing. Fails with `group-unknown`, `user-missing`, or `state-refused` past 100 groups. */
  addMember(poolId: string, name: string, sub: string, at: Date, alongside: Alongside): Promise<Result<void>>
  /** Removing someone who is no member changes nothing. Fails with `group-unknown`. */
  removeMember(poolId: string, name: string, sub: string, alongside: Alongside): Promise<Result<void>>
}
