import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { sealFigure, sealMark } from './seal.ts'

const pools = Array.from({ length: 160 }, (_, at) => `eu-local-1_${String(at).padStart(9, 'q')}`)
const strokes = (svg: string): number => svg.match(/M/g)?.length ?? 0
const weight = (svg: string): number => brotliCompressSync(svg).length

describe('the seal of a pool', () => {
  it('is drawn from the id alone: the same bytes every time, other bytes for another pool', () => {
    assert.equal(sealFigure('eu-local-1_AbCdEfGhI'), sealFigure('eu-local-1_AbCdEfGhI'))
    assert.notEqual(sealFigure('eu-local-1_AbCdEfGhI'), sealFigure('eu-local-1_AbCdEfGhJ'))
    assert.equal(new Set(pools.map(sealFigure)).size, pools.length)
  })

  it('fits the page: at most 2 KB for the figure and 0.5 KB for the mark, compressed', () => {
    assert.ok(Math.max(...pools.map((pool) => weight(sealFigure(pool)))) <= 2048)
    assert.ok(Math.max(...pools.map((pool) => weight(sealMark(pool)))) <= 512)
  })

  it('is dense as a figure, at least 12 lines, and sparse as a mark', () => {
    for (const pool of pools) {
      assert.ok(strokes(sealFigure(pool)) >= 12, pool)
      assert.ok(strokes(sealMark(pool)) < strokes(sealFigure(pool)), pool)
    }
  })

  it('is one path of lines without fill, in the colour around it, and nothing active', () => {
    for (const pool of pools.slice(0, 200)) {
      for (const svg of [sealFigure(pool), sealMark(pool)]) {
        assert.match(
          svg,
          /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (?:240 240|36 36)"><path fill="none" stroke="currentColor" stroke-width="[\d.]+"(?: stroke-linejoin="round")? d="[MSCLAZsclaz\d .-]+"\/><\/svg>$/,
        )
        assert.doesNotMatch(svg, /NaN|Infinity|\d\.\d\d/)
      }
    }
  })

  it('takes any text for an id', () => {
    for (const odd of ['', '"/><script>', 'ü'.repeat(1000)])
      assert.match(sealMark(odd), /^<svg [^<]+<path [^<]+\/><\/svg>$/)
  })

  it('is coloured where nothing surrounds it, and only with a colour', () => {
    assert.match(sealMark('x', { color: '#12375a' }), /stroke="#12375a"/)
    assert.throws(() => sealMark('x', { color: '"><script>' }), TypeError)
  })
})
