import { type Frame, handle, type Point, type Stroke } from './stroke.ts'

const tenth = (value: number): number => Math.round(value * 10) / 10

/** `0.5` → `.5`, `-0` → `0`. */
const short = (value: number): string => String(value === 0 ? 0 : value).replace(/^(-?)0\./, '$1.')

/** Numbers side by side: a minus sign separates by itself. */
const join = (values: readonly number[]): string =>
  values.map((value, at) => (at > 0 && value >= 0 ? ' ' : '') + short(tenth(value))).join('')

/** Axes and angle of an ellipse after each axis of the page was scaled: singular values of a 2 × 2 matrix. */
const scaledEllipse = (a: number, b: number, angle: number, [sx, sy]: Point) => {
  const [m00, m01] = [sx * a * Math.cos(angle), -sx * b * Math.sin(angle)]
  const [m10, m11] = [sy * a * Math.sin(angle), sy * b * Math.cos(angle)]
  const [e, f, g, h] = [(m00 + m11) / 2, (m00 - m11) / 2, (m10 + m01) / 2, (m10 - m01) / 2]
  const [q, r] = [Math.hypot(e, h), Math.hypot(f, g)]
  return { rx: q + r, ry: Math.abs(q - r), turn: (Math.atan2(h, e) + Math.atan2(g, f)) / 2 }
}

const TIGHT = 0.97

/** Path data of strokes in their frame, relative, points rounded to a tenth without letting the rounding add up. */
export const pathText = (strokes: readonly Stroke[], { scale, shift }: Frame): string => {
  const place = ([x, y]: Point): Point => [tenth(x * scale[0] + shift[0]), tenth(y * scale[1] + shift[1])]
  const between = (from: Point, to: Point): [number, number] => [to[0] - from[0], to[1] - from[1]]

  const segments = (points: readonly Point[], closed: boolean): string => {
    const placed = points.map(place)
    const steps = placed.slice(1).flatMap((point, at) => between(placed[at] ?? point, point))
    return `M${join(placed[0] ?? [0, 0])}l${join(steps)}${closed ? 'z' : ''}`
  }

  const curve = (points: readonly Point[], tangents: readonly Point[]): string => {
    let text = `M${join(place(points[0] ?? [0, 0]))}`
    for (const [at, from] of points.entries()) {
      const next = (at + 1) % points.length
      const to = points[next] ?? from
      const origin = place(from)
      const second = place(handle(to, tangents[next] ?? [0, 0], -1))
      // Equal steps make every first handle the mirror of the last second one, which is what `s` means.
      const first = at === 0 ? between(origin, place(handle(from, tangents[at] ?? [0, 0], 1))) : []
      const values = join([...first, ...between(origin, second), ...between(origin, place(to))])
      text +=
        at === 0 ? `c${values}` : at === 1 || !values.startsWith('-') ? `${at === 1 ? 's' : ' '}${values}` : values
    }
    return text
  }

  const ellipse = (centre: Point, a: number, b: number, angle: number): string => {
    const { rx, ry, turn } = scaledEllipse(a, b, angle, scale)
    const [x, y] = [centre[0] * scale[0] + shift[0], centre[1] * scale[1] + shift[1]]
    const [dx, dy] = [tenth(2 * rx * Math.cos(turn)), tenth(2 * rx * Math.sin(turn))]
    const degrees = (turn * 180) / Math.PI
    // Radii a little too small for their chord are scaled up until they fit (SVG 2 §9.5.1), which puts the centre on the
    // chord exactly; a chord that rounding made too short would push the whole ellipse sideways.
    const [tightX, tightY] = [rx * TIGHT, ry * TIGHT]
    const half = (sign: 1 | -1): string => join([tightX, tightY, degrees, 1, 0, sign * dx, sign * dy])
    return `M${join([x - dx / 2, y - dy / 2])}a${half(1)} ${half(-1)}`
  }

  return strokes
    .map((stroke) =>
      stroke.kind === 'segments'
        ? segments(stroke.points, stroke.closed)
        : stroke.kind === 'curve'
          ? curve(stroke.points, stroke.tangents)
          : ellipse(stroke.centre, stroke.a, stroke.b, stroke.angle),
    )
    .join('')
}
