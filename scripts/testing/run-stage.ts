import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBounded } from './bounded-process.ts'
import { readReports, type TestResult } from './results.ts'
import { runFiles } from './run-files.ts'
import type { Stage } from './stages.ts'

export interface RunStageOptions {
  env: NodeJS.ProcessEnv
  /** Only files whose path contains one of these; all when empty. */
  patterns: readonly string[]
  onResults(results: readonly TestResult[]): void
}

/** Journeys take minutes, and one process runs them all. */
const PROGRESS_MS = 30_000

const one = (stage: Stage, outcome: TestResult['outcome'], durationMs: number, because?: string): TestResult => ({
  file: '',
  name: stage.name,
  outcome,
  durationMs,
  ...(because ? { because } : {}),
})

const runProgram = async (stage: Stage, { env }: RunStageOptions): Promise<TestResult[]> => {
  const ending = await runBounded(process.execPath, stage.args ?? [], { limitMs: stage.limitMs, env })
  const isFine = ending.code === 0 && !ending.wasTooSlow
  const because = ending.wasTooSlow ? 'did not end in time' : ending.output.trim()
  return [one(stage, isFine ? 'passed' : 'failed', ending.durationMs, isFine ? undefined : because)]
}

const runJourneys = async (stage: Stage, files: readonly string[], env: NodeJS.ProcessEnv): Promise<TestResult[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-journeys-'))
  const report = join(folder, 'report')
  const progress = setInterval(() => {
    const begun = readReports(report).filter(({ kind }) => kind === 'begun').length
    console.log(`portico: ${stage.name}: ${begun} begun`)
  }, PROGRESS_MS)
  try {
    const ending = await runBounded(
      process.execPath,
      [
        ...['node_modules/@playwright/test/cli.js', 'test', '-c', 'tests/e2e/playwright.config.ts'],
        ...['--reporter', join(import.meta.dirname, 'journey-reporter.ts'), ...files],
      ],
      { limitMs: stage.limitMs, env: { ...env, PORTICO_TEST_REPORT: report } },
    )
    const reports = readReports(report)
    const results = reports.flatMap((line) => (line.kind === 'result' ? [line.result] : []))
    const hasFailed = results.some(({ outcome }) => outcome === 'failed')
    const begun = reports.findLast((line) => line.kind === 'begun')
    if (ending.wasTooSlow || (ending.code !== 0 && !hasFailed)) {
      const where = begun?.kind === 'begun' ? `last journey begun: ${begun.name}` : 'no journey begun'
      const what = ending.wasTooSlow
        ? `did not end within ${stage.limitMs / 60_000} minutes`
        : `ended with code ${ending.code}`
      results.push(one(stage, 'failed', ending.durationMs, `${what}; ${where}\n${ending.output.trim()}`))
    }
    return results
  } finally {
    clearInterval(progress)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs one stage; a stage that has files and yields no test has failed. */
export const runStage = async (stage: Stage, options: RunStageOptions): Promise<TestResult[]> => {
  const { patterns, env, onResults } = options
  if (stage.runner === 'program') return runProgram(stage, options)
  const files = (stage.files?.() ?? []).filter(
    (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
  )
  if (files.length === 0) return []
  const deadline = performance.now() + stage.limitMs
  const results =
    stage.runner === 'node' ? await runFiles(files, { env, deadline, onResults }) : await runJourneys(stage, files, env)
  return results.length > 0 ? results : [one(stage, 'failed', 0, `${files.length} files, but no test ran`)]
}
