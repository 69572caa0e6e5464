/** Finds the client that a message is from. */
export interface SamlApps {
  /** Id of the one enabled client of the pool with this entity id, of which there is never another; null: none. */
  findByEntityId(poolId: string, entityId: string): Promise<string | null>
}
