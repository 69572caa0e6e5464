import { readFileSync } from 'node:fs'
import { UsageError } from './command.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions forbid it',
}

/** The text of a file that a command names. Throws a `UsageError` that says which one cannot be read, and why. */
export const readNamedFile = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new UsageError(`${file} cannot be read: ${REASONS[code] ?? code}`)
  }
}
