export { type Group, GroupName, GroupSettings, MAX_GROUPS_PER_USER } from './group.ts'
export {
  addGroupMember,
  changeGroup,
  createGroup,
  deleteGroup,
  findGroup,
  type GroupPorts,
  removeGroupMember,
} from './manage-groups.ts'
export type { GroupStore } from './ports.ts'
