/**
 * Loaded into a server under load by `--import`: answers, over the parent's channel, what the process has used, and
 * takes CPU profiles. The server itself knows nothing of it.
 */
import { type Profiler, Session } from 'node:inspector/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { ProfileDigest } from './target.ts'

const session = new Session()
const PROFILE_INTERVAL_US = 200
const MOST_FUNCTIONS = 25

const OWNERS: readonly [RegExp, string][] = [
  [/\/node_modules\/oidc-provider\//, 'oidc-provider'],
  [/\/node_modules\/(?:koa|@koa|koa-compose|cookies|keygrip|raw-body|co-body|accepts|statuses)\//, 'koa'],
  [/\/node_modules\/jose\//, 'jose'],
  [/\/node_modules\/(?:pg|pg-protocol|pg-pool|pg-types|pgpass)\//, 'pg'],
  [/\/node_modules\/(?:@prisma|prisma)\/|\/generated\//, 'prisma'],
  [/\/node_modules\/(?:next|react|react-dom)\/|\/\.next\//, 'next and react'],
  [/\/node_modules\/(?:pino|sonic-boom|thread-stream)\//, 'log'],
  [/\/node_modules\/zod\//, 'zod'],
  [/\/node_modules\//, 'other packages'],
  [/^node:internal\/crypto|^node:crypto|webcrypto/, 'crypto calls'],
  [/^node:/, 'node'],
  [/^file:/, 'own code'],
]

const ownerOf = ({ functionName, url }: Profiler.ProfileNode['callFrame']): string => {
  if (functionName === '(garbage collector)') return 'garbage collection'
  // Waiting to be told to stop is the profiler's own time.
  if (functionName === '(idle)' || url === 'node:inspector') return 'idle'
  if (functionName === '(program)' || url === '') return 'native'
  return OWNERS.find(([pattern]) => pattern.test(url))?.[1] ?? 'native'
}

const placeOf = ({ functionName, url, lineNumber }: Profiler.ProfileNode['callFrame']): string =>
  `${functionName || '(anonymous)'} ${url.replace(/^.*\/(?=node_modules\/)|^file:\/\//, '')}:${lineNumber + 1}`

/** Milliseconds on the clock of the main thread, by owner of the code and by function, without what it was itself idle. */
const digestOf = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ProfileDigest => {
  const known = new Map(nodes.map(({ id, callFrame }) => [id, [ownerOf(callFrame), placeOf(callFrame)] as const]))
  const owners: Record<string, number> = {}
  const functions: Record<string, number> = {}
  samples.forEach((id, index) => {
    const [owner, place] = known.get(id) ?? ['native', '(native)']
    if (owner === 'idle') return
    const ms = (timeDeltas[index] ?? 0) / 1000
    owners[owner] = (owners[owner] ?? 0) + ms
    functions[place] = (functions[place] ?? 0) + ms
  })
  const busiest = Object.entries(functions)
    .sort(([, one], [, other]) => other - one)
    .slice(0, MOST_FUNCTIONS)
  return { owners, functions: busiest }
}

const answers: Record<string, () => unknown> = {
  usage() {
    const { user, system } = process.cpuUsage()
    const main = process.threadCpuUsage()
    return {
      cpuMs: (user + system) / 1000,
      mainThreadMs: (main.user + main.system) / 1000,
      rssBytes: process.memoryUsage.rss(),
    }
  },
  async 'profile-start'() {
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: PROFILE_INTERVAL_US })
    await session.post('Profiler.start')
    return true
  },
  async 'profile-stop'() {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    return digestOf(profile)
  },
  async 'idle-bytes'() {
    globalThis.gc?.()
    await pause(500)
    return process.memoryUsage.rss()
  },
}

process.on('message', async (question: string) => {
  const answer = answers[question]
  if (answer) process.send?.(await answer())
})
// The channel must not keep a server alive that wants to stop.
process.channel?.unref()
