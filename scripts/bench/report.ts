import type { Round } from './measure.ts'
import type { ProfileDigest } from './target.ts'

export interface FlowResult {
  flow: string
  floor: Round | null
  portico: Round | null
  /** CPU of the database per act, where it can be read. */
  databaseCpuMs: number | null
  where: ProfileDigest | null
}

const figure = (value: number | undefined | null, digits = 0): string =>
  value === undefined || value === null || Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

const megabytes = (bytes: number | undefined): string => figure(bytes === undefined ? undefined : bytes / 1e6)

/** Columns lined up, as Markdown: the same text serves the terminal and docs/performance.md. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0), 3))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Both ratios say how much of the floor's pace Portico keeps: by the clock, and by CPU, which a busy neighbour hardly moves. */
export const ratioTable = (results: readonly FlowResult[]): string =>
  table(
    [
      'flow',
      'bare /s',
      'Portico /s',
      'ratio',
      'bare CPU ms',
      'Portico CPU ms',
      'ratio of CPU',
      'database CPU ms',
      'RSS MB',
    ],
    results.map(({ flow, floor, portico, databaseCpuMs }) => [
      flow,
      figure(floor?.perSecond),
      figure(portico?.perSecond),
      floor && portico ? `${figure(portico.perSecond / floor.perSecond, 2)}×` : '–',
      figure(floor?.cpuMs, 2),
      figure(portico?.cpuMs, 2),
      floor && portico ? `${figure(floor.cpuMs / portico.cpuMs, 2)}×` : '–',
      figure(databaseCpuMs, 2),
      megabytes(portico?.rssBytes ?? floor?.rssBytes),
    ]),
  )

/**
 * CPU per act by owner of the code. A profile counts time on the clock, in which a pinned main thread also waits for its
 * own thread pool: its proportions are kept, its sum is the main thread's CPU as the kernel counts it.
 */
export const whereTable = (results: readonly FlowResult[]): string =>
  table(
    ['flow', 'CPU ms per act', 'by owner'],
    results.flatMap(({ flow, where, portico, floor }) => {
      const round = portico ?? floor
      if (!where || !round) return []
      const whole = Object.values(where.owners).reduce((sum, ms) => sum + ms, 0)
      const parts = Object.entries(where.owners).map(
        ([owner, ms]) => [owner, (ms / whole) * round.mainThreadMs] as const,
      )
      const entries = [...parts, ['other threads', round.cpuMs - round.mainThreadMs] as const].sort(
        ([, a], [, b]) => b - a,
      )
      const shown = entries.filter(([, ms]) => ms >= round.cpuMs * 0.02)
      const rest = round.cpuMs - shown.reduce((sum, [, ms]) => sum + ms, 0)
      const words = [...shown, ['rest', rest] as const].map(([owner, ms]) => `${owner} ${figure(ms, 3)}`)
      return [[flow, figure(round.cpuMs, 2), words.join(', ')]]
    }),
  )

/** The busiest functions of one flow, as shares of the main thread's time. */
export const functionTable = ({ flow, where }: FlowResult): string => {
  const whole = Object.values(where?.owners ?? {}).reduce((sum, ms) => sum + ms, 0)
  const rows = (where?.functions ?? []).map(([place, ms]) => [place, `${figure((ms / whole) * 100, 1)} %`])
  return table([flow, 'of the main thread'], rows)
}

/** Flows where the generator was nearly as busy as the server: their figures are lower bounds. */
export const saturated = (results: readonly FlowResult[]): string[] =>
  results
    .filter(({ floor, portico }) => Math.max(floor?.generatorLoad ?? 0, portico?.generatorLoad ?? 0) > 0.85)
    .map(({ flow }) => flow)
