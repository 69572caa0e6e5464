import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EXIT, UsageError } from '#server/cli/command.ts'
import { openForAdministration } from '#server/cli/compose.ts'
import { materialsBeside } from '#server/cli/materials.ts'
import { readNamedFile } from '#server/cli/read-named-file.ts'
import { runCommand, understand } from '#server/cli/run.ts'
import { readConfig } from '#server/config.ts'
import { query } from './cluster.ts'
import { freshDatabase } from './database.ts'

const PROGRAM = fileURLToPath(new URL('../../server/cli/portico.ts', import.meta.url))

export interface Ran {
  code: number
  out: string
  err: string
}

export interface RunOptions {
  env?: Readonly<Record<string, string>>
  /** Standard input. */
  input?: string
}

/** The command line over a database of its own. */
export const openCommandLine = async (variables: Readonly<Record<string, string>> = {}) => {
  const fresh = await freshDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'portico-cli-'))
  const environment = {
    DATABASE_URL: fresh.connectionString,
    PORTICO_SECRET: 's'.repeat(43),
    PORTICO_DATA_DIR: folder,
    PUBLIC_ORIGIN: 'http://localhost:4330',
  }
  const house = await openForAdministration(readConfig(environment), { name: 'cli:test', context: null }, () => {})

  /** In this process: the database client is loaded once and not for each command. */
  const run = async (args: readonly string[], { input = '' }: RunOptions = {}): Promise<Ran> => {
    const ran: Ran = { code: 0, out: '', err: '' }
    const output = {
      out: (line: string) => {
        ran.out += `${line}\n`
      },
      err: (line: string) => {
        ran.err += `${line}\n`
      },
    }
    const tools = {
      admin: house.admin,
      themes: house.themes,
      checkProvider: house.checkProvider,
      materialsBeside: materialsBeside((name) => variables[name]),
      readStandardInput: async () => input,
      readFile: readNamedFile,
    }
    try {
      const asked = understand(args)
      if (asked.kind === 'help') return { ...ran, code: asked.exitCode, out: asked.lines.join('\n') }
      ran.code = await runCommand(asked, tools, output)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      return { code: EXIT.usage, out: '', err: error.message }
    }
    return ran
  }
  const done = async (...args: string[]): Promise<Ran> => {
    const ran = await run(args)
    assert.equal(ran.code, 0, ran.err)
    return ran
  }

  return {
    folder,
    run,
    /** What must succeed. */
    done,
    json: async (...args: string[]) => JSON.parse((await done(...args, '--json')).out),
    /** The program as people run it, in a process of its own. */
    async spawned(args: readonly string[], { env = {}, input = '' }: RunOptions = {}): Promise<Ran> {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        stdio: 'pipe',
        env: { ...process.env, ...environment, ...env },
      })
      child.stdin.end(input)
      const [out, err] = [child.stdout.toArray(), child.stderr.toArray()]
      const [code] = await once(child, 'close')
      return { code, out: Buffer.concat(await out).toString(), err: Buffer.concat(await err).toString() }
    },
    rowsOf: (sql: string, ...values: string[]) => query(fresh.connectionString, sql, values),
    async close(): Promise<void> {
      await house.close()
      await fresh.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type CommandLine = Awaited<ReturnType<typeof openCommandLine>>
