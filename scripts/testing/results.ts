import { readFileSync } from 'node:fs'

export interface TestResult {
  /** Path from the root of the checkout; for a check that is no file, what was checked. */
  file: string
  /** Titles from the outermost in: "signing in › hashes once for an unknown user too". */
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  durationMs: number
  /** Why it failed or was skipped. */
  because?: string
  /** It failed first. */
  isUnsteady?: true
}

/** What reporters write, one JSON object per line. */
export type Report = { kind: 'result'; result: TestResult } | { kind: 'begun'; name: string } | { kind: 'ended' }

export const writeReport = (report: Report): string => `${JSON.stringify(report)}\n`

/** Lines that were cut off by the end of their process are left out. */
export const readReports = (file: string): Report[] => {
  const reports: Report[] = []
  let text = ''
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return reports // the process ended before its reporter wrote
  }
  for (const line of text.split('\n').slice(0, -1)) reports.push(JSON.parse(line) as Report)
  return reports
}

export const countOf = (results: readonly TestResult[]): Record<TestResult['outcome'], number> => {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { outcome } of results) count[outcome] += 1
  return count
}

/** Both sides of the line are read by machines: a test, a CI job. */
export const lastLine = (results: readonly TestResult[]): string => {
  const { passed, failed, skipped } = countOf(results)
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
