import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from './command.ts'
import { readNamedFile } from './read-named-file.ts'

describe('a file that a command names', () => {
  it('is named where it cannot be read, as a mistake of the command and no trouble of the database', () => {
    for (const [file, why] of [
      ['/nowhere/secret.txt', '/nowhere/secret.txt cannot be read: there is no such file'],
      [import.meta.dirname, `${import.meta.dirname} cannot be read: it is a folder`],
    ] as const)
      assert.throws(() => readNamedFile(file), new UsageError(why))
  })

  it('is read as text', () => assert.match(readNamedFile(import.meta.filename), /^import assert/))
})
