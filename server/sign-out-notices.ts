import type { Logger } from 'pino'
import { guardedFetch } from '#adapters/guarded-fetch/guarded-fetch.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgSignOuts } from '#adapters/postgres/pg-sign-outs.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import type { Config } from './config.ts'
import type { PollingWorker } from './jobs/polling-worker.ts'
import { signOutWorker } from './jobs/sign-out-worker.ts'
import type { Metrics } from './metrics.ts'
import { type LogoutNoticeDeps, logoutNotice } from './oidc/logout-notice.ts'

interface Rooms extends LogoutNoticeDeps {
  database: Database
  secrets: Sealer & KeyedHash
  log: Logger
  metrics: Metrics
}

/** Tells apps of the sessions that are over. */
export const signOutNotices = (
  { mode, CALL_PRIVATE_NETWORKS }: Config,
  { database, secrets, log, metrics, ...signing }: Rooms,
): PollingWorker => {
  // A developer's app listens on the same machine, without TLS.
  const isDevelopment = mode === 'development'
  return signOutWorker({
    queue: pgSignOuts(database, secrets),
    prepare: logoutNotice(signing),
    fetch: guardedFetch({ allowPrivate: CALL_PRIVATE_NETWORKS || isDevelopment, allowHttp: isDevelopment }),
    clock: signing.clock,
    random: signing.random,
    log: (level, line, fields) => log[level](fields ?? {}, line),
    metrics: metrics.signOuts,
  })
}
