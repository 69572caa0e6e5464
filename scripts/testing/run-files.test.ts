import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { lastLine, type TestResult } from './results.ts'
import { runFiles } from './run-files.ts'

const MINUTE = 60_000

const run = async (t: TestContext, text: string, limitMs = MINUTE): Promise<TestResult[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'run-files-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'sample.test.mjs')
  writeFileSync(file, `import assert from 'node:assert/strict'\nimport { describe, it } from 'node:test'\n${text}`)
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env
  return runFiles([file], { env: env as NodeJS.ProcessEnv, deadline: performance.now() + limitMs, onResults: () => {} })
}

const summary = (results: TestResult[]) => results.map(({ name, outcome }) => `${name}: ${outcome}`)

describe('running a test file', () => {
  it('counts tests by their whole title, and no suites', async (t) => {
    const results = await run(t, `describe('a', () => { describe('b', () => it('c', () => {})); it('d', () => {}) })`)
    assert.deepEqual(summary(results), ['a › b › c: passed', 'a › d: passed'])
    assert.equal(lastLine(results), '2 passed, 0 failed, 0 skipped')
  })

  it('says why a test failed, and what the file printed', async (t) => {
    const [result] = await run(t, `it('adds', () => { console.log('a clue'); assert.equal(1 + 1, 3) })`)
    assert.equal(result?.outcome, 'failed')
    assert.match(result?.because ?? '', /2 !== 3[\s\S]*a clue/)
  })

  it('counts a failing part once, not its parents as well', async (t) => {
    const results = await run(
      t,
      `describe('a', () => it('b', async (t) => { await t.test('c', () => assert.fail()) }))`,
    )
    assert.deepEqual(summary(results), ['a › b › c: failed'])
  })

  it('counts a suite whose hook failed', async (t) => {
    const results = await run(
      t,
      `import { before } from 'node:test'; describe('a', () => { before(() => assert.fail('hook')); it('b', () => {}) })`,
    )
    assert.ok(results.some(({ name, outcome }) => name === 'a' && outcome === 'failed'))
  })

  it('lists what is skipped or to be done, with the reason', async (t) => {
    const results = await run(t, `it('a', { skip: 'no Apache' }, () => {}); it('b', { todo: true }, () => {})`)
    assert.deepEqual(summary(results), ['a: skipped', 'b: skipped'])
    assert.equal(results[0]?.because, 'no Apache')
  })

  it('fails a file that cannot be loaded', async (t) => {
    const results = await run(t, `throw new Error('broken at the start')`)
    assert.deepEqual(summary(results), ['the file itself: failed'])
    assert.match(results[0]?.because ?? '', /broken at the start/)
  })

  it('fails a file without tests', async (t) => {
    assert.match((await run(t, ''))[0]?.because ?? '', /has no tests/)
  })

  it('fails a file that leaves before its tests are done', async (t) => {
    const results = await run(t, `it('a', () => {}); it('b', () => process.exit(0))`)
    assert.match(results.at(-1)?.because ?? '', /left before they were done/)
  })

  it('fails a file that does not end, and names the test it hung in', async (t) => {
    const results = await run(
      t,
      `it('a', () => {}); it('waits', async () => { setInterval(() => {}, 1000); await new Promise(() => {}) })`,
      // Long enough for a busy machine to start Node and come to the test that hangs.
      20_000,
    )
    assert.match(results.at(-1)?.because ?? '', /did not end within 20 s; last test begun: waits/)
  })

  it('fails what its stage has no time left for', async (t) => {
    assert.match((await run(t, `it('a', () => {})`, 0))[0]?.because ?? '', /ran out of time/)
  })
})
