import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** An app client as the generator presents it. */
export interface BenchClient {
  id: string
  secret: string
  scope: string
}

/** Everything the flows need to know of a server under load; both servers answer the same protocol. */
export interface Target {
  name: string
  /** Where discovery is asked. */
  issuer: string
  redirectUri: string
  /** Access tokens are JWTs, refresh tokens do not rotate. */
  web: BenchClient
  /** As `web`, but every refresh returns a new refresh token. */
  rotating: BenchClient
  /** Its access tokens are shown at userInfo and introspection, in the format the server honours there. */
  shown: BenchClient
  machine: BenchClient
  /** At least one; sign-ins take turns. */
  people: readonly { username: string; password: string }[]
  process: MeasuredProcess
  /** Milliseconds from spawning the server to its first answer. */
  firstAnswerMs: number
  stop(): Promise<void>
}

export interface Usage {
  /** User and system time of the whole process, its thread pool included. */
  cpuMs: number
  /** Of that, what ran on the main thread. */
  mainThreadMs: number
  rssBytes: number
}

/** Where the main thread's time went, in milliseconds: by owner of the code, and its busiest functions. */
export interface ProfileDigest {
  owners: Readonly<Record<string, number>>
  functions: readonly (readonly [string, number])[]
}

/** A server process that reports what it uses. */
export interface MeasuredProcess {
  pid: number
  usage(): Promise<Usage>
  startProfile(): Promise<void>
  stopProfile(): Promise<ProfileDigest>
  /** Bytes after a collection of garbage. */
  idleBytes(): Promise<number>
  stop(): Promise<void>
}

const SERVER_CORE = '0'
const GENERATOR_CORE = '1'
const CHANNEL = fileURLToPath(new URL('usage-channel.ts', import.meta.url))

/** True where the kernel lets a command choose its core (Linux with util-linux). */
export const canPin = spawnSync('taskset', ['-c', SERVER_CORE, 'true']).status === 0

/** Puts this process, and everything it starts later, on the generator's core. */
export const pinGenerator = (): void => {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', GENERATOR_CORE, String(process.pid)])
}

const ask = async <T>(child: ChildProcess, question: string): Promise<T> => {
  if (child.exitCode !== null) throw new Error('The server has stopped')
  const answer = once(child, 'message', { signal: AbortSignal.timeout(30_000) })
  child.send(question)
  const [message] = await answer
  return message as T
}

/** Starts a server on its own core, with a channel over which it tells what it uses. Its output goes to ours on failure. */
export const startMeasured = async (
  entry: string,
  {
    args = [],
    env = {},
    ready,
  }: { args?: readonly string[]; env?: Readonly<Record<string, string>>; ready: (output: string) => boolean },
): Promise<MeasuredProcess> => {
  const node = [process.execPath, '--expose-gc', '--import', CHANNEL, entry, ...args]
  const [command = '', ...rest] = canPin ? ['taskset', '-c', SERVER_CORE, ...node] : node
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ...env } })
  let output = ''
  const isReady = new Promise<void>((resolve, reject) => {
    const take = (part: Buffer) => {
      output = (output + part).slice(-20_000)
      if (ready(output)) resolve()
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('exit', (code) => reject(new Error(`${entry} stopped with ${code}:\n${output}`)))
    child.on('error', reject)
  })
  await isReady
  // What it logs from here on is drained and not kept.
  child.stdout?.removeAllListeners('data').resume()
  return {
    pid: child.pid ?? 0,
    usage: () => ask(child, 'usage'),
    startProfile: () => ask(child, 'profile-start'),
    stopProfile: () => ask(child, 'profile-stop'),
    idleBytes: () => ask(child, 'idle-bytes'),
    async stop() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
