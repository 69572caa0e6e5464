import type { Database } from '#adapters/postgres/database.ts'
import { pgOwnSessions } from '#adapters/postgres/pg-own-sessions.ts'
import type { AccountPorts, FindClient } from '#core/account/index.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'
import type { HostedPages } from '../pages.ts'
import { portal } from './portal.ts'

export interface AccountRoom {
  config: Config
  database: Database
  secrets: Sealer & KeyedHash
  /** What the journeys use already. */
  ports: Omit<AccountPorts, 'ownSessions'>
  pages: HostedPages
  findClient: FindClient
}

/** Composes the account pages. */
export const accountRoom = ({ config, database, secrets, ports, pages, findClient }: AccountRoom) => {
  const { clock } = ports
  const own: AccountPorts = {
    ...ports,
    ownSessions: pgOwnSessions(database, secrets, () => clock.now()),
  }
  return {
    ports: own,
    door: portal({ config, ports: own, secrets, pages, findClient, tellApps: async () => undefined }),
  }
}
