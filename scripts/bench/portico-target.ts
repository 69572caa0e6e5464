import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { systemClock } from '#adapters/clock/system-clock.ts'
import { startEmbeddedPostgres } from '#adapters/embedded-postgres/embedded-postgres.ts'
import { readPostmaster } from '#adapters/embedded-postgres/postmaster-file.ts'
import { migrate } from '#adapters/postgres/migrate.ts'
import { addressOf, query } from '#tests/support/cluster.ts'
import { type SeededClient, seedPool } from '#tests/support/seed-pool.ts'
import type { SigningAlgorithm } from './bare-target.ts'
import { databaseCpuMs } from './database-cpu.ts'
import { type BenchClient, startMeasured, type Target } from './target.ts'

const ROOT = join(import.meta.dirname, '../..')
const REDIRECT = 'http://localhost:9/callback'
const PASSWORD = 'correct horse battery staple'
/** More than there are workers: no two sign-ins of one person wait for each other's row. */
const PEOPLE = 32

export interface PorticoUnderLoad extends Target {
  /** CPU milliseconds of the database so far; null where that cannot be read. */
  databaseCpuMs(): number | null
}

/** A durable database of its own on the generator's core; one server for all runs, one database for each. */
const freshDatabase = async () => {
  const dataDir = join(ROOT, '.portico/bench-pg')
  const cluster = await startEmbeddedPostgres({ dataDir, log: () => {} })
  const name = `bench_${randomBytes(6).toString('hex')}`
  await query(cluster.connectionString, `CREATE DATABASE ${name}`)
  const connectionString = addressOf(cluster.connectionString, name)
  await migrate({ connectionString, clock: systemClock, log: () => {} })
  return {
    connectionString,
    postmaster: readPostmaster(dataDir)?.pid ?? 0,
    async drop() {
      await query(cluster.connectionString, `DROP DATABASE ${name} WITH (FORCE)`)
      await cluster.stop()
    },
  }
}

const seed = async (connectionString: string, secret: string, alg: SigningAlgorithm) => {
  const person = { callbackUrls: [REDIRECT], scopes: ['openid', 'email', 'profile'] }
  return seedPool(
    { connectionString, secret },
    {
      name: 'Bench',
      settings: { algorithm: alg },
      resourceServers: [{ identifier: 'api', name: 'API', scopes: [{ name: 'read', description: 'Read' }] }],
      clients: {
        web: person,
        rotating: { ...person, refreshRotation: { enabled: true, graceSeconds: 0 } },
        machine: { flows: ['client_credentials'], scopes: ['api/read'] },
      },
      people: Array.from({ length: PEOPLE }, (_, number) => ({
        attributes: { email: `person${number}@bench.example`, email_verified: true, name: `Person ${number}` },
        password: PASSWORD,
      })),
    },
  )
}

/** The whole server as `npm start` runs it, with a fresh durable database. */
export const startPortico = async ({
  port,
  alg,
}: {
  port: number
  alg: SigningAlgorithm
}): Promise<PorticoUnderLoad> => {
  const secret = randomBytes(32).toString('base64url')
  const folder = await mkdtemp(join(tmpdir(), 'portico-bench-'))
  const database = await freshDatabase()
  const clear = async () => {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { poolId, clients } = await seed(database.connectionString, secret, alg)
    const origin = `http://localhost:${port}`
    const issuer = `${origin}/${poolId}`
    const started = performance.now()
    const process = await startMeasured(join(ROOT, 'server/main.ts'), {
      env: {
        PUBLIC_ORIGIN: origin,
        PORT: String(port),
        OPS_ADDR: `127.0.0.1:${port + 1}`,
        DATABASE_URL: database.connectionString,
        PORTICO_DATA_DIR: folder,
        PORTICO_SECRET: secret,
        PORTICO_SEED_DEMO: 'false',
        TRUSTED_PROXY_HOPS: '1',
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
      },
      ready: (output) => output.includes(`serving ${origin}`),
    })
    await fetch(`${issuer}/.well-known/openid-configuration`)
    const firstAnswerMs = performance.now() - started
    const client = ({ clientId, clientSecret = '' }: SeededClient, scope = 'openid email profile'): BenchClient => ({
      id: clientId,
      secret: clientSecret,
      scope,
    })
    return {
      name: 'Portico',
      issuer,
      redirectUri: REDIRECT,
      web: client(clients.web),
      rotating: client(clients.rotating),
      shown: client(clients.web),
      machine: client(clients.machine, 'api/read'),
      people: Array.from({ length: PEOPLE }, (_, number) => ({
        username: `person${number}@bench.example`,
        password: PASSWORD,
      })),
      process,
      firstAnswerMs,
      databaseCpuMs: () => databaseCpuMs(database.postmaster),
      async stop() {
        await process.stop()
        await clear()
      },
    }
  } catch (error) {
    await clear()
    throw error
  }
}
