import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, Suite, TestCase } from '@playwright/test/reporter'
import { type Report, writeReport } from './results.ts'

/** Where to write; given by the test command. */
const FILE = process.env.PORTICO_TEST_REPORT ?? ''

const write = (report: Report): void => appendFileSync(FILE, writeReport(report))

/** "no-script › signing in › …": the path is an empty title, the project, the file and the titles proper. */
const titleOf = (test: TestCase): string => {
  const [, project = '', , ...titles] = test.titlePath()
  return [project, ...titles].join(' › ')
}

/** Reporter for Playwright that writes the same lines as the one for node:test. */
export default class JourneyReporter implements Reporter {
  private root: Suite | undefined

  onBegin(_config: unknown, root: Suite): void {
    this.root = root
  }

  onTestBegin(test: TestCase): void {
    write({ kind: 'begun', name: titleOf(test) })
  }

  onError(error: { message?: string; stack?: string }): void {
    const because = error.stack ?? error.message ?? 'no reason given'
    write({
      kind: 'result',
      result: { file: 'tests/e2e', name: 'the run itself', outcome: 'failed', durationMs: 0, because },
    })
  }

  /** After retries: a journey that passed at the second try passed, and why it failed at the first is kept. */
  onEnd(): void {
    for (const test of this.root?.allTests() ?? []) {
      const tries = test.results
      const outcome = test.outcome()
      const last = outcome === 'flaky' ? tries[0] : tries.at(-1)
      const messages = last?.errors.map(({ stack, message }) => stack ?? message ?? '').join('\n')
      const because =
        outcome === 'skipped'
          ? test.annotations.find(({ type }) => type === 'skip')?.description
          : messages || undefined
      write({
        kind: 'result',
        result: {
          file: relative(process.cwd(), test.location.file),
          name: titleOf(test),
          outcome: outcome === 'skipped' ? 'skipped' : outcome === 'unexpected' ? 'failed' : 'passed',
          durationMs: tries.reduce((sum, { duration }) => sum + duration, 0),
          ...(because ? { because } : {}),
          ...(outcome === 'flaky' ? { isUnsteady: true } : {}),
        },
      })
    }
    write({ kind: 'ended' })
  }

  printsToStdio(): boolean {
    return false
  }
}
