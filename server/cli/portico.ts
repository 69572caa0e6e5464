import { userInfo } from 'node:os'
import { SchemaRefused } from '#adapters/postgres/migrate.ts'
import { ConfigError, environmentVariable, readConfig } from '../config.ts'
import { trouble } from '../trouble.ts'
import { EXIT, UsageError } from './command.ts'
import { materialsBeside } from './materials.ts'
import { readNamedFile } from './read-named-file.ts'
import { runCommand, understand } from './run.ts'

const out = (line: string): void => void process.stdout.write(`${line}\n`)
const err = (line: string): void => void process.stderr.write(`${line}\n`)

const readStandardInput = async (): Promise<string> => Buffer.concat(await process.stdin.toArray()).toString('utf8')

/** The account at the keyboard; the audit log says who. */
const operator = (): string => {
  try {
    return `cli:${userInfo().username}`
  } catch {
    return 'cli'
  }
}

const main = async (): Promise<number> => {
  const asked = understand(process.argv.slice(2))
  if (asked.kind === 'help') {
    for (const line of asked.lines) (asked.exitCode === EXIT.done ? out : err)(line)
    return asked.exitCode
  }
  const config = readConfig()
  // Loaded late: help and mistakes are answered before the database client is read.
  const { openForAdministration } = await import('./compose.ts')
  const house = await openForAdministration(config, { name: operator(), context: null }, err)
  try {
    const tools = {
      admin: house.admin,
      themes: house.themes,
      checkProvider: house.checkProvider,
      materialsBeside: materialsBeside(environmentVariable),
      readStandardInput,
      readFile: readNamedFile,
    }
    return await runCommand(asked, tools, { out, err })
  } finally {
    await house.close()
  }
}

const exitCodeOf = (error: unknown): number => {
  if (error instanceof UsageError) {
    err(`portico: ${error.message}`)
    err('portico --help shows every command')
    return EXIT.usage
  }
  if (error instanceof ConfigError || error instanceof SchemaRefused) {
    err(`portico: ${error.message}`)
    return EXIT.configuration
  }
  const { status, because } = trouble(error)
  if (status === 503) {
    err(`portico: the database cannot be reached: ${because.split('\n').at(-1)}`)
    return EXIT.databaseAway
  }
  throw error
}

// Whoever reads us may stop reading: `portico users list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

// Set and not forced: what was printed leaves the pipe first.
process.exitCode = await main().catch(exitCodeOf)
