import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const LINES = 32

/** Rows of docs/conformance.md: number, and what stands under "Tests". */
const rows = new Map(
  [...readFileSync(join(ROOT, 'docs/conformance.md'), 'utf8').matchAll(/^\| (\d+) \| .+ \| (.+) \|$/gm)].map(
    ([, number, tests]) => [Number(number), tests ?? ''],
  ),
)
const testsOf = (cell: string): string[] => [...cell.matchAll(/`(tests\/[^`]+)`/g)].map(([, path]) => path ?? '')

/** Lines a test file says it covers: "Lines 5, 6 and 14–15 of docs/conformance.md". */
const linesCitedBy = (source: string): number[] =>
  [...source.matchAll(/[Ll]ines? ([\d–, and]+) of docs\/conformance\.md/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\d+)(?:–(\d+))?/g)].flatMap(([, first, last]) =>
      Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, index) => Number(first) + index),
    ),
  )

describe('the lines of docs/conformance.md', () => {
  it('are all there, each with its tests or the capability that brings it', () => {
    assert.deepEqual(
      [...rows.keys()].sort((a, b) => a - b),
      Array.from({ length: LINES }, (_, index) => index + 1),
    )
    for (const [number, cell] of rows)
      assert.ok(testsOf(cell).length > 0 || cell.startsWith('later ('), `line ${number}`)
  })

  it('name tests that exist', () => {
    for (const [number, cell] of rows)
      for (const path of testsOf(cell)) assert.ok(existsSync(join(ROOT, path)), `line ${number}: ${path}`)
  })

  it('and the protocol tests that cite them name each other', () => {
    for (const name of readdirSync(join(ROOT, 'tests/protocol'))) {
      const path = `tests/protocol/${name}`
      const cited = linesCitedBy(readFileSync(join(ROOT, path), 'utf8'))
      const listed = [...rows].flatMap(([number, cell]) => (testsOf(cell).includes(path) ? [number] : []))
      assert.deepEqual(
        [...new Set(cited)].sort((a, b) => a - b),
        listed,
        path,
      )
    }
  })
})
