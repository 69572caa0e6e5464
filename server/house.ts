import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { openDatabase } from '#adapters/postgres/database.ts'
import { pgArtifacts } from '#adapters/postgres/pg-artifacts.ts'
import { pgEventHistory } from '#adapters/postgres/pg-event-history.ts'
import { pgEvents } from '#adapters/postgres/pg-events.ts'
import { pgOutbox } from '#adapters/postgres/pg-outbox.ts'
import { pgSignInFeedback } from '#adapters/postgres/pg-risk.ts'
import { pgThemes } from '#adapters/postgres/pg-themes.ts'
import { pgProtocolClients, pgTokenAccounts } from '#adapters/postgres/pg-token-reads.ts'
import { listenForPools, poolVersions } from '#adapters/postgres/pool-notices.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { prismaSigningKeys } from '#adapters/postgres/prisma-signing-keys.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import { openFlow } from '#core/flows/index.ts'
import { composeMessage, messageComposer } from '#core/messages/index.ts'
import { contextOf } from '#core/shared/request-context.ts'
import { sealFigure, sealMark } from '#core/themes/index.ts'
import { noTriggers } from '#core/triggers/index.ts'
import { signOutOwnDevices } from '#core/users/index.ts'
import { accountRoom } from './account/account-room.ts'
import { clientAddress } from './client-address.ts'
import type { Config } from './config.ts'
import { devInbox } from './dev-inbox.ts'
import { configuredEventStream } from './event-sinks.ts'
import { federationPorts } from './federation/federation-ports.ts'
import { providerDoor } from './federation/provider-door.ts'
import { upstreamLogout } from './federation/upstream-logout.ts'
import { files } from './files.ts'
import { frontDoor } from './front-door.ts'
import { accountJobs } from './jobs/account-jobs.ts'
import { outboxWorker } from './jobs/outbox-worker.ts'
import { sweeper } from './jobs/sweeper.ts'
import { journeyPorts } from './journey-ports.ts'
import { journeys } from './journeys.ts'
import { addressOfPage, chooseLanguage } from './language.ts'
import { chooseLocale } from './locale.ts'
import { mailBrands } from './mail-brands.ts'
import type { Metrics } from './metrics.ts'
import { completeJourney } from './oidc/complete-journey.ts'
import type { OidcDeps } from './oidc/pool-for-oidc.ts'
import { poolRuntimes } from './oidc/pool-runtimes.ts'
import { protocolPages } from './oidc/protocol-pages.ts'
import { inTurn, signOut } from './oidc/sign-out.ts'
import { hostedPages, newNonce } from './pages.ts'
import { protocolClients } from './protocol-clients.ts'
import { samlIdpRoom } from './saml-idp/saml-idp-room.ts'
import { ringOf } from './secret.ts'
import { signOutNotices } from './sign-out-notices.ts'
import { loadShippedThemes, themeLibrary } from './theme-library.ts'
import { transports } from './transports.ts'
import { trouble } from './trouble.ts'

const ASSETS = join(import.meta.dirname, '../public/assets')

export interface HouseOptions {
  config: Config
  connectionString: string
  log: Logger
  metrics: Metrics
  /** Next's handler; tests of the protocol go without. */
  next: (req: IncomingMessage, res: ServerResponse) => Promise<void>
}

/** The one place where everything is composed. Opens connections lazily; starts the jobs; listens to nothing. */
export const buildHouse = ({ config, connectionString, log, metrics, next }: HouseOptions) => {
  const clock = systemClock
  const random = systemRandom
  const secrets = ringOf(config)
  const isDevelopment = config.mode === 'development'
  const database = openDatabase({
    connectionString,
    maxConnections: config.DATABASE_MAX_CONNECTIONS,
    onError: (error) => log.warn({ because: error.message }, 'a database connection broke'),
  })
  const store = { prisma: database.prisma, secrets }

  const pools = prismaPools(store)
  const links = { base: (poolId: string) => `${config.PUBLIC_ORIGIN}/${poolId}` }
  const clients = protocolClients(pgProtocolClients(database), { pools, links })
  const findClient = async (poolId: string, id: string) => (await clients.find(poolId, id))?.client ?? null
  const events = pgEvents(database, secrets)
  const artifacts = pgArtifacts(database, secrets, () => clock.now())
  const outbox = pgOutbox({ pool: database.pool, secrets, keepContent: isDevelopment && config.SMTP_URL === undefined })
  const keys = prismaSigningKeys(database, secrets)
  const resourceServers = prismaResourceServers(store)
  const themes = pgThemes(database, secrets)
  const looks = themeLibrary(loadShippedThemes(), themes)
  const pages = hostedPages(config, looks, ASSETS)
  const triggers = noTriggers
  const compose = composeMessage({
    random,
    clock,
    triggers,
    onUnusableAnswer: (poolId, problems) => log.warn({ poolId, problems }, 'a custom message could not be used'),
  })
  const messages = messageComposer({
    compose,
    links,
    brandOf: mailBrands({ looks, themes, warn: (line, fields) => log.warn(fields, line) }),
  })

  const onTrouble = (requestId: string, error: unknown): 500 | 503 => {
    const { status, because } = trouble(error)
    log.error(
      { requestId, because, stack: error instanceof Error ? error.stack : undefined },
      'a request could not be answered',
    )
    return status
  }

  const federation = federationPorts({ config, database, secrets, links, clock, watch: metrics.federation })
  const shared = { pools, events, triggers, messages, links, federation, clock, random }
  const { ports, close, hashesWaiting } = journeyPorts({ ...shared, config, database, secrets, log, metrics })

  const deps: OidcDeps = {
    config,
    clients,
    accounts: pgTokenAccounts(database),
    artifacts,
    consents: ports.consents,
    providers: federation.providers,
    events,
    triggers,
    clock,
    random,
    hashes: secrets,
    cookieKeys: [secrets.derive('cookies')],
    pages: protocolPages(pages, clients, clock),
    openFlow: openFlow(ports),
    contextOf: (req) => contextOf(req.headers),
    onTrouble,
  }
  const runtimes = poolRuntimes(
    { pools: { find: (id) => pools.find(id), version: poolVersions(database) }, keys, resourceServers, clock },
    () => deps,
  )

  const signOuts = signOutNotices(config, { database, secrets, runtimes, findClient, clock, random, log, metrics })
  const answering = {
    ...ports,
    history: pgEventHistory(database),
    feedback: pgSignInFeedback(database, secrets),
    signOut: signOutOwnDevices(ports),
  }
  const account = accountRoom({ config, database, secrets, ports, answering, pages, findClient })
  const jobs = accountJobs({ ...account, log })

  const leaving = { deps, pages, secrets, signOutOwnDevices: signOutOwnDevices(ports), onEnded: signOuts.nudge }
  const saml = samlIdpRoom(database, leaving)
  const atProvider = upstreamLogout({ config, ports, federation, pages, secrets, onEnded: signOuts.nudge })

  const door = frontDoor({
    config,
    log,
    runtimes,
    pages,
    next,
    complete: (...asked) => completeJourney({ config, ports, deps, keepPage: account.keepPage }, ...asked),
    chooseLanguage: chooseLanguage(config),
    providers: providerDoor({ config, ports, federation, pages, findClient }),
    account: account.door,
    samlIdp: saml.door,
    signOut: signOut({ ...leaving, browserLogout: inTurn(saml.browserLogout, atProvider.browserLogout) }),
    upstreamLogout: atProvider,
    files: files(ASSETS, themes, looks, { figure: sealFigure, mark: sealMark }),
    inbox: isDevelopment ? devInbox({ outbox }) : null,
    preview: isDevelopment,
    async showProblem(runtime, { problem, status }, req, res) {
      const requestId = contextOf(req.headers).requestId
      if (runtime === null) {
        res.writeHead(status, {
          'content-type': 'text/plain; charset=utf-8',
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        })
        return void res.end(`${status} nothing is here · reference ${requestId}\n`)
      }
      const nonce = newNonce()
      const locale = chooseLocale({}, req.headers, runtime.pool.settings.defaultLocale)
      const { pool, base } = runtime
      const frame = await pages.frame({ pool, base, client: null, locale, nonce, here: addressOfPage(req) })
      await pages.show(pages.problem({ frame, status, problem, reference: requestId }, clock.now()), res, status, nonce)
    },
    newRequestId: () => random.uuidAt(clock.now()),
    addressOf: clientAddress(config),
    onAnswered: metrics.answered,
  })

  const worker = outboxWorker({
    outbox,
    ...transports(config),
    clock,
    random,
    log: (level, line, fields) => log[level](fields ?? {}, line),
    metrics: metrics.outbox,
  })
  const stream = configuredEventStream(config, { database, clock, random, log, metrics })
  const sweep = sweeper({ database, artifacts, eventDays: config.AUTH_EVENT_DAYS, clock, log })
  const notices = listenForPools(connectionString, (poolId) => runtimes.expire(poolId))
  metrics.watchHashing(hashesWaiting)

  /** What crosses into the pages' own module world: functions over plain data. */
  const published = {
    journeys: journeys({ config, ports, runtimes, clients, pages, answering }),
    isSecure: config.isSecure,
    trouble: (error: unknown, requestId: string) => onTrouble(requestId, error),
    fallback: pages.fallbackAnswer,
  }

  return {
    config,
    database,
    secrets,
    door,
    published,
    ports,
    account,
    jobs,
    deps,
    federation,
    runtimes,
    keys,
    store,
    start(): void {
      worker.start()
      stream.start()
      signOuts.start()
      sweep.start()
      jobs.start()
    },
    async isReady(): Promise<boolean> {
      return database.pool.query('SELECT 1').then(
        () => true,
        () => false,
      )
    },
    async stop(): Promise<void> {
      sweep.stop()
      await jobs.stop()
      await Promise.all([worker.stop(), stream.stop(), signOuts.stop()])
      await notices.stop()
      await events.stop().catch(() => undefined)
      federation.close()
      await database.close()
      close()
    },
  }
}
export type House = ReturnType<typeof buildHouse>
