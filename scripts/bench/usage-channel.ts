/**
 * Loaded into a server under load by `--import`: answers, over the parent's channel, what the process has used, and
 * takes CPU profiles. The server itself knows nothing of it.
 */
import { type Profiler, Session } from 'node:inspector/promises'
import { setTimeout as pause } from 'node:timers/promises'

const session = new Session()
const PROFILE_INTERVAL_US = 200

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
  if (functionName === '(idle)') return 'idle'
  if (functionName === '(program)' || url === '') return 'native'
  return OWNERS.find(([pattern]) => pattern.test(url))?.[1] ?? 'native'
}

const sharesOf = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Record<string, number> => {
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame)]))
  const shares: Record<string, number> = {}
  samples.forEach((id, index) => {
    const owner = owners.get(id) ?? 'native'
    if (owner !== 'idle') shares[owner] = (shares[owner] ?? 0) + (timeDeltas[index] ?? 0) / 1000
  })
  return shares
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
    return sharesOf(profile)
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
