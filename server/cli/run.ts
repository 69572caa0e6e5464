import { parseArgs } from 'node:util'
import { nearestWord } from '#core/shared/settings/index.ts'
import { type Command, type CommandInput, type CommandTools, EXIT, UsageError } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { helpOfAll, helpOfCommand, helpOfSubject } from './help.ts'
import { sayFailure } from './say-failure.ts'

export interface Output {
  out(line: string): void
  err(line: string): void
}

export type Asked =
  | { kind: 'help'; lines: readonly string[]; exitCode: number }
  | { kind: 'command'; command: Command; input: Omit<CommandInput, keyof CommandTools>; isJson: boolean }

const HELP = new Set(['--help', '-h', 'help'])

const findCommand = (args: readonly string[]): { command: Command; rest: readonly string[] } | null => {
  for (const length of [3, 2, 1]) {
    const command = COMMANDS.find(({ name }) => name === args.slice(0, length).join(' '))
    if (command !== undefined) return { command, rest: args.slice(length) }
  }
  return null
}

const unknown = (args: readonly string[]): never => {
  const typed = args.slice(0, 2).join(' ')
  const meant = nearestWord(
    typed,
    COMMANDS.map(({ name }) => name),
  )
  throw new UsageError(`there is no command "${typed}"${meant === null ? '' : `; did you mean "${meant}"?`}`)
}

const readOptions = (command: Command, args: readonly string[]): Extract<Asked, { kind: 'command' }> => {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, json: { help: '' } }).map(([name, option]) => [
      name,
      {
        type: 'value' in option && option.value !== undefined ? ('string' as const) : ('boolean' as const),
        multiple: 'many' in option && option.many === true,
      },
    ]),
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error))
  }
  const given = Object.entries(parsed.values)
  const textOf = (value: unknown): value is string => typeof value === 'string'
  return {
    kind: 'command',
    command,
    isJson: parsed.values.json === true,
    input: {
      words: parsed.positionals,
      switches: new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))),
      values: Object.fromEntries(given.filter((entry): entry is [string, string] => textOf(entry[1]))),
      lists: Object.fromEntries(
        given.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.filter(textOf)] as const] : [])),
      ),
    },
  }
}

/** What was typed. Throws a UsageError; opens nothing, so that help needs no database. */
export const understand = (args: readonly string[]): Asked => {
  const [first, second] = args
  if (first === undefined) return { kind: 'help', lines: helpOfAll(COMMANDS), exitCode: EXIT.usage }
  const wantsHelp = args.some((arg) => HELP.has(arg))
  const words = args.filter((arg) => !HELP.has(arg))
  const found = findCommand(words)
  if (wantsHelp && found !== null) return { kind: 'help', lines: helpOfCommand(found.command), exitCode: EXIT.done }
  if (wantsHelp && words.length === 0) return { kind: 'help', lines: helpOfAll(COMMANDS), exitCode: EXIT.done }
  const subject = COMMANDS.filter(({ name }) => name.startsWith(`${words[0]} `))
  if (subject.length > 0 && (wantsHelp || second === undefined)) {
    return { kind: 'help', lines: helpOfSubject(words[0] ?? '', subject), exitCode: wantsHelp ? EXIT.done : EXIT.usage }
  }
  if (found === null) return unknown(args)
  return readOptions(found.command, found.rest)
}

/** Runs a command and prints what came of it. Refusals are told; what is broken is thrown. */
export const runCommand = async (
  { command, input, isJson }: Extract<Asked, { kind: 'command' }>,
  tools: CommandTools,
  { out, err }: Output,
): Promise<number> => {
  const result = await command.run({ ...input, ...tools })
  if (!result.ok) {
    if (isJson) err(JSON.stringify({ error: result.failure }, null, 2))
    else for (const line of sayFailure(result.failure)) err(line)
    return EXIT.refused
  }
  const { json, lines, exitCode = EXIT.done } = result.value
  const print = exitCode === EXIT.done || isJson ? out : err
  if (isJson) print(JSON.stringify(json, null, 2))
  else for (const line of lines) print(line)
  return exitCode
}
