import type { Applied, Change, ThemeRemark } from '#core/configuration/index.ts'
import { ok } from '#core/shared/result.ts'
import { type Command, EXIT, noMoreWords, type Shown, wordAt } from '../command.ts'
import { poolRemarkLines } from '../pool-remarks.ts'
import { sayFailure } from '../say-failure.ts'
import { differenceLine } from '../show.ts'

const SIGN: Readonly<Record<Change['kind'], string>> = { create: '+', update: '~', delete: '-', unchanged: '=' }

const changeLines = (change: Change): string[] => [
  `${SIGN[change.kind]} ${change.what} ${change.name}${change.what === 'pool' ? '' : ` (${change.pool})`}`,
  ...(change.kind === 'update' ? change.differences.map((each) => `    ${differenceLine(each)}`) : []),
  ...(change.kind === 'create' && change.what !== 'membership'
    ? change.differences.map((each) => `    ${differenceLine(each)}`)
    : []),
]

const sayRemark = (remark: ThemeRemark): string => {
  const look = `${remark.pool}${remark.client === null ? '' : ` · ${remark.client}`}`
  switch (remark.about) {
    case 'contrast':
      return `! theme ${look}: ${remark.of} on ${remark.on}, ${remark.mode}, has ${remark.ratio.toFixed(2)}:1 and needs ${remark.least}:1`
    case 'brand':
      return `! theme ${look}: ${remark.given} is used as ${remark.used} for ${remark.token}, ${remark.mode}, so that it can be read`
    case 'css': {
      const { file, line, column, reason, suggestion } = remark
      return `! theme ${look}: ${file}:${line}:${column} ${reason}${suggestion === null ? '' : `; ${suggestion}`}`
    }
  }
}

const count = (changes: readonly Change[], kind: Change['kind']): number =>
  changes.filter((change) => change.kind === kind).length

const shown = (applied: Applied, remarks: readonly ThemeRemark[], dryRun: boolean): Shown => {
  const { changes, secrets, failure } = applied
  const summary = `${count(changes, 'create')} to create, ${count(changes, 'update')} to update, ${count(changes, 'delete')} to delete, ${count(changes, 'unchanged')} unchanged`
  const done = summary.replaceAll(/ to (create|update|delete)/g, (_, verb: string) => ` ${verb}d`)
  const stopped =
    failure === null
      ? []
      : [`stopped at ${failure.change.what} ${failure.change.name}:`, ...sayFailure(failure.failure)]
  return {
    json: { dryRun, changes, secrets, remarks, failure },
    lines: [
      ...remarks.map(sayRemark),
      ...changes.flatMap(changeLines),
      ...secrets.flatMap(({ client, clientId, secret }) => [
        `client secret of ${client} (${clientId}), shown this once: ${secret}`,
      ]),
      ...stopped,
      dryRun ? `${summary}; nothing was changed` : done,
    ],
    ...(failure === null ? {} : { exitCode: EXIT.refused }),
  }
}

export const applyCommands: readonly Command[] = [
  {
    name: 'apply',
    summary: 'make pools, clients, groups and people what a file says',
    words: '<file>',
    notes: [
      'Applied twice, the second time changes nothing. What the file does not name is left alone.',
      'Secrets are named by variable or file, never written: secret: { env: SHOP_SECRET }',
      'Files it refers to are found beside it.',
    ],
    options: {
      'dry-run': { help: 'say what would change, field by field, and change nothing' },
      strict: { help: 'refuse looks with colours that fail WCAG AA, or with CSS that had to be bent' },
      prune: {
        help: 'also delete identity providers, clients, groups and resource servers that the file’s pools do not name',
      },
    },
    examples: ['apply portico.yaml --dry-run', 'apply portico.yaml', 'apply portico.yaml --prune'],
    async run(input) {
      const file = wordAt(input, 0, 'the file')
      noMoreWords(input, 1)
      const materials = input.materialsBeside(file)
      // Loaded here: the compiler of stylesheets and the reader of files cost other commands a third of a second.
      const { applyConfiguration, isFault, themeRemarks } = await import('#core/configuration/index.ts')
      const { readConfiguration } = await import('../read-configuration.ts')
      const read = await readConfiguration(input.readFile(file), materials)
      if (!read.ok) {
        return ok({
          json: { file, problems: read.problems },
          lines: [
            ...read.problems.map(
              ({ line, column, path, message }) =>
                `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`,
            ),
            'nothing was changed',
          ],
          exitCode: EXIT.refused,
        })
      }
      const dryRun = input.switches.has('dry-run')
      const { admin, themes } = input
      const ports = { admin, materials, themes }
      const remarks = await themeRemarks(ports)(read.file)
      if (input.switches.has('strict') && remarks.some(isFault)) {
        const lines = [...remarks.map(sayRemark), 'nothing was changed']
        return ok({ json: { file, remarks }, lines, exitCode: EXIT.refused })
      }
      const applied = await applyConfiguration(ports)(read.file, {
        dryRun,
        prune: input.switches.has('prune'),
      })
      const result = shown(applied, remarks, dryRun)
      const ofPools = read.file.pools.flatMap(({ name, settings }) => poolRemarkLines(name, settings))
      return ok({ ...result, lines: [...ofPools, ...result.lines] })
    },
  },
]
