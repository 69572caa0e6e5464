import type { SettingsProblem } from '#core/shared/result.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { assignSettings, readAssignment, type Setting, settingsRefused } from '#core/shared/settings/index.ts'
import type { Shown } from './command.ts'
import { details, table } from './show.ts'

/** `name=value` words and `--set` values, laid over the present settings. Fails with all that is wrong with them. */
export const settingsFrom = (
  settings: readonly Setting[],
  present: unknown,
  assignments: readonly string[],
): Result<unknown> => {
  const problems: SettingsProblem[] = []
  const read = assignments.flatMap((each) => {
    const assignment = readAssignment(settings, each)
    if (assignment.ok) return [assignment.value]
    problems.push(...(assignment.failure.problems ?? []))
    return []
  })
  return problems.length > 0 ? settingsRefused(problems) : ok(assignSettings(settings, present, read))
}

/** Every setting there is, for help. */
export const settingsShown = (settings: readonly Setting[]): Shown => ({
  json: settings,
  lines: table(
    ['SETTING', 'KIND', 'DEFAULT', 'CHOICES'],
    settings.map(({ path, kind, fallback, choices }) => [path, kind, fallback, choices]),
  ),
})

/** A record as it is, and for people with its settings by the names that `set` takes. */
export const recordShown = (record: object): Shown => {
  const { settings, ...rest } = record as { settings?: object }
  return { json: record, lines: details({ ...rest, ...settings }) }
}
