import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { readConfig } from '#server/config.ts'
import { buildHouse, type House } from '#server/house.ts'
import { httpServer } from '#server/http-server.ts'
import { makeMetrics } from '#server/metrics.ts'
import { checkCanary } from '#server/secret.ts'
import { freshDatabase } from './database.ts'
import { plainPage, plainRoutes } from './plain-pages.ts'
import { type PoolToSeed, type SeededPool, seedPool } from './seed-pool.ts'

export interface ServerUnderTest {
  origin: string
  house: House
  connectionString: string
  /** Lines of the log so far, as written. */
  log: readonly string[]
  seed<Seed extends PoolToSeed>(pool: Seed): Promise<SeededPool<keyof Seed['clients'] & string>>
  issuerOf(pool: { poolId: string }): string
  /** Happens by itself where a test context was given. */
  stop(): Promise<void>
}

interface Finishing {
  after(finish: () => Promise<void>): void
}

/** Where the pages leave their renderer for the server. */
const RENDERER = Symbol.for('portico.renderer')

/**
 * The whole house behind its front door, in this process, on a port and a database of its own — without Next: journeys are
 * drawn as bare forms (plain-pages.ts), so that tests of the protocol need no build.
 */
export const startServer = async (
  t?: Finishing,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerUnderTest> => {
  const database = await freshDatabase()
  const secret = randomBytes(32).toString('base64url')
  const log: string[] = []
  const sink = new Writable({
    write(line, _encoding, done) {
      log.push(String(line))
      done()
    },
  })

  let house: House | null = null
  const server = httpServer((req, res) => void house?.door(req, res))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const config = readConfig({
    PUBLIC_ORIGIN: origin,
    DATABASE_URL: database.connectionString,
    PORTICO_SECRET: secret,
    ...env,
  })
  const built = buildHouse({
    config,
    connectionString: database.connectionString,
    log: pino({ level: config.LOG_LEVEL }, sink),
    metrics: makeMetrics(),
    next: (req, res) => plainRoutes(() => built)(req, res),
  })
  await checkCanary(built.database.pool, built.secrets)
  Object.assign(globalThis, { [RENDERER]: plainPage })
  built.start()
  house = built

  let isStopped = false
  const stop = async () => {
    if (isStopped) return
    isStopped = true
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    server.closeAllConnections()
    await closed
    await built.stop()
    await database.drop()
  }
  t?.after(stop)
  return {
    origin,
    house: built,
    connectionString: database.connectionString,
    log,
    seed: (pool) => seedPool({ connectionString: database.connectionString, secret }, pool),
    issuerOf: ({ poolId }) => `${origin}/${poolId}`,
    stop,
  }
}
