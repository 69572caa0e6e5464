import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres/embedded-postgres.ts'
import { migrate, SchemaRefused } from '#adapters/postgres/migrate.ts'
import { checkBreachFile } from './breaches.ts'
import { isBuilt } from './built.ts'
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from './config.ts'
import { buildHouse } from './house.ts'
import { httpServer } from './http-server.ts'
import { makeMetrics } from './metrics.ts'
import { opsServer } from './ops.ts'
import { checkCanary, renewSealed } from './secret.ts'
import { welcome } from './welcome.ts'

// Next is CommonJS whose types say otherwise; this is the part of it that a custom server uses.
const next = createRequire(import.meta.url)('next') as (options: {
  dev: boolean
  dir: string
  hostname: string
  port: number
  customServer: boolean
}) => {
  prepare(): Promise<void>
  close(): Promise<void>
  getRequestHandler(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
}

const isDevelopmentBuild = process.argv.includes('--dev')
/** One Ctrl-C may arrive twice, from the terminal and from the program that started us; a later one means "now". */
const SAME_WISH_MS = 1_000

const say = (line: string): void => void process.stderr.write(`portico: ${line}\n`)

const configured = (): Config => {
  try {
    return readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    say(error.message)
    process.exit(EXIT_CONFIG)
  }
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })

const start = async (): Promise<void> => {
  const config = configured()
  checkBreachFile(config)
  if (!isDevelopmentBuild && !isBuilt())
    throw new ConfigError(['the pages are not built: run npm run build, or npm start'])
  const log = pino({ level: config.LOG_LEVEL }, pino.destination({ dest: 1, sync: false }))
  if (config.mode === 'development')
    log.warn({ origin: config.PUBLIC_ORIGIN }, 'development mode: captured mail, generated secrets, plain http')

  const embedded =
    config.DATABASE_URL === undefined
      ? await startEmbeddedPostgres({ dataDir: join(config.PORTICO_DATA_DIR, 'pg'), log: say })
      : null
  const connectionString = config.DATABASE_URL ?? embedded?.connectionString ?? ''
  await migrate({ connectionString, clock: systemClock, log: say })

  const metrics = makeMetrics()
  const pages = next({
    dev: isDevelopmentBuild,
    dir: join(import.meta.dirname, '..'),
    hostname: config.HOST,
    port: config.PORT,
    customServer: true,
  })
  const handle = pages.getRequestHandler()
  const house = buildHouse({ config, connectionString, log, metrics, next: (req, res) => handle(req, res) })
  await checkCanary(house.database.pool, house.secrets)
  if (config.PORTICO_SECRET_PREVIOUS !== undefined)
    say(`sealed ${await renewSealed(house.database.pool, house.secrets)} keys under the new secret`)
  Object.assign(globalThis, { [Symbol.for('portico.house')]: house.published })
  await pages.prepare()

  const server = httpServer((req, res) => void house.door(req, res))
  let isStopping = false
  // What is being stopped takes nothing new: whoever balances load learns of it here.
  const ops = opsServer(metrics, async () => !isStopping && (await house.isReady()))
  const [opsHost = '127.0.0.1', opsPort = '9464'] = config.OPS_ADDR.split(/:(?=\d+$)/)
  await listen(server, config.PORT, config.HOST)
  await listen(ops, Number(opsPort), opsHost.replace(/^\[|\]$/g, ''))

  let guests: Awaited<ReturnType<typeof welcome>> | null = null
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return
    isStopping = true
    say(`${signal}: finishing what is under way`)
    const forced = setTimeout(() => process.exit(1), config.DRAIN_SECONDS * 1000)
    forced.unref()
    server.close()
    server.closeIdleConnections()
    await new Promise<void>((resolve) => {
      server.once('close', () => resolve())
      setTimeout(() => server.closeIdleConnections(), 500).unref()
      setTimeout(() => server.closeAllConnections(), (config.DRAIN_SECONDS - 1) * 1000).unref()
    })
    ops.close()
    await guests?.stop()
    await house.stop()
    await pages.close()
    await embedded?.stop()
    process.exit(0)
  }
  let stoppingSince: number | null = null
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      const now = performance.now()
      if (stoppingSince === null) {
        stoppingSince = now
        void stop(signal)
      } else if (now - stoppingSince > SAME_WISH_MS) process.exit(128 + constants.signals[signal])
    })

  house.start()
  guests = await welcome(house, say)
}

start().catch((error: unknown) => {
  const isConfiguration = error instanceof ConfigError || error instanceof SchemaRefused
  say(
    isConfiguration
      ? error.message
      : `could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  )
  process.exit(isConfiguration ? EXIT_CONFIG : 1)
})
