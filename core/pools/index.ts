export { type ChangePool, type ChangePoolPorts, changePool } from './change-pool.ts'
export { type CreatePool, type CreatePoolPorts, createPool, PoolName } from './create-pool.ts'
export { deletePool } from './delete-pool.ts'
export { findPool } from './find-pool.ts'
export { type PoolRemark, poolRemarks } from './pool-remarks.ts'
export type { PoolReader, PoolStore, ResourceServer, ResourceServerStore } from './ports.ts'
export {
  deleteResourceServer,
  putResourceServer,
  type ResourceServerPorts,
  ResourceServerSettings,
  STANDARD_SCOPES,
} from './resource-servers.ts'
