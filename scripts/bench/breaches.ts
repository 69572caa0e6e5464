/** Measures look-ups in a file of leaked hashes: `npm run bench:breaches -- --help`. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { type BreachFile, openBreachFile } from '#adapters/passwords/breach-file.ts'
import { writeHashList } from './hash-list.ts'
import { median } from './measure.ts'
import { table } from './report.ts'

const HELP = `npm run bench:breaches -- [options]

Writes a file of leaked hashes into a temporary folder, looks passwords up in it, half of them leaked, prints medians, 99th
percentiles, reads and memory, and deletes the file. Ends with 1 when an answer is wrong or a look-up's p99 is over 5 ms.

  --mb 1024        size of the file
  --look-ups 2000  different passwords
  --seed 1         another file
  --help`

const LIMIT_MS = 5
const WARM_ROUNDS = 5

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '1024' },
    'look-ups': { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

const say = (line: string): void => console.log(line)
const figure = (value: number, digits = 2): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** Asks the kernel to forget what it has of the file. False where that cannot be done. */
const forget = (path: string): boolean =>
  spawnSync('dd', [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']).status === 0

interface LookUps {
  milliseconds: number[]
  reads: number[]
  wrong: number
}

const counts = Array.from({ length: Number(values['look-ups']) / 2 }, (_, n) => 1 + n)
const leaked = counts.map((count) => ({ password: `leaked ${values.seed} ${count}`, count }))
const asked = leaked.flatMap(({ password, count }) => [
  { password, count },
  { password: `not ${password}`, count: 0 },
])

const lookUp = async (file: BreachFile): Promise<LookUps> => {
  const result: LookUps = { milliseconds: [], reads: [], wrong: 0 }
  for (const { password, count } of asked) {
    const readsBefore = file.reads()
    const begun = performance.now()
    const answer = await file.find(password)
    result.milliseconds.push(performance.now() - begun)
    result.reads.push(file.reads() - readsBefore)
    if (answer === 'unavailable' || (answer?.count ?? 0) !== count) result.wrong++
  }
  return result
}

const quantile = (of: readonly number[], share: number): number =>
  of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? Number.NaN

const rowOf = (name: string, { milliseconds, reads }: LookUps): string[] => [
  name,
  figure(milliseconds.length, 0),
  figure(median(milliseconds), 3),
  figure(quantile(milliseconds, 0.99), 3),
  figure(Math.max(...milliseconds), 3),
  figure(reads.reduce((sum, read) => sum + read, 0) / reads.length),
  figure(Math.max(...reads), 0),
]

const measure = async (path: string): Promise<boolean> => {
  const begun = performance.now()
  const lines = writeHashList(path, Number(values.mb) * 2 ** 20, Number(values.seed), leaked)
  const { size } = statSync(path)
  say(
    `${figure(size / 2 ** 20, 0)} MiB, ${figure(lines, 0)} hashes, written in ${figure((performance.now() - begun) / 1000, 0)} s`,
  )
  const isCold = forget(path)
  if (!isCold) say('the kernel keeps what it has of the file: what is called cold below is warm')
  const opening = performance.now()
  const file = openBreachFile(path)
  const openedMs = performance.now() - opening
  forget(path)
  const rssBefore = process.memoryUsage().rss
  const cold = await lookUp(file)
  const warm: LookUps = { milliseconds: [], reads: [], wrong: 0 }
  for (let round = 0; round < WARM_ROUNDS; round++) {
    const { milliseconds, reads, wrong } = await lookUp(file)
    warm.milliseconds.push(...milliseconds)
    warm.reads.push(...reads)
    warm.wrong += wrong
  }
  const grown = process.memoryUsage().rss - rssBefore
  file.close()
  say(`checked when opened in ${figure(openedMs, 0)} ms\n`)
  const head = ['look-ups', 'n', 'median ms', 'p99 ms', 'longest ms', 'reads', 'most reads']
  say(table(head, [rowOf('cold', cold), rowOf('warm', warm)]))
  say(
    `\na binary search by blocks would need ${Math.ceil(Math.log2(size / 8192))} reads; memory grew by ${figure(grown / 2 ** 20, 1)} MiB over ${figure(cold.reads.length + warm.reads.length, 0)} look-ups`,
  )
  const wrong = cold.wrong + warm.wrong
  const isQuick = [cold, warm].every(({ milliseconds }) => quantile(milliseconds, 0.99) <= LIMIT_MS)
  say(`${wrong} wrong answers; p99 ${isQuick ? 'within' : 'OVER'} ${LIMIT_MS} ms`)
  return wrong === 0 && isQuick
}

if (values.help) say(HELP)
else {
  const folder = mkdtempSync(join(tmpdir(), 'portico-breaches-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const [cpu] = cpus()
  say(`${cpu?.model.trim()}, ${cpus().length} cores, Node ${process.version}, load ${figure(loadavg()[0] ?? 0, 1)}`)
  if (!(await measure(join(folder, 'hashes.txt')))) process.exitCode = 1
}
