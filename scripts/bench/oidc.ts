/** Measures what a sign-in through an OpenID Connect provider costs us: `node scripts/bench-oidc.mjs --help`. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { UPSTREAM_CLIENT, upstreamClient } from '#tests/support/upstream-client.ts'
import { median } from './measure.ts'
import { table } from './report.ts'

const HELP = `node scripts/bench-oidc.mjs [options]

Signs in through a provider in another process and prints our CPU time: leaving (PKCE, state, nonce) and coming back (code, ID token
verified, userInfo), connections of both included, discovery and keys already known. Ends with 1 when somebody is refused or the median
of a whole sign-in is over 5 ms.

  --sign-ins 400
  --help`

const LIMIT_MS = 5
const WARM_UP = 60

const { values } = parseArgs({
  options: { 'sign-ins': { type: 'string', default: '400' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const count = Number(values['sign-ins'])

const answerOf = async <T>(child: ChildProcess): Promise<T> => (await once(child, 'message'))[0] as T

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const measure = async (child: ChildProcess, given: object): Promise<number[]> => {
  const client = upstreamClient(given, { now: () => new Date() })
  const times: number[] = []
  for (let made = 0; made < count + WARM_UP; made += 1) {
    const start = cpuMs()
    const { url, remember } = await client.begin()
    const left = cpuMs()
    child.send({ departure: url.href })
    const { parameters } = await answerOf<{ parameters: Record<string, string> }>(child)
    const back = cpuMs()
    const result = await client.finish(parameters, remember)
    times.push(left - start + cpuMs() - back)
    if (!result.ok) throw new Error(`refused: ${result.failure.because}`)
  }
  return times.slice(WARM_UP)
}

const child = fork(join(import.meta.dirname, 'oidc-provider.ts'), [UPSTREAM_CLIENT])
const rows: string[][] = []
try {
  const { issuer } = await answerOf<{ issuer: string }>(child)
  for (const [kind, given] of [
    ['ID token and userInfo', { issuer }],
    ['ID token alone', { issuer, usesUserInfo: false }],
  ] as const) {
    const times = await measure(child, given)
    const sorted = times.toSorted((a, b) => a - b)
    const middle = median(times)
    if (middle > LIMIT_MS) process.exitCode = 1
    rows.push([kind, middle.toFixed(2), (sorted[Math.floor(count * 0.99)] ?? 0).toFixed(2)])
  }
} finally {
  child.disconnect()
}
console.log(table(['sign-in', 'median, CPU ms', 'p99, CPU ms'], rows))
