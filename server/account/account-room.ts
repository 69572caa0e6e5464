import type { Database } from '#adapters/postgres/database.ts'
import { pgAppAccesses } from '#adapters/postgres/pg-app-accesses.ts'
import { pgContactChanges } from '#adapters/postgres/pg-contact-changes.ts'
import { pgDataExports } from '#adapters/postgres/pg-data-exports.ts'
import { pgDeletions } from '#adapters/postgres/pg-deletions.ts'
import { pgIdentities } from '#adapters/postgres/pg-identities.ts'
import { pgOwnSessions } from '#adapters/postgres/pg-own-sessions.ts'
import { providerReader } from '#adapters/postgres/provider-reader.ts'
import { type AccountPorts, type FindClient, keepingToken } from '#core/account/index.ts'
import { accountClient } from '#core/clients/index.ts'
import type { JourneyPorts } from '#core/flows/index.ts'
import { type AnswerPorts, answerSignInQuestion } from '#core/risk/index.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { ok } from '#core/shared/result.ts'
import type { Config } from '../config.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import type { HostedPages } from '../pages.ts'
import { portal } from './portal.ts'

export interface AccountRoom {
  config: Config
  database: Database
  secrets: Sealer & KeyedHash
  ports: JourneyPorts
  /** What an answer to "was this you?" needs, and the history of events. */
  answering: Omit<AnswerPorts, 'history'> & Pick<AccountPorts, 'history'>
  pages: HostedPages
  findClient: FindClient
}

/** Composes the account pages. */
export const accountRoom = ({ config, database, secrets, ports, answering, pages, findClient }: AccountRoom) => {
  const { clock } = ports
  const now = () => clock.now()
  const ownSessions = pgOwnSessions(database, secrets, now)
  const own: AccountPorts = {
    ...ports,
    ownSessions,
    appAccesses: pgAppAccesses(database, secrets, now),
    contactChanges: pgContactChanges(database, secrets),
    providers: providerReader(database.pool),
    identities: pgIdentities(database, secrets),
    asksDirectory: ports.federation.asksDirectory,
    deletions: pgDeletions(database, secrets),
    dataExports: pgDataExports(database, secrets),
    history: answering.history,
    sealer: secrets,
    answerSignIn: (answer, keep) =>
      answerSignInQuestion({
        ...answering,
        signOut: async ({ poolId, sub }) => ok(await ownSessions.endOthers(poolId, sub, keep, { events: [] })),
      })(answer),
  }

  /** Where somebody who asked to be deleted, and has just proven who they are, keeps their account. */
  const keepPage = ({ pool, base }: PoolRuntime, sub: string, until: number): string =>
    `${base}/account/undo?${new URLSearchParams({ token: keepingToken(own, pool.id, { sub, until }) })}`

  return {
    ports: own,
    keepPage,
    door: portal({ config, ports: own, secrets, pages, findClient }),
    /** The pool and its account client, for jobs. */
    contextOf: async (poolId: string) => {
      const pool = await ports.pools.find(poolId)
      return pool === null ? null : { pool, client: accountClient(pool, ports.links.base(poolId)) }
    },
  }
}
export type AccountRoomOpen = ReturnType<typeof accountRoom>
