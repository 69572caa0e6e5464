import { performance } from 'node:perf_hooks'
import { openConnection } from './connection.ts'
import type { Act, Endpoints, Flow } from './flows.ts'
import type { ProfileDigest, Target } from './target.ts'

const WARM_ACTS = 300
const WARM_SECONDS = 10

export interface Round {
  perSecond: number
  /** CPU of the server per act: the whole process, and of that the main thread. */
  cpuMs: number
  mainThreadMs: number
  /** CPU of the generator, as a share of the round: near 1 the generator is what was measured. */
  generatorLoad: number
  rssBytes: number
}

/** Workers of one flow against one server, ready to be run round after round. */
export interface Crew {
  /** Runs until the code is compiled: so many acts, or so many seconds. */
  warmUp(): Promise<void>
  run(seconds: number): Promise<Round>
  profile(seconds: number): Promise<ProfileDigest>
  dismiss(): void
}

export const gather = async (flow: Flow, target: Target, endpoints: Endpoints): Promise<Crew> => {
  const connections = Array.from({ length: flow.workers }, () => openConnection(endpoints.discovery))
  const acts: Act[] = []
  for (const connection of connections) acts.push(await flow.prepare({ target, endpoints, connection }))

  const loop = async (seconds: number): Promise<number> => {
    const end = performance.now() + seconds * 1000
    let done = 0
    const work = async (act: Act) => {
      while (performance.now() < end) {
        await act()
        done++
      }
    }
    await Promise.all(acts.map(work))
    return done
  }

  return {
    async warmUp() {
      const end = performance.now() + WARM_SECONDS * 1000
      for (let done = 0; done < WARM_ACTS && performance.now() < end; ) done += await loop(0.5)
    },
    async run(seconds) {
      const before = await target.process.usage()
      const own = process.cpuUsage()
      const started = performance.now()
      const done = await loop(seconds)
      const elapsedMs = performance.now() - started
      const spent = process.cpuUsage(own)
      const after = await target.process.usage()
      return {
        perSecond: (done * 1000) / elapsedMs,
        cpuMs: (after.cpuMs - before.cpuMs) / done,
        mainThreadMs: (after.mainThreadMs - before.mainThreadMs) / done,
        generatorLoad: (spent.user + spent.system) / 1000 / elapsedMs,
        rssBytes: after.rssBytes,
      }
    },
    async profile(seconds) {
      await target.process.startProfile()
      await loop(seconds)
      return target.process.stopProfile()
    },
    dismiss() {
      for (const connection of connections) connection.close()
    },
  }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1 + (sorted.length % 2)], sorted[middle]]
  return (low + high) / 2
}

export const medianRound = (rounds: readonly Round[]): Round => ({
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
  cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
  mainThreadMs: median(rounds.map(({ mainThreadMs }) => mainThreadMs)),
  generatorLoad: median(rounds.map(({ generatorLoad }) => generatorLoad)),
  rssBytes: Math.max(...rounds.map(({ rssBytes }) => rssBytes)),
})
