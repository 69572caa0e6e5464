import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ending, runBounded } from './bounded-process.ts'
import { type Report, readReports, type TestResult } from './results.ts'

const REPORTER = join(import.meta.dirname, 'node-reporter.ts')

/** Generous: the slowest file takes a minute on two cores. */
const FILE_LIMIT_MS = 5 * 60_000

const lastOf = (output: string): string => output.trim().split('\n').slice(-40).join('\n')

/** What the process itself did wrong, beside the results it reported; null when all is well. */
const faultOf = (ending: Ending, reports: readonly Report[], limitMs: number): string | null => {
  const results = reports.filter(({ kind }) => kind === 'result')
  const begun = reports.findLast((report) => report.kind === 'begun')
  const lastBegun = begun?.kind === 'begun' ? begun.name : 'none'
  const hasFailed = results.some((report) => report.kind === 'result' && report.result.outcome === 'failed')
  if (ending.wasTooSlow) return `did not end within ${Math.round(limitMs / 1000)} s; last test begun: ${lastBegun}`
  if (ending.signal) return `was ended by ${ending.signal}; last test begun: ${lastBegun}`
  if (ending.code !== 0 && !hasFailed) return `ended with code ${ending.code}\n${lastOf(ending.output)}`
  // Reports are written behind the tests: a file that leaves at once has none, like one without tests.
  if (reports.length === 0) return 'has no tests, or left before they were done'
  if (!reports.some(({ kind }) => kind === 'ended')) return `left before they were done; last test begun: ${lastBegun}`
  return results.length === 0 ? 'has no tests' : null
}

const THE_FILE = 'the file itself'

const failure = (file: string, because: string, durationMs: number): TestResult => ({
  file,
  name: THE_FILE,
  outcome: 'failed',
  durationMs,
  because,
})

export interface RunFilesOptions {
  env: NodeJS.ProcessEnv
  /** On the clock of `performance.now()`; what has not begun by then fails. */
  deadline: number
  onResults(results: readonly TestResult[]): void
}

const runFile = async (file: string, folder: string, { env, deadline }: RunFilesOptions): Promise<TestResult[]> => {
  const limitMs = Math.min(FILE_LIMIT_MS, deadline - performance.now())
  if (limitMs <= 0) return [failure(file, 'not begun: its stage ran out of time', 0)]
  const report = join(folder, file.replaceAll('/', '-'))
  const args = ['--test-reporter', REPORTER, '--test-reporter-destination', report, file]
  const ending = await runBounded(process.execPath, args, { limitMs, env })
  const reports = readReports(report)
  const results = reports.flatMap((one) => (one.kind === 'result' ? [one.result] : []))
  const fault = faultOf(ending, reports, limitMs)
  if (fault !== null) results.push(failure(file, fault, ending.durationMs))
  // A failing test's own words are often in what it printed.
  if (ending.output.trim() !== '')
    for (const result of results)
      if (result.outcome === 'failed' && result.name !== THE_FILE)
        result.because = `${result.because ?? ''}\n--- printed by the file ---\n${lastOf(ending.output)}`
  return results
}

/**
 * Runs test files of node:test, each in a process of its own, as many at once as there are cores. A file that hangs,
 * leaves early or has no tests is a failure that names the file.
 */
export const runFiles = async (files: readonly string[], options: RunFilesOptions): Promise<TestResult[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-tests-'))
  const waiting = [...files]
  const all: TestResult[] = []
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const results = await runFile(file, folder, options)
      options.onResults(results)
      all.push(...results)
    }
  }
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, work))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return all
}
