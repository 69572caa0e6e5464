import type { Administration } from '#core/administration/index.ts'
import type { Materials } from '#core/configuration/index.ts'
import type { ProviderCheck } from '#core/federation/ports.ts'
import type { Result } from '#core/shared/result.ts'
import type { ThemeKeeper } from '#core/themes/index.ts'

/** Exit codes, as documented in `portico help`. The last two are those of sysexits. */
export const EXIT = { done: 0, refused: 1, usage: 2, databaseAway: 69, configuration: 78 } as const

export interface Option {
  /** Placeholder of its value; absent: a switch. */
  value?: string
  help: string
  many?: boolean
}

/** Of a provider that is there. */
export type ProviderChecker = (poolId: string, name: string) => ReturnType<ProviderCheck['check']>

/** What a command may touch, besides what it was told. */
export interface CommandTools {
  admin: Administration
  /** What a file refers to, found beside it. */
  materialsBeside(file: string): Materials
  themes: ThemeKeeper
  /** Asks a provider: line by line what is right and what is wrong. */
  checkProvider: ProviderChecker
  readStandardInput(): Promise<string>
  /** Throws a `UsageError` for a file that cannot be read. */
  readFile(file: string): string
}

export interface CommandInput extends CommandTools {
  /** What is no option, in order. */
  words: readonly string[]
  switches: ReadonlySet<string>
  values: Readonly<Record<string, string>>
  lists: Readonly<Record<string, readonly string[]>>
}

/** What is shown: as lines for people, or as JSON for programs. */
export interface Shown {
  lines: readonly string[]
  json: unknown
  /** Set where something went wrong on the way: printed as ever, and the exit code tells. */
  exitCode?: number
}

export interface Command {
  /** `users create` */
  name: string
  summary: string
  /** What follows the name: `<user> [name=value …]` */
  words?: string
  /** What the words and options mean where their names do not say it. */
  notes?: readonly string[]
  options: Readonly<Record<string, Option>>
  /** Without the leading `portico`. */
  examples: readonly string[]
  run(input: CommandInput): Promise<Result<Shown>>
}

/** The command was not given what it needs: exit 2, and where help is. */
export class UsageError extends Error {}

/** The word at a place, or a usage error that names what is missing. */
export const wordAt = ({ words }: CommandInput, at: number, what: string): string => {
  const word = words[at]
  if (word === undefined) throw new UsageError(`${what} is missing`)
  return word
}

export const noMoreWords = ({ words }: CommandInput, most: number): void => {
  if (words.length > most) throw new UsageError(`unexpected: ${words.slice(most).join(' ')}`)
}

export const mustConfirm = ({ switches }: CommandInput, what: string): void => {
  if (!switches.has('yes')) throw new UsageError(`this deletes ${what} for good: say so with --yes`)
}

export const POOL: Readonly<Record<string, Option>> = { pool: { value: 'id or name', help: 'the user pool' } }
export const YES: Readonly<Record<string, Option>> = { yes: { help: 'go on without asking' } }

export const optionValue = ({ values }: CommandInput, name: string): string => {
  const value = values[name]
  if (value === undefined) throw new UsageError(`--${name} is missing`)
  return value
}
