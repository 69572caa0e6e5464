import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'
import { type TestResult, writeReport } from './results.ts'

/** A parent that failed because of what is in it: its parts are reported by themselves. */
const IS_CONSEQUENCE = 'subtestsFailed'

const reasonFor = (error: (Error & { cause?: unknown }) | undefined): string =>
  inspect(error?.cause ?? error, { colors: false, depth: 4 })

/** Reporter for node:test that writes one line per test, suites left out. */
export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const titles: string[] = []
  for await (const event of source) {
    if (event.type === 'test:start') {
      titles.length = event.data.nesting
      titles.push(event.data.name)
    }
    // Not 'test:start', which waits its turn in the report: this is the moment the test itself begins.
    if (event.type === 'test:dequeue') yield writeReport({ kind: 'begun', name: event.data.name })
    if (event.type === 'test:summary') yield writeReport({ kind: 'ended' })
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue

    const { name, nesting, details, skip, todo, file = '' } = event.data
    const error = event.type === 'test:fail' ? event.data.details.error : undefined
    const isSuite = details.type === 'suite'
    const isConsequence = (error as { failureType?: string } | undefined)?.failureType === IS_CONSEQUENCE
    if (isConsequence || (isSuite && !error)) continue
    const isSkipped = skip !== undefined && skip !== false
    const isTodo = todo !== undefined && todo !== false
    const because = error ? reasonFor(error) : isSkipped ? `${skip === true ? '' : skip}` : isTodo ? 'not done yet' : ''
    const result: TestResult = {
      file: relative(process.cwd(), file),
      name: [...titles.slice(0, nesting), name].join(' › '),
      outcome: isSkipped || isTodo ? 'skipped' : error ? 'failed' : 'passed',
      durationMs: details.duration_ms,
      ...(because ? { because } : {}),
    }
    yield writeReport({ kind: 'result', result })
  }
}
