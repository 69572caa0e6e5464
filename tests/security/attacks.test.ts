import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ATTACKS } from './attacks.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

const listed = [...read('docs/attacks.md').matchAll(/^\| (\d+) \|/gm)].map(([, row]) => Number(row))
const rows = Object.entries(ATTACKS).map(([row, answer]) => ({
  row: Number(row),
  proofs: 'later' in answer ? (answer.until ?? []) : answer,
  later: 'later' in answer ? answer.later : null,
}))

/** Titles of the tests in a file, as written. */
const titlesIn = (file: string): Set<string> =>
  new Set([...read(file).matchAll(/\bit\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , title = '']) => title))

describe('the list of attacks', () => {
  it('is accounted for, row by row', () => {
    assert.deepEqual(
      listed,
      Array.from({ length: 96 }, (_, n) => n + 1),
    )
    assert.deepEqual(
      rows.map(({ row }) => row),
      listed,
    )
  })

  it('names for every row a test, or the capability that will bring its surface', () => {
    for (const { row, proofs, later } of rows) assert.ok(proofs.length > 0 || later !== null, `row ${row}`)
  })

  it('names tests that are there', () => {
    for (const { row, proofs } of rows) {
      for (const { file, titles } of proofs) {
        assert.ok(existsSync(join(ROOT, file)), `row ${row}: no file ${file}`)
        const known = titlesIn(file)
        assert.ok(known.size > 0, `row ${row}: no tests in ${file}`)
        for (const title of titles) assert.ok(known.has(title), `row ${row}: ${file} has no test “${title}”`)
      }
    }
  })
})
