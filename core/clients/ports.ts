import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { AppClient, ClientSettings } from './client-settings.ts'

export interface ClientReader {
  /** Null: unknown. One that is disabled is found. */
  find(poolId: string, clientId: string): Promise<AppClient | null>
  /** Hashes of the live secrets, at most two. */
  secretHashes(poolId: string, clientId: string): Promise<readonly string[]>
  /** Whether an enabled client of the pool has sign-ins judged by a mode of its own, whatever the pool's is. */
  anyJudges(poolId: string): Promise<boolean>
}

export interface StoredSecret {
  id: string
  createdAt: Date
}

export interface ClientStore extends ClientReader {
  /** Null: nobody is called so, exactly. */
  findByName(poolId: string, name: string): Promise<AppClient | null>
  /** In the order they were made. */
  list(poolId: string): Promise<readonly AppClient[]>
  /** Bumps the pool's version, as every write here does. Fails with `already-exists`. */
  create(
    client: AppClient,
    secretHash: { id: string; hash: string } | null,
    alongside: Alongside,
  ): Promise<Result<AppClient>>
  /** Changes what is given. Fails with `client-unknown`, and with `already-exists` when the name is in use. */
  update(
    poolId: string,
    clientId: string,
    change: { name?: string; enabled?: boolean; settings?: ClientSettings; at: Date },
    alongside: Alongside,
  ): Promise<Result<AppClient>>
  /** Takes its secrets, consents and look with it. Fails with `client-unknown`. */
  delete(poolId: string, clientId: string, alongside: Alongside): Promise<Result<void>>
  /** Of the live ones, without what they are. */
  secrets(poolId: string, clientId: string): Promise<readonly StoredSecret[]>
  /** Fails with `state-refused` when two are live already; of two at once exactly one wins. */
  addSecret(
    poolId: string,
    clientId: string,
    secret: { id: string; hash: string; createdAt: Date },
    alongside: Alongside,
  ): Promise<Result<void>>
  /** Fails with `client-unknown` and `secret-unknown`. */
  removeSecret(poolId: string, clientId: string, secretId: string, alongside: Alongside): Promise<Result<void>>
}
