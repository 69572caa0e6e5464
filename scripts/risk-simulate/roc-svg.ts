import type { Judged } from './replay.ts'
import type { Attack } from './scenario.ts'
import { SETTLED_SIGN_INS } from './tally.ts'

interface Point {
  /** Share of honest sign-ins at or above a score. */
  annoyed: number
  /** Share of takeovers at or above it. */
  caught: number
}

/** Share of sorted scores (falling) that are at or above a threshold. */
const shareAbove = (sorted: readonly number[], threshold: number): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) >= threshold) low = middle + 1
    else high = middle
  }
  return sorted.length === 0 ? 0 : low / sorted.length
}

const falling = (judged: readonly Judged[]): number[] => judged.map(({ score }) => score).sort((a, b) => b - a)

const settledHonest = (judged: readonly Judged[]): number[] =>
  falling(judged.filter(({ attack, signIns }) => attack === null && signIns >= SETTLED_SIGN_INS))

/** The curve of one kind of attack against honest people after their fifth sign-in. */
export const rocOf = (judged: readonly Judged[], kind: Attack['kind']) => {
  const honest = settledHonest(judged)
  const takeovers = falling(judged.filter(({ attack }) => attack === kind))
  const at = (threshold: number): Point => ({
    annoyed: shareAbove(honest, threshold),
    caught: shareAbove(takeovers, threshold),
  })
  const points = [...new Set([...takeovers, ...honest])].sort((a, b) => b - a).map(at)
  const area = [{ annoyed: 0, caught: 0 }, ...points].reduce((sum, point, index, all) => {
    const before = all[index - 1] ?? point
    return sum + ((point.annoyed - before.annoyed) * (point.caught + before.caught)) / 2
  }, 0)
  return { points, area, at }
}

const WIDTH = 720
const HEIGHT = 460
const FRAME = { left: 64, top: 56, right: 24, bottom: 64 }
/** Left end of the logarithmic axis. */
const LEAST = 1e-4

const x = (annoyed: number): number =>
  FRAME.left + (1 - Math.log10(Math.max(annoyed, LEAST)) / Math.log10(LEAST)) * (WIDTH - FRAME.left - FRAME.right)
const y = (caught: number): number => FRAME.top + (1 - caught) * (HEIGHT - FRAME.top - FRAME.bottom)
const at = (value: number): string => value.toFixed(1)

const CURVES = [
  { kind: 'stuffing', color: '#0b6e4f', dash: '' },
  { kind: 'spray', color: '#1f4e9e', dash: '7 4' },
  { kind: 'theft', color: '#a3420a', dash: '2 3' },
] as const

const pathOf = (points: readonly Point[]): string => {
  const steps = points.filter(
    (point, index) =>
      index === 0 || index === points.length - 1 || at(x(point.annoyed)) !== at(x(points[index - 1]?.annoyed ?? 0)),
  )
  return steps
    .map(({ annoyed, caught }, index) => `${index === 0 ? 'M' : 'L'}${at(x(annoyed))} ${at(y(caught))}`)
    .join('')
}

const axes = (): string => {
  const shares = [1e-4, 1e-3, 1e-2, 1e-1, 1]
  const vertical = shares.map(
    (share) =>
      `<path d="M${at(x(share))} ${FRAME.top}V${HEIGHT - FRAME.bottom}" class="grid"/><text x="${at(x(share))}" y="${HEIGHT - FRAME.bottom + 18}" text-anchor="middle">${share * 100} %</text>`,
  )
  const horizontal = [0, 0.25, 0.5, 0.75, 0.95, 1].map(
    (share) =>
      `<path d="M${FRAME.left} ${at(y(share))}H${WIDTH - FRAME.right}" class="${share === 0.95 ? 'target' : 'grid'}"/><text x="${FRAME.left - 8}" y="${at(y(share) + 4)}" text-anchor="end">${share * 100} %</text>`,
  )
  const target = `<path d="M${at(x(0.01))} ${FRAME.top}V${HEIGHT - FRAME.bottom}" class="target"/>`
  return [...vertical, ...horizontal, target].join('\n')
}

/**
 * Receiver operating curves as a picture: honest sign-ins challenged (logarithmic) against takeovers caught, with the
 * thresholds in force marked on each curve and the targets as dashed lines.
 */
export const rocSvg = (
  judged: readonly Judged[],
  thresholds: { medium: number; high: number },
  title: string,
): string => {
  const curves = CURVES.map(({ kind, color, dash }, index) => {
    const roc = rocOf(judged, kind)
    const marks = (['medium', 'high'] as const).map((level) => {
      const { annoyed, caught } = roc.at(thresholds[level])
      const [cx, cy] = [at(x(annoyed)), at(y(caught))]
      return `<circle cx="${cx}" cy="${cy}" r="5" fill="${level === 'medium' ? color : '#fff'}" stroke="${color}" stroke-width="2"><title>${kind}, ${level} (score ≥ ${thresholds[level]}): ${(caught * 100).toFixed(1)} % caught, ${(annoyed * 100).toFixed(2)} % annoyed</title></circle>`
    })
    const line = HEIGHT - FRAME.bottom - 66 + index * 20
    const legend = `<path d="M${WIDTH - 250} ${line}h32" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash}"/><text x="${WIDTH - 210}" y="${line + 4}">${kind}, area ${roc.area.toFixed(4)}</text>`
    return `<path d="${pathOf(roc.points)}" fill="none" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash}"/>${marks.join('')}${legend}`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="t d">
<title id="t">${title}</title>
<desc id="d">Share of takeovers caught against share of honest sign-ins challenged after a person's fifth. Filled circles mark the threshold of medium, open ones that of high.</desc>
<style>text{font:12px system-ui,sans-serif;fill:#222}.grid{stroke:#ddd}.target{stroke:#777;stroke-dasharray:4 4}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${FRAME.left}" y="26" style="font-size:15px;font-weight:600">${title}</text>
<text x="${FRAME.left}" y="44">● medium (score ≥ ${thresholds.medium}), ○ high (score ≥ ${thresholds.high}); dashed: the targets</text>
${axes()}
<text x="${(FRAME.left + WIDTH - FRAME.right) / 2}" y="${HEIGHT - 20}" text-anchor="middle">honest sign-ins challenged, after the person's fifth (logarithmic)</text>
<text transform="translate(18 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">takeovers caught</text>
${curves.join('\n')}
</svg>
`
}
