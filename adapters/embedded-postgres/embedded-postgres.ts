import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { type Cluster, ENVIRONMENT, PG_PORT, PG_USER, prepareCluster } from './data-folder.ts'
import { disownPostmasterFile, isServing, readPostmaster } from './postmaster-file.ts'

export interface EmbeddedPostgresOptions {
  /** Made where it does not exist. */
  dataDir: string
  /** One calm line each. */
  log: (line: string) => void
  /** False for throw-away data: commits then do not reach the disk before they are answered. */
  isDurable?: boolean
}

export interface EmbeddedPostgres {
  connectionString: string
  /** Ends the server when no other process of ours uses it. */
  stop(): Promise<void>
}

/** Recovery after a power cut reads the whole log since the last checkpoint; a start takes 0.03 s otherwise. */
const START_MS = 120_000
const STOP_MS = 60_000
const POLL_MS = 10
const LARGEST_LOG_BYTES = 8 * 1024 * 1024

/** Held shared by every process that uses the server, exclusively by the one that ends it. */
const USERS_LOCK = 0x706f7274

const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '200',
  // Statements and constraint details carry addresses of people; neither belongs in a file.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  // Small data, short queries: neither compiling nor extra I/O processes pay.
  jit: 'off',
  io_method: 'sync',
}
const THROW_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

const addressOf = (socketFolder: string, port: number, database: string): string =>
  `postgresql://${PG_USER}@localhost:${port}/${database}?host=${encodeURIComponent(socketFolder)}`

const logFileOf = (cluster: Cluster): string => join(cluster.dataDir, 'server.log')

const launch = (cluster: Cluster, isDurable: boolean): ChildProcess => {
  const logFile = logFileOf(cluster)
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG_BYTES) renameSync(logFile, `${logFile}.1`)
  writeFileSync(logFile, '', { flag: 'a', mode: 0o600 })
  if (cluster.identity.uid !== undefined) chownSync(logFile, cluster.identity.uid, cluster.identity.gid)
  const output = openSync(logFile, 'a')
  const settings = {
    ...SETTINGS,
    ...(isDurable ? {} : THROW_AWAY),
    unix_socket_directories: `"${cluster.socketFolder}"`,
  }
  const child = spawn(
    cluster.postgres,
    [
      ...['-D', cluster.dataDir, '-p', String(PG_PORT)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...cluster.identity,
      cwd: '/',
      // In a session of its own: Ctrl-C is for us, and we end it when our last query is done.
      detached: true,
      stdio: ['ignore', output, output],
      env: ENVIRONMENT,
    },
  )
  closeSync(output)
  child.unref()
  return child
}

const lastLines = (file: string): string => readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n')

/** Adopts the server of this data folder, or starts one; resolves when it takes connections. */
const ensureServing = async (cluster: Cluster, log: (line: string) => void, isDurable: boolean): Promise<string> => {
  const deadline = Date.now() + START_MS
  let child: ChildProcess | undefined
  let hasEnded = false
  let refusals = 0
  while (Date.now() < deadline) {
    const server = readPostmaster(cluster.dataDir)
    if (server && isServing(server.pid, cluster.dataDir)) {
      if (server.isReady) {
        if (server.pid !== child?.pid) log(`found PostgreSQL running (process ${server.pid}) and use it`)
        return addressOf(server.socketFolder, server.port, 'postgres')
      }
    } else if (child === undefined) {
      if (server) disownPostmasterFile(cluster.dataDir)
      child = launch(cluster, isDurable)
      hasEnded = false
      child.once('error', () => {
        hasEnded = true
      }) // prettier
      child.once('exit', () => {
        hasEnded = true
      })
    } else if (hasEnded) {
      // Two of us may start at the same moment: the second server refuses and its owner uses the first one.
      refusals += 1
      if (refusals === 3) throw new Error(`PostgreSQL did not start:\n${lastLines(logFileOf(cluster))}`)
      child = undefined
    }
    await pause(POLL_MS)
  }
  throw new Error(`PostgreSQL did not start within ${START_MS / 1000} s:\n${lastLines(logFileOf(cluster))}`)
}

const ensureDatabase = async (keeper: pg.Client): Promise<void> => {
  const { rowCount } = await keeper.query('SELECT FROM pg_database WHERE datname = $1', [PG_USER])
  if (rowCount) return
  await keeper.query(`CREATE DATABASE ${PG_USER}`).catch((error: { code?: string }) => {
    // duplicate_database, or its unique key: another process of ours made it meanwhile
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

/** `ref` and `unref` are the library's, but not in its types. */
type Keeper = pg.Client & { ref(): void; unref(): void }

/** A connection that says "in use" for as long as it is open. */
const connectKeeper = async (address: string): Promise<Keeper> => {
  const keeper = new pg.Client({ connectionString: address, application_name: 'portico keeper' }) as Keeper
  keeper.on('error', () => {}) // 'end' follows, and that is where we act
  await keeper.connect()
  try {
    await keeper.query('SELECT pg_advisory_lock_shared($1)', [USERS_LOCK])
    await ensureDatabase(keeper)
  } catch (error) {
    await keeper.end().catch(() => {})
    throw error
  }
  keeper.unref() // a program that is done may end without asking us
  return keeper
}

const isLastUser = async (keeper: Keeper): Promise<boolean> => {
  try {
    await keeper.query('SELECT pg_advisory_unlock_shared($1)', [USERS_LOCK])
    const { rows } = await keeper.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [USERS_LOCK])
    return rows[0]?.alone ?? false
  } catch {
    return false // another user, leaving at the same moment, was the last one and has ended the server
  }
}

const shutDown = async (cluster: Cluster, keeper: Keeper): Promise<boolean> => {
  keeper.ref()
  const isLast = await isLastUser(keeper)
  const server = readPostmaster(cluster.dataDir)
  // With the lock held nobody can come to rely on the server between the look and the signal.
  if (isLast && server) process.kill(server.pid, 'SIGINT') // "fast" shutdown: sessions end, data is flushed
  await keeper.end().catch(() => {})
  if (!isLast || !server) return false
  const deadline = Date.now() + STOP_MS
  while (isServing(server.pid, cluster.dataDir) && Date.now() < deadline) await pause(POLL_MS)
  if (cluster.socketFolder !== cluster.dataDir) rmSync(cluster.socketFolder, { recursive: true, force: true })
  return true
}

/**
 * Portico's own PostgreSQL in a data folder, reached through a Unix socket only.
 *
 * A server that an earlier, killed process left running is adopted. While we live, a server that goes away is
 * started again. Throws with the reason when it cannot be started.
 */
export const startEmbeddedPostgres = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { log, isDurable = true } = options
  const cluster = prepareCluster(options.dataDir, log)
  let keeper: Keeper | null = null
  let isStopping = false

  const keep = async (): Promise<string> => {
    for (let attempt = 1; ; attempt += 1) {
      const address = await ensureServing(cluster, log, isDurable)
      try {
        keeper = await connectKeeper(address)
        keeper.once('end', () => void revive())
        return address
      } catch (error) {
        // The server was being ended by its last user while we found it: look again.
        if (attempt === 20) throw error
        await pause(POLL_MS * attempt)
      }
    }
  }

  const revive = async (): Promise<void> => {
    keeper = null
    for (let delay = 100; !isStopping; delay = Math.min(delay * 2, 10_000)) {
      log('PostgreSQL went away; starting it again')
      try {
        await keep()
        return
      } catch (error) {
        log(`${(error as Error).message}; trying again in ${delay} ms`)
        await pause(delay, undefined, { ref: false })
      }
    }
  }

  const address = await keep()
  return {
    connectionString: address.replace('/postgres?', `/${PG_USER}?`),
    async stop() {
      if (isStopping) return
      isStopping = true
      const ended = keeper !== null && (await shutDown(cluster, keeper))
      log(ended ? 'PostgreSQL stopped' : 'PostgreSQL left as it is: another process uses it, or it is gone')
    },
  }
}
