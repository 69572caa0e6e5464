import type { Point, Stroke } from './stroke.ts'

/** The rail wants many fine lines, the mark few heavy ones of the same drawing. */
export type SealSize = 'figure' | 'mark'

/** Numbers of one seal, 0–1, always the same ones for the same pool. */
export type Draw = () => number

/**
 * A way of drawing. Both sizes take the same numbers in the same order, so that the mark is the figure with fewer lines.
 *
 * The ranges were found by measuring how far apart seals lie at a glance (`seal.variety.test.ts`). What helped: free
 * centres and turns instead of perfect symmetry, structure at a third of the width, and filling the square.
 */
export type Family = (draw: Draw, size: SealSize) => Stroke[]

const between = (draw: Draw, least: number, most: number): number => least + (most - least) * draw()
const sign = (draw: Draw): 1 | -1 => (draw() < 0.5 ? -1 : 1)
const four = (draw: Draw, least: number, most: number): readonly number[] =>
  [0, 1, 2, 3].map(() => between(draw, least, most))

/** Cubic Bézier through time: how a value wanders from the first stroke to the last. */
const wander = ([a = 0, b = 0, c = 0, d = 0]: readonly number[], t: number): number =>
  a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t ** 3

/** Moments from 0 to 1, closer together at one end: lines gather there. */
const moments = (draw: Draw, count: number): number[] => {
  const pace = 2 ** between(draw, -0.6, 0.6)
  return Array.from({ length: count }, (_, at) => (at / (count - 1)) ** pace)
}

/** An ellipse that turns, breathes and travels. */
const interlacedEllipses: Family = (draw, size) => {
  const [x, y] = [four(draw, -0.8, 0.8), four(draw, -0.8, 0.8)]
  const [a, b] = [four(draw, 0.3, 0.9), four(draw, 0.05, 0.55)]
  const [start, sweep] = [between(draw, 0, Math.PI), sign(draw) * between(draw, 0.8, 4)]
  return moments(draw, size === 'figure' ? 18 : 6).map((t) => ({
    kind: 'ellipse',
    centre: [wander(x, t), wander(y, t)],
    a: wander(a, t),
    b: wander(b, t),
    angle: start + sweep * t,
  }))
}

interface Wheel {
  /** The small wheel is `turns/petals` of the large one. */
  petals: number
  turns: number
  /** Distance of the pen from the small wheel's centre, in its radii: below 1 rounded corners, above 1 loops. */
  pen: readonly [number, number]
  /** Points on the way from one petal to the next. */
  steps: number
  /** Of each size: what fits in its bytes. */
  copies: Readonly<Record<SealSize, number>>
}
const WHEELS: readonly Wheel[] = [
  { petals: 3, turns: 1, pen: [0.35, 0.75], steps: 3, copies: { figure: 14, mark: 5 } },
  { petals: 3, turns: 1, pen: [1.5, 2.2], steps: 4, copies: { figure: 13, mark: 4 } },
  { petals: 4, turns: 1, pen: [0.4, 0.8], steps: 3, copies: { figure: 13, mark: 5 } },
  { petals: 4, turns: 1, pen: [1.3, 2], steps: 4, copies: { figure: 12, mark: 3 } },
  { petals: 5, turns: 1, pen: [0.5, 0.95], steps: 3, copies: { figure: 12, mark: 4 } },
  { petals: 5, turns: 1, pen: [1.3, 1.9], steps: 4, copies: { figure: 12, mark: 3 } },
  { petals: 5, turns: 2, pen: [1.1, 1.5], steps: 4, copies: { figure: 12, mark: 3 } },
]

/** One rolling-wheel curve, stamped again and again as it travels, turns and shrinks. */
const hypotrochoids: Family = (draw, size) => {
  const wheel = WHEELS[Math.floor(draw() * WHEELS.length)] as Wheel
  const ratio = wheel.turns / wheel.petals
  const pen = between(draw, ...wheel.pen)
  const [x, y, s] = [four(draw, -0.7, 0.7), four(draw, -0.7, 0.7), four(draw, 0.3, 1)]
  const [start, turn] = [
    between(draw, 0, 2 * Math.PI),
    (sign(draw) * between(draw, 0.4, 1) * 2 * Math.PI) / wheel.petals,
  ]
  const [squeeze, lean] = [between(draw, 0.7, 1), between(draw, 0, Math.PI)]
  const count = wheel.petals * wheel.steps
  const step = (2 * Math.PI * wheel.turns) / count
  const [large, small, speed] = [1 - ratio, pen * ratio, (1 - ratio) / ratio]
  const radius = large + small

  const [cos, sin] = [Math.cos(lean), Math.sin(lean)]
  /** Squeezed along a leaning axis. */
  const lay = ([px, py]: Point): Point => {
    const [u, v] = [px * cos + py * sin, (py * cos - px * sin) * squeeze]
    return [u * cos - v * sin, u * sin + v * cos]
  }
  return moments(draw, wheel.copies[size]).map((t) => {
    const [angle, scale] = [start + turn * t, wander(s, t) / radius]
    const [c, d] = [Math.cos(angle) * scale, Math.sin(angle) * scale]
    const rotate = ([px, py]: Point): Point => [px * c - py * d, px * d + py * c]
    const at = Array.from({ length: count }, (_, index) => index * step)
    return {
      kind: 'curve',
      points: at.map((u) => {
        const [px, py] = rotate([
          large * Math.cos(u) + small * Math.cos(speed * u),
          large * Math.sin(u) - small * Math.sin(speed * u),
        ])
        return lay([px + wander(x, t), py + wander(y, t)])
      }),
      tangents: at.map((u) =>
        lay(
          rotate([
            (-large * Math.sin(u) - small * speed * Math.sin(speed * u)) * step,
            (large * Math.cos(u) - small * speed * Math.cos(speed * u)) * step,
          ]),
        ),
      ),
    }
  })
}

/** Beams of strings from one arc of a circle to another, crossing it in five directions. */
const strings: Family = (draw, size) => {
  const [squeeze, lean] = [between(draw, 0.5, 1), between(draw, 0, Math.PI)]
  const [cos, sin] = [Math.cos(lean), Math.sin(lean)]
  const onCircle = (angle: number): Point => {
    const [u, v] = [Math.cos(angle), Math.sin(angle) * squeeze]
    return [u * cos - v * sin, u * sin + v * cos]
  }
  const first = between(draw, 0, Math.PI)
  return [0, 1, 2, 3, 4].flatMap((beam) => {
    const count = Math.round(between(draw, 6, 13) * (size === 'figure' ? 1.2 : 0.25))
    const direction = first + ((beam + between(draw, -0.6, 0.6)) * Math.PI) / 5
    const half = Math.acos(between(draw, -0.9, 0.9))
    const [wide, other] = [between(draw, 0.2, 1.5), sign(draw) * between(draw, 0.2, 1.5)]
    return Array.from({ length: count }, (_, at): Stroke => {
      const t = at / (count - 1) - 0.5
      const ends = [onCircle(direction - half + wide * t), onCircle(direction + half + other * t)]
      return { kind: 'segments', points: ends, closed: false }
    })
  })
}

/** A polygon cut into triangles from a point inside; in each, triangles chase their own corners. */
const whirlingPolygons: Family = (draw, size) => {
  const corners = 4 + Math.floor(draw() * 4)
  const start = between(draw, 0, 2 * Math.PI)
  const polar = (angle: number, distance: number): Point => [distance * Math.cos(angle), distance * Math.sin(angle)]
  const outline = Array.from({ length: corners }, (_, at) =>
    polar(start + ((at + between(draw, -0.3, 0.3)) * 2 * Math.PI) / corners, between(draw, 0.6, 1)),
  )
  const heart = polar(between(draw, 0, 2 * Math.PI), between(draw, 0, 0.4))
  return outline.flatMap((corner, at) => {
    let triangle: Point[] = [heart, corner, outline[(at + 1) % corners] ?? corner]
    const ahead = draw() < 0.5 ? 1 : 2
    const share = between(draw, 0.06, 0.28) * (size === 'figure' ? 1 : 1.4)
    const rounds = draw()
    const count = Math.round(size === 'figure' ? 3 + 6 * rounds : 1 + 3 * rounds)
    return Array.from({ length: count }, (): Stroke => {
      const drawn = triangle
      triangle = drawn.map(([px, py], corner) => {
        const [qx, qy] = drawn[(corner + ahead) % 3] ?? [px, py]
        return [px + (qx - px) * share, py + (qy - py) * share]
      })
      return { kind: 'segments', points: drawn, closed: true }
    })
  })
}

export const FAMILIES: readonly Family[] = [interlacedEllipses, hypotrochoids, strings, whirlingPolygons]
