import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { AppClient, ClientSettings } from './client-settings.ts'

export interface ClientReader {
  find(poolId: string, clientId: string): Promise<AppClient | null>
  /** Hashes of the live secrets, at most two. */
  secretHashes(poolId: string, clientId: string): Promise<readonly string[]>
}

export interface StoredSecret {
  id: string
  createdAt: Date
}

export interface ClientStore extends ClientReader {
  findByName(poolId: string, name: string): Promise<AppClient | null>
  list(poolId: string): Promise<readonly AppClient[]>
  /** Bumps the pool's version, as every write here does. Fails with `already-exists`. */
  create(
    client: AppClient,
    secretHash: { id: string; hash: string } | null,
    alongside: Alongside,
  ): Promise<Result<AppClient>>
  update(
    poolId: string,
    clientId: string,
    change: { name?: string; enabled?: boolean; settings?: ClientSettings; at: Date },
    alongside: Alongside,
  ): Promise<Result<AppClient>>
  delete(poolId: string, clientId: string, alongside: Alongside): Promise<Result<void>>
  secrets(poolId: string, clientId: string): Promise<readonly StoredSecret[]>
  /** Fails with `state-refused` when two are live already; of two at once exactly one wins. */
  addSecret(
    poolId: string,
    clientId: string,
    secret: { id: string; hash: string; createdAt: Date },
    alongside: Alongside,
  ): Promise<Result<void>>
  removeSecret(poolId: string, clientId: string, secretId: string, alongside: Alongside): Promise<Result<void>>
}
