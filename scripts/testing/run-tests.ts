import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { ConfigSchema } from '#server/config.ts'
import { CLUSTER_ADDRESS, dropLeftOvers } from '#tests/support/cluster.ts'
import { endEverything } from './bounded-process.ts'
import { COUNTERPARTS, findChromium, findPostgres, type Part } from './parts.ts'
import { countOf, lastLine, type TestResult } from './results.ts'
import { runStage } from './run-stage.ts'
import { STAGES, type Stage } from './stages.ts'

const HELP = `npm test [-- [--only stage,…] [--slowest n] [path …]]

  --only     stages to run: ${STAGES.map(({ name }) => name).join(', ')}
  --slowest  how many tests to list with what they took
  path       only test files whose path contains it

  node scripts/test.mjs --only unit,protocol core/flows

A part that is missing (postgresql, chromium, ${[...COUNTERPARTS.keys()].join(', ')})
is installed, as root on Debian, or a failure, unless PORTICO_TEST_ALLOW_MISSING=name,… names it.
PORTICO_CHROMIUM is the path of the browser to use; without it chromium-headless-shell comes first, which is fastest.`

const EXIT_USAGE = 64
const say = (line: string): void => console.log(`portico: ${line}`)
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    slowest: { type: 'string', default: '0' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const names = values.only?.split(',') ?? STAGES.map(({ name }) => name)
const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name))
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `no such stage: ${unknown.join(', ')}\n\n${HELP}` : HELP)
  process.exit(values.help ? 0 : EXIT_USAGE)
}
const stages = STAGES.filter(({ name }) => names.includes(name))

const allowedMissing = new Set((process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').filter(Boolean))

/** The operator's settings are not the tests': each test says what it wants. */
const testEnvironment = (): NodeJS.ProcessEnv => {
  const env: NodeJS.ProcessEnv = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
  for (const name of Object.keys(ConfigSchema.shape)) {
    delete env[name]
    delete env[`${name}_FILE`]
  }
  env.PORTICO_TEST_ALLOW_MISSING = [...allowedMissing].join(',')
  delete env.PORTICO_CHROMIUM // the tests are told of it by another name; the server refuses names it does not read
  return env
}

const env = testEnvironment()
const all: TestResult[] = []
const fixes = new Map<Part, string>()
let stopCluster = async (): Promise<void> => {}

/** Looks for everything the chosen stages need, once, and tells the tests where it is. */
const findParts = async (): Promise<void> => {
  const needed = new Set(stages.flatMap((stage) => ((stage.files?.().length ?? 0) > 0 ? stage.needs : [])))
  if (needed.has('postgresql')) {
    const postgres = await findPostgres(say)
    if (postgres.isThere) {
      env[CLUSTER_ADDRESS] = postgres.value.connectionString
      stopCluster = postgres.value.stop
      await dropLeftOvers(postgres.value.connectionString)
    } else fixes.set('postgresql', postgres.fix)
  }
  if (needed.has('chromium')) {
    const chromium = await findChromium(say)
    if (chromium.isThere) env.PORTICO_TEST_CHROMIUM = chromium.value
    else fixes.set('chromium', chromium.fix)
  }
  for (const [part, find] of COUNTERPARTS) {
    const found = needed.has(part) ? find(say) : null
    if (found?.isThere === false) fixes.set(part, found.fix)
  }
}

/** One result for each missing part. */
const missingFor = (stage: Stage): { results: TestResult[]; isHopeless: boolean } => {
  const parts = stage.needs.filter((part) => fixes.has(part))
  const results = parts.map((part): TestResult => {
    const isAllowed = allowedMissing.has(part)
    const because = isAllowed ? 'missing, which is allowed' : fixes.get(part)
    const outcome = isAllowed ? 'skipped' : 'failed'
    return { file: '', name: `${stage.name} › ${part}`, outcome, durationMs: 0, because: because ?? '' }
  })
  return { results, isHopeless: parts.some((part) => !COUNTERPARTS.has(part)) }
}

const placeOf = ({ file, name }: TestResult): string => (file ? `${file} › ${name}` : name)

const onResults = (results: readonly TestResult[]): void => {
  for (const result of results)
    if (result.outcome === 'failed')
      console.log(`\n✗ ${placeOf(result)}\n${(result.because ?? '').replace(/^/gm, '    ')}\n`)
}

const perform = async (stage: Stage): Promise<void> => {
  const begun = performance.now()
  say(`${stage.name} …`)
  const { results: missing, isHopeless } = missingFor(stage)
  onResults(missing)
  all.push(...missing)
  if (isHopeless) return
  if (stage.pages && spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' }).status !== 0) {
    all.push({ file: '', name: `${stage.name} › building the pages`, outcome: 'failed', durationMs: 0 })
    return
  }
  const results = await runStage(stage, { env, patterns: positionals, onResults })
  if (stage.runner !== 'node') onResults(results)
  all.push(...results)
  const { passed, failed, skipped } = countOf(results)
  const extra = `${failed ? `, ${failed} failed` : ''}${skipped ? `, ${skipped} skipped` : ''}`
  say(`${stage.name.padEnd(12)} ${String(passed).padStart(5)} passed${extra} in ${seconds(performance.now() - begun)}`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    endEverything()
    await stopCluster()
    process.exit(130)
  })
}

const begun = performance.now()
try {
  await findParts()
  for (const stage of stages) await perform(stage)
} finally {
  await stopCluster()
}
for (const outcome of ['skipped', 'failed'] as const) {
  const listed = all.filter((result) => result.outcome === outcome)
  if (listed.length > 0) console.log(`\n${outcome}:`)
  for (const result of listed) {
    const because = outcome === 'skipped' && result.because ? ` (${result.because})` : ''
    console.log(`  ${placeOf(result)}${because}`)
  }
}
const unsteady = all.filter(({ isUnsteady }) => isUnsteady)
if (unsteady.length > 0) console.log('\npassed at the second try:')
for (const result of unsteady) console.log(`  ${placeOf(result)}\n${(result.because ?? '').replace(/^/gm, '      ')}`)
const slowest = all.toSorted((one, other) => other.durationMs - one.durationMs).slice(0, Number(values.slowest) || 0)
if (slowest.length > 0) console.log('\nslowest:')
for (const result of slowest) console.log(`  ${seconds(result.durationMs).padStart(8)}  ${placeOf(result)}`)
const { passed, failed } = countOf(all)
if (passed + failed === 0) console.log('\nno test matched')
console.log(`\nall in ${seconds(performance.now() - begun)}\n${lastLine(all)}`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
