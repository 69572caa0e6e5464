export type Point = readonly [x: number, y: number]

/** One line of a seal, in whatever coordinates its family draws; the frame is fitted afterwards. */
export type Stroke =
  | { kind: 'segments'; points: readonly Point[]; closed: boolean }
  | { kind: 'ellipse'; centre: Point; a: number; b: number; angle: number }
  /** Closed cubic Hermite curve at equal parameter steps: where it passes, and its derivative per step. */
  | { kind: 'curve'; points: readonly Point[]; tangents: readonly Point[] }

export interface Frame {
  scale: Point
  shift: Point
}

/** Bézier handle at the end of step `i`, as SVG's `S` wants it. */
export const handle = ([x, y]: Point, [dx, dy]: Point, side: 1 | -1): Point => [
  x + (side * dx) / 3,
  y + (side * dy) / 3,
]

const cubic = (t: number, a: number, b: number, c: number, d: number): number =>
  a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t ** 3

/** Points that reach as far as the stroke does. */
const reach = (stroke: Stroke): Point[] => {
  if (stroke.kind === 'segments') return [...stroke.points]
  if (stroke.kind === 'ellipse') {
    const { a, b, angle, centre } = stroke
    const wide = Math.hypot(a * Math.cos(angle), b * Math.sin(angle))
    const high = Math.hypot(a * Math.sin(angle), b * Math.cos(angle))
    return [
      [centre[0] - wide, centre[1] - high],
      [centre[0] + wide, centre[1] + high],
    ]
  }
  const { points, tangents } = stroke
  return points.flatMap((from, at) => {
    const next = (at + 1) % points.length
    const to = points[next] ?? from
    const first = handle(from, tangents[at] ?? [0, 0], 1)
    const second = handle(to, tangents[next] ?? [0, 0], -1)
    return [0, 0.25, 0.5, 0.75].map(
      (t): Point => [cubic(t, from[0], first[0], second[0], to[0]), cubic(t, from[1], first[1], second[1], to[1])],
    )
  })
}

/**
 * Fits the strokes to a square, each axis by itself. Seals that fill their square differ more at a glance than seals
 * of which some are slim, and a squeezed guilloche is a guilloche.
 */
export const fitFrame = (strokes: readonly Stroke[], size: number, margin: number): Frame => {
  const points = strokes.flatMap(reach)
  const axis = (at: 0 | 1): readonly [scale: number, shift: number] => {
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (const point of points) {
      least = Math.min(least, point[at])
      most = Math.max(most, point[at])
    }
    const scale = (size - 2 * margin) / (most - least)
    return [scale, size / 2 - (scale * (least + most)) / 2]
  }
  const [x, y] = [axis(0), axis(1)]
  return { scale: [x[0], y[0]], shift: [x[1], y[1]] }
}
