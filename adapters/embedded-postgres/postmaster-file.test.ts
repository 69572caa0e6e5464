import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { disownPostmasterFile, isServing, parsePostmasterFile, readPostmaster } from './postmaster-file.ts'

const FILE = ['4711', '/data/pg', '1700000000', '5432', '/data/pg', '', '  1234567    65538', 'ready   ', ''].join('\n')

describe('the file of a running PostgreSQL', () => {
  it('tells process, socket and readiness', () => {
    assert.deepEqual(parsePostmasterFile(FILE), { pid: 4711, port: 5432, socketFolder: '/data/pg', isReady: true })
  })

  it('is not ready while the server starts or recovers', () => {
    assert.equal(parsePostmasterFile(FILE.replace('ready   ', 'starting'))?.isReady, false)
  })

  it('says nothing when it is empty, as after a power cut', () => {
    assert.equal(parsePostmasterFile(''), null)
  })

  it('says nothing when it is not there', () => {
    assert.equal(readPostmaster('/nowhere'), null)
  })

  it('is not believed when its process is another program', () => {
    assert.equal(isServing(process.pid, '/data/no-such-folder'), false)
  })

  it('keeps the shared memory key when its process number is taken over', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'postmaster-'))
    t.after(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'postmaster.pid'), FILE)
    disownPostmasterFile(folder)
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    assert.deepEqual(lines, [String(process.pid), ...FILE.split('\n').slice(1)])
  })
})
