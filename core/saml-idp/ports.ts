/** Finds the client that a message is from. */
export interface SamlApps {
  /** Id of the one enabled client of the pool with this entity id; null: none, or several, of which none is to be preferred. */
  findByEntityId(poolId: string, entityId: string): Promise<string | null>
}
