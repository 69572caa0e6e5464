import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Running } from './running.ts'

const run = promisify(execFile)
const PROGRAM = join(import.meta.dirname, '../../server/cli/portico.ts')

/** Runs `portico …` against the database of the Portico under test: standard output; throws with what it said otherwise. */
export const commandLine = async (
  running: Pick<Running, 'origin' | 'connectionString' | 'secret'>,
  ...args: readonly string[]
): Promise<string> => {
  const { PATH, HOME } = process.env
  const { stdout } = await run(process.execPath, [PROGRAM, ...args], {
    env: {
      ...{ PATH, HOME, NODE_ENV: 'production' },
      PUBLIC_ORIGIN: running.origin,
      DATABASE_URL: running.connectionString,
      PORTICO_SECRET: running.secret,
      PORTICO_DATA_DIR: tmpdir(),
    },
  })
  return stdout
}
