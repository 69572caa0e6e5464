import { createHash } from 'node:crypto'
import { type Draw, FAMILIES, type SealSize } from './seal/families.ts'
import { pathText } from './seal/path-text.ts'
import { fitFrame } from './seal/stroke.ts'

/** Side of the square and width of the line, user units. The figure's line is 1 px at 480 px, the mark's 1.4 px at 36. */
const SHEETS = {
  figure: { side: 240, line: 0.5 },
  mark: { side: 36, line: 1.4 },
} as const satisfies Record<SealSize, { side: number; line: number }>

/** Between the drawing and the edge of its square: half a line of the mark, and what rounding may add. */
const MARGIN = 1

/** Thirty-two bits at a time of SHA-256 over the pool's id and a counter. */
const drawsOf = (poolId: string): Draw => {
  let block = Buffer.alloc(0)
  let at = 0
  let counter = 0
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(`seal:${counter++}:${poolId}`).digest()
      at = 0
    }
    const value = block.readUInt32BE(at) / 2 ** 32
    at += 4
    return value
  }
}

const sealOf = (poolId: string, size: SealSize, color: string): string => {
  const { side, line } = SHEETS[size]
  const draw = drawsOf(poolId)
  const family = FAMILIES[Math.floor(draw() * FAMILIES.length)]
  if (!family) throw new Error('a draw lies below 1')
  const strokes = family(draw, size)
  const path = pathText(strokes, fitFrame(strokes, side, MARGIN))
  // Sharp corners would grow spikes; ellipses and single strings have none, and every byte counts.
  const hasCorners = strokes.some((stroke) => stroke.kind === 'curve' || (stroke.kind === 'segments' && stroke.closed))
  const join = hasCorners ? ' stroke-linejoin="round"' : ''
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"><path fill="none" stroke="${color}" stroke-width="${line}"${join} d="${path}"/></svg>`
}

/**
 * The pool's seal for the rail: a guilloche of fine lines, as on passports, drawn from nothing but the pool's id. The
 * same id gives the same bytes for ever. At most 2 KB as brotli.
 *
 * @param poolId any text; never shown, and not recoverable from the drawing
 */
export const sealFigure = (poolId: string): string => sealOf(poolId, 'figure', 'currentColor')

/**
 * The same drawing with few, heavy lines, for 36 px: logo, favicon, mail. At most 0.5 KB as brotli.
 *
 * @param options.color any CSS colour; `currentColor` by default, for use in a mask
 */
export const sealMark = (poolId: string, { color = 'currentColor' }: { color?: string } = {}): string => {
  if (!/^(?:currentColor|#[0-9a-f]{6})$/.test(color)) throw new TypeError('a seal’s colour is #rrggbb')
  return sealOf(poolId, 'mark', color)
}
