import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const STAMPS = join(import.meta.dirname, 'stamps.mjs')

/** Stamps belong to the folder a command runs in, so each look happens in a process that runs there. */
const inFolder = (folder: string, expression: string): string => {
  const program = `import { hashOf, isDone, markDone } from ${JSON.stringify(STAMPS)}; console.log(String(${expression}))`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    encoding: 'utf8',
  }).stdout.trim()
}

describe('doing only what changed', () => {
  it('notices a new, changed, renamed or removed file, and no test', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'stamps-'))
    t.after(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'app/inner'), { recursive: true })
    const hash = () => inFolder(folder, `hashOf(['app', 'absent'])`)
    const write = (name: string, text: string) => writeFileSync(join(folder, 'app', name), text)

    const seen = new Set([hash()])
    for (const change of [
      () => write('a.ts', '1'),
      () => write('a.ts', '2'),
      () => write('inner/a.ts', '2'),
      () => rmSync(join(folder, 'app/a.ts')),
    ]) {
      change()
      const now = hash()
      assert.ok(!seen.has(now))
      seen.add(now)
    }
    write('a.test.ts', 'anything')
    assert.ok(seen.has(hash()))
  })

  it('does a step again when its inputs changed or what it made is gone', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'stamps-'))
    t.after(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'made'), '')
    assert.equal(inFolder(folder, `isDone('pages', 'h1', ['made'])`), 'false')
    inFolder(folder, `markDone('pages', 'h1')`)
    assert.equal(inFolder(folder, `isDone('pages', 'h1', ['made'])`), 'true')
    assert.equal(inFolder(folder, `isDone('pages', 'h2', ['made'])`), 'false')
    rmSync(join(folder, 'made'))
    assert.equal(inFolder(folder, `isDone('pages', 'h1', ['made'])`), 'false')
  })
})
