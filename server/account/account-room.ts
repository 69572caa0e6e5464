import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Database } from '#adapters/postgres/database.ts'
import { pgAppAccesses } from '#adapters/postgres/pg-app-accesses.ts'
import { pgContactChanges } from '#adapters/postgres/pg-contact-changes.ts'
import { pgDataExports } from '#adapters/postgres/pg-data-exports.ts'
import { pgDeletions } from '#adapters/postgres/pg-deletions.ts'
import { pgOwnSessions } from '#adapters/postgres/pg-own-sessions.ts'
import { type AccountPorts, type FindClient, keepingToken } from '#core/account/index.ts'
import { accountClient } from '#core/clients/index.ts'
import { type JourneyPorts, secretHash } from '#core/flows/index.ts'
import { type AnswerPorts, answerSignInQuestion } from '#core/risk/index.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { ok } from '#core/shared/result.ts'
import type { Config } from '../config.ts'
import { flowCookieName, readCookie } from '../cookies.ts'
import type { Completion } from '../oidc/complete-journey.ts'
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

type Complete = (runtime: PoolRuntime, flowId: string, req: IncomingMessage, res: ServerResponse) => Promise<Completion>

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

  /**
   * Somebody signs in to an account that is on its way out: instead of to the app they are led to the page that keeps it,
   * by the proofs of their journey. True: the request is answered.
   */
  const keepsFromApps = async (
    { pool, base }: PoolRuntime,
    flowId: string,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<boolean> => {
    const flow = await ports.flows.find(pool.id, flowId)
    const secret = readCookie(req.headers.cookie, flowCookieName(config))
    const proof = flow?.step === 'done' ? flow.state.proof : null
    if (flow === null || secret === undefined || proof === null || flow.expiresAt <= now().getTime()) return false
    if (!ports.hashes.equal(flow.secretHash, secretHash(ports.hashes, pool.id, flowId, secret))) return false
    const person = await ports.users.findBySub(pool.id, proof.sub)
    const until = person?.user.deleteAfter
    if (person?.user.enabled !== true || until == null) return false
    await ports.flows.finish(pool.id, flowId, { events: [] })
    const token = keepingToken(own, pool.id, { sub: proof.sub, until: until.getTime() })
    const location = `${base}/account/undo?${new URLSearchParams({ token })}`
    res.writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end()
    return true
  }

  return {
    ports: own,
    /** Ends journeys as `complete` does, but for accounts on their way out. */
    beforeApps:
      (complete: Complete): Complete =>
      async (...asked) =>
        (await keepsFromApps(...asked)) ? 'finished' : complete(...asked),
    door: portal({ config, ports: own, secrets, pages, findClient }),
    /** The pool and its account client, for jobs. */
    contextOf: async (poolId: string) => {
      const pool = await ports.pools.find(poolId)
      return pool === null ? null : { pool, client: accountClient(pool, ports.links.base(poolId)) }
    },
  }
}
export type AccountRoomOpen = ReturnType<typeof accountRoom>
