import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { RiskSettings, SIGNAL_NAMES, type SignalName } from '#core/risk/index.ts'
import { fitWeights } from './fit-weights.ts'
import { rocSvg } from './roc-svg.ts'
import { runSet, SEEDS } from './run-set.ts'
import type { SetName } from './scenario.ts'
import { honestOf, type Tally, takeoversOf, targetsOf } from './tally.ts'

const HELP = `Replays simulated histories of honest people and of takeovers through the real engine.

  npm run risk:simulate                  both sets, and the curve of the hold-out set in docs/risk-roc.svg
  npm run risk:simulate -- --set tuning  one set, without a picture
  npm run risk:simulate -- --fit         weights by logistic regression on the tuning set, and nothing else
  npm run risk:simulate -- --size 0.2    fewer people and attacks, faster (also without a picture)
  npm run risk:simulate -- --seeds 8,9   other seeds than those that the figures of docs/risk.md are of (no picture)
  npm run risk:simulate -- --without spray   the default weights but for that signal (may be given again; no picture)

Exits with 1 when the hold-out set misses a target.
`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    set: { type: 'string' },
    fit: { type: 'boolean' },
    size: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    without: { type: 'string', multiple: true, default: [] },
  },
})

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(whole < 1000 ? 1 : 2)} %`

const print = (title: string, tallies: readonly Tally[]): void => {
  const head = ['count', 'none', 'low', 'medium', 'high', 'stopped', 'no factor']
  console.log(`\n${title.padEnd(40)}${head.map((name) => name.padStart(10)).join('')}`)
  for (const { group, count, ...tally } of tallies) {
    const cells = [tally.none, tally.low, tally.medium, tally.high, tally.stopped, tally.stoppedWithoutFactor]
    console.log(
      `${group.padEnd(40)}${String(count).padStart(10)}${cells.map((cell) => percent(cell, count).padStart(10)).join('')}`,
    )
  }
}

const SETS: readonly SetName[] = ['tuning', 'hold-out']
const weights = Object.fromEntries(
  values.without.map((name) => {
    if (!SIGNAL_NAMES.includes(name as SignalName)) throw new Error(`--without is one of ${SIGNAL_NAMES.join(', ')}`)
    return [name, 0]
  }),
)
const settings = RiskSettings.parse({ mode: 'enforce', weights })
const size = Number(values.size)
if (!(size > 0 && size <= 10)) throw new Error('--size is a number up to 10')
const seeds = values.seeds?.split(',').map(Number)
if (seeds?.some((seed) => !Number.isSafeInteger(seed)))
  throw new Error('--seeds are whole numbers, separated by commas')
/** The run that docs/risk.md speaks of. */
const isWhole = size === 1 && seeds === undefined && values.without.length === 0

const runAndPrint = (set: SetName): boolean => {
  const started = performance.now()
  const judged = runSet(set, settings, { size, ...(seeds === undefined ? {} : { seeds }) })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`\n=== ${set}: seeds ${(seeds ?? SEEDS[set]).join(', ')}; ${judged.length} sign-ins in ${seconds} s ===`)
  print('takeovers', takeoversOf(judged))
  print('honest people', honestOf(judged))
  const targets = targetsOf(judged)
  console.log('\nchallenged or blocked, with default weights and a second factor:')
  for (const { name, share, isMet } of targets) {
    const target = name === 'honest' ? '≤ 1 % after the fifth sign-in' : '≥ 95 %'
    console.log(
      `  ${name.padEnd(10)}${(share * 100).toFixed(2).padStart(7)} %   target ${target}: ${isMet ? 'met' : 'MISSED'}`,
    )
  }
  if (set === 'hold-out' && isWhole) {
    const file = join(import.meta.dirname, '../../docs/risk-roc.svg')
    writeFileSync(file, rocSvg(judged, settings.thresholds, 'Risk scores on the hold-out set'))
    console.log('\ncurve: docs/risk-roc.svg')
  }
  return targets.every(({ isMet }) => isMet)
}

if (values.help) console.log(HELP)
else if (values.fit) console.log(fitWeights(runSet('tuning', settings, { size })))
else {
  const sets = SETS.filter((set) => values.set === undefined || values.set === set)
  if (sets.length === 0) throw new Error(`--set is one of ${SETS.join(', ')}`)
  console.log(
    `weights    ${Object.entries(settings.weights)
      .map(([name, points]) => `${name} ${points}`)
      .join(', ')}`,
  )
  console.log(
    `thresholds ${Object.entries(settings.thresholds)
      .map(([name, score]) => `${name} ${score}`)
      .join(', ')}`,
  )
  const missed = sets.filter((set) => !runAndPrint(set))
  process.exitCode = missed.includes('hold-out') ? 1 : 0
}
