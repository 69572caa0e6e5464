import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { firstClosedFolder } from './ordinary-user.ts'

const STRANGER = { uid: 54_321, gid: 54_321 }

describe('the way to the data folder', () => {
  it('is open when everyone may pass through the folders above', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'way-'))
    t.after(() => rmSync(folder, { recursive: true }))
    chmodSync(folder, 0o711)
    assert.equal(firstClosedFolder(join(folder, 'pg'), STRANGER), null)
  })

  it('is closed by the first folder that lets only its owner pass', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'way-'))
    t.after(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'inner'), { mode: 0o700 })
    assert.equal(firstClosedFolder(join(folder, 'inner', 'pg'), STRANGER), folder)
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    assert.equal(firstClosedFolder(join(folder, 'inner', 'pg'), owner), null)
  })

  it('may lead through folders that are still to be made', () => {
    assert.equal(firstClosedFolder(join(tmpdir(), 'not-made-yet', 'pg'), STRANGER), null)
  })
})
