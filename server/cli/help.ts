import type { Command, Option } from './command.ts'

const width = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
const columns = (rows: readonly (readonly [string, string])[]): string[] => {
  const widest = width(rows.map(([left]) => left))
  return rows.map(([left, right]) => `  ${left.padEnd(widest)}  ${right}`.trimEnd())
}

const optionRows = (options: Readonly<Record<string, Option>>): (readonly [string, string])[] =>
  Object.entries(options).map(
    ([name, { value, help }]) => [`--${name}${value === undefined ? '' : ` <${value}>`}`, help] as const,
  )

const EVERYWHERE = [
  ['--json', 'print JSON, for programs'],
  ['--help', 'this page'],
] as const

const EXIT_CODES = [
  ['0', 'done'],
  ['1', 'refused: the reason is on standard error'],
  ['2', 'not understood'],
  ['69', 'the database cannot be reached; try again'],
  ['78', 'the configuration is refused; try again changes nothing'],
] as const

/** `portico help`, and `portico` alone. */
export const helpOfAll = (commands: readonly Command[]): string[] => [
  'portico: administer user pools',
  '',
  'Commands',
  ...columns(commands.map(({ name, summary }) => [name, summary] as const)),
  '',
  'Everywhere',
  ...columns(EVERYWHERE),
  '',
  'Exit codes',
  ...columns(EXIT_CODES),
  '',
  'The database is DATABASE_URL, or the one in the data folder (PORTICO_DATA_DIR).',
  '',
  'Examples',
  '  portico pools create Shop',
  '  portico clients create "Web shop" --pool Shop callbackUrls=https://shop.example.com/callback',
  '  portico users create --pool Shop email=ann@example.com email_verified=true --invite',
  '  portico apply portico.yaml --dry-run',
]

/** `portico users --help` */
export const helpOfSubject = (subject: string, commands: readonly Command[]): string[] => [
  `portico ${subject}`,
  '',
  ...columns(commands.map(({ name, words = '', summary }) => [`${name} ${words}`.trim(), summary] as const)),
  '',
  'Examples',
  ...commands.flatMap(({ examples }) => examples.slice(0, 1)).map((example) => `  portico ${example}`),
  '',
  `More: portico ${subject} <command> --help`,
]

/** `portico users create --help` */
export const helpOfCommand = ({ name, summary, words = '', notes = [], options, examples }: Command): string[] => [
  `portico ${name} ${words}`.trim(),
  `  ${summary}`,
  ...(notes.length === 0 ? [] : ['', ...notes]),
  '',
  'Options',
  ...columns([...optionRows(options), ...EVERYWHERE]),
  '',
  'Examples',
  ...examples.map((example) => `  portico ${example}`),
]
