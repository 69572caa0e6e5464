import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const START_MS = 60_000

export interface PorticoProcess {
  origin: string
  /** What the server has logged so far. */
  log(): string
  stop(): Promise<void>
}

export interface PorticoProcessSettings {
  /** Where browsers reach it; a proxy may stand in between. */
  origin: string
  port: number
  opsPort: number
  databaseUrl: string
  env?: Readonly<Record<string, string>>
}

/** Names of ours in the environment of the tests must not change what they test. */
const cleanEnvironment = (): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:PORTICO_|PUBLIC_ORIGIN|DATABASE_URL|SMTP_|SMS_|DEMO_)/.test(name),
  )
  return Object.fromEntries(kept) as NodeJS.ProcessEnv
}

/** The whole server as people run it, in a process of its own on loopback, with a folder and a database of its own. */
export const startPorticoProcess = async ({
  origin,
  port,
  opsPort,
  databaseUrl,
  env = {},
}: PorticoProcessSettings): Promise<PorticoProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-process-'))
  const environment: NodeJS.ProcessEnv = {
    ...cleanEnvironment(),
    PUBLIC_ORIGIN: origin,
    PORT: String(port),
    OPS_ADDR: `127.0.0.1:${opsPort}`,
    DATABASE_URL: databaseUrl,
    PORTICO_DATA_DIR: folder,
    PORTICO_SEED_DEMO: 'false',
    LOG_LEVEL: 'warn',
    NEXT_TELEMETRY_DISABLED: '1',
    ...env,
  }
  let log = ''
  const server: ChildProcess = spawn(process.execPath, [join(ROOT, 'server/main.ts')], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const keep = (part: Buffer) => {
    log += part
  }
  server.stdout?.on('data', keep)
  server.stderr?.on('data', keep)

  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }

  const end = Date.now() + START_MS
  const isReady = () =>
    fetch(`http://127.0.0.1:${opsPort}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isReady())) {
    if (server.exitCode !== null || Date.now() > end) {
      await stop()
      throw new Error(`Portico did not start:\n${log}`)
    }
    await pause(50)
  }

  return {
    origin,
    log: () => log,
    stop,
  }
}
