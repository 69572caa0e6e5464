import type { Judged } from './replay.ts'
import type { Attack } from './scenario.ts'

/** How one group of sign-ins was judged. */
export interface Tally {
  group: string
  count: number
  none: number
  low: number
  medium: number
  high: number
  /** Challenged or blocked, for people with a second factor. */
  stopped: number
  /** Blocked, in a pool in which nobody has a second factor. */
  stoppedWithoutFactor: number
}

/** From here on the target for honest people holds. */
export const SETTLED_SIGN_INS = 5

const tallyOf = (group: string, judged: readonly Judged[]): Tally => {
  const tally = {
    group,
    count: judged.length,
    none: 0,
    low: 0,
    medium: 0,
    high: 0,
    stopped: 0,
    stoppedWithoutFactor: 0,
  }
  for (const { level, effect } of judged) {
    tally[level] += 1
    if (effect.withFactor !== 'allow') tally.stopped += 1
    if (effect.withoutFactor !== 'allow') tally.stoppedWithoutFactor += 1
  }
  return tally
}

const ATTACKS: readonly Attack['kind'][] = ['stuffing', 'spray', 'theft']

export const takeoversOf = (judged: readonly Judged[]): Tally[] =>
  ATTACKS.flatMap((kind) => {
    const all = judged.filter(({ attack }) => attack === kind)
    const names = [...new Set(all.map(({ attackName }) => attackName ?? ''))].sort()
    return [
      tallyOf(kind, all),
      ...names.map((name) =>
        tallyOf(
          `  ${name}`,
          all.filter(({ attackName }) => attackName === name),
        ),
      ),
      tallyOf(
        '  of which accounts with < 5 sign-ins',
        all.filter(({ signIns }) => signIns < SETTLED_SIGN_INS),
      ),
    ]
  })

export const honestOf = (judged: readonly Judged[]): Tally[] => {
  const honest = judged.filter(({ attack }) => attack === null)
  const settled = honest.filter(({ signIns }) => signIns >= SETTLED_SIGN_INS)
  const kinds = [...new Set(honest.map(({ kind }) => kind))].sort()
  return [
    tallyOf('honest, after the fifth sign-in', settled),
    ...kinds.map((name) =>
      tallyOf(
        `  ${name}`,
        settled.filter(({ kind }) => kind === name),
      ),
    ),
    tallyOf(
      'honest, up to the fifth',
      honest.filter(({ signIns }) => signIns < SETTLED_SIGN_INS),
    ),
  ]
}

export interface Outcome {
  name: 'stuffing' | 'spray' | 'honest'
  /** Share challenged or blocked. */
  share: number
  isMet: boolean
}

const LEAST_CAUGHT = 0.95
const MOST_ANNOYED = 0.01

/** What the default weights have to reach. */
export const targetsOf = (judged: readonly Judged[]): Outcome[] => {
  const share = ({ stopped, count }: Tally) => (count === 0 ? Number.NaN : stopped / count)
  const caught = (name: 'stuffing' | 'spray'): Outcome => {
    const value = share(
      tallyOf(
        name,
        judged.filter(({ attack }) => attack === name),
      ),
    )
    return { name, share: value, isMet: value >= LEAST_CAUGHT }
  }
  const settled = judged.filter(({ attack, signIns }) => attack === null && signIns >= SETTLED_SIGN_INS)
  const annoyed = share(tallyOf('honest', settled))
  return [caught('stuffing'), caught('spray'), { name: 'honest', share: annoyed, isMet: annoyed <= MOST_ANNOYED }]
}
