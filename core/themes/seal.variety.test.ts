/**
 * No two pools may look alike before anyone configures anything: people recognise their page by its seal, so a seal
 * that resembles another one helps a phisher. Two hundred pools, every pair, rendered as the pages render them.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { sealFigure, sealMark } from './seal.ts'

const POOLS = 200
const LEAST_DISTANCE = 10
const seeds = Array.from({ length: POOLS }, (_, at) => `eu-local-1_${String(at).padStart(9, 'Pool00000')}`)

const COSINES = Array.from({ length: 8 }, (_, u) =>
  Array.from({ length: 32 }, (_, x) => Math.cos(((2 * x + 1) * u * Math.PI) / 64)),
)
const sum = (count: number, term: (at: number) => number): number => {
  let total = 0
  for (let at = 0; at < count; at++) total += term(at)
  return total
}

/** 64 bits: which of the 8 × 8 lowest frequencies of the 32 × 32 luminance picture lie above their median. */
const look = async (svg: string, px: number): Promise<bigint> => {
  const units = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1])
  const drawn = await sharp(Buffer.from(svg.replace('currentColor', '#000')), { density: (72 * px) / units })
    .resize(px, px)
    .flatten({ background: '#fff' })
    .png()
    .toBuffer()
  const pixels = await sharp(drawn).greyscale().resize(32, 32).raw().toBuffer()
  const rows = Array.from({ length: 32 }, (_, y) =>
    COSINES.map((cosine) => sum(32, (x) => (pixels[y * 32 + x] ?? 0) * (cosine[x] ?? 0))),
  )
  const frequencies = COSINES.flatMap((cosine) =>
    Array.from({ length: 8 }, (_, u) => sum(32, (y) => (rows[y]?.[u] ?? 0) * (cosine[y] ?? 0))),
  )
  const ordered = frequencies.toSorted((a, b) => a - b)
  const median = ((ordered[31] ?? 0) + (ordered[32] ?? 0)) / 2
  return frequencies.reduce((bits, value, at) => (value > median ? bits | (1n << BigInt(at)) : bits), 0n)
}

const distance = (a: bigint, b: bigint): number => {
  let bits = a ^ b
  let count = 0
  for (; bits > 0n; bits &= bits - 1n) count++
  return count
}

describe('any two of 200 pools', () => {
  for (const [what, draw] of [
    ['marks', sealMark],
    ['figures', sealFigure],
  ] as const) {
    for (const px of [36, 480]) {
      it(`have ${what} that differ at a glance at ${px} px`, async () => {
        const looks: bigint[] = []
        for (const seed of seeds) looks.push(await look(draw(seed), px))
        let nearest = { bits: 64, pair: '' }
        for (let a = 0; a < POOLS; a++) {
          for (let b = a + 1; b < POOLS; b++) {
            const bits = distance(looks[a] ?? 0n, looks[b] ?? 0n)
            if (bits < nearest.bits) nearest = { bits, pair: `${seeds[a]} and ${seeds[b]}` }
          }
        }
        assert.ok(nearest.bits >= LEAST_DISTANCE, `${nearest.pair} differ in ${nearest.bits} of 64 bits`)
      })
    }
  }
})
