import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { sealMark } from '#core/themes/index.ts'
import { MAX_PICTURE_BYTES, reencodeImage } from './reencode-image.ts'
import { sealPng } from './seal-png.ts'

const SECRET = 'GPS-48.8584N'
const picture = (width = 40, height = 20) =>
  sharp({ create: { width, height, channels: 4, background: { r: 200, g: 30, b: 60, alpha: 0.5 } } })

/** An ICO of one entry round the bytes of a PNG or a bitmap. */
const icon = (image: Uint8Array, width: number, depth = 32): Buffer => {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  head.writeUInt8(width, 6)
  head.writeUInt8(width, 7)
  head.writeUInt16LE(depth, 12)
  head.writeUInt32LE(image.length, 14)
  head.writeUInt32LE(22, 18)
  return Buffer.concat([head, image])
}

/** A bitmap as icons hold it: 2 × 2, rows from the bottom, then the mask. */
const bitmap = (depth: number, palette: number[], rows: number[], mask: number[]): Buffer => {
  const head = Buffer.alloc(40)
  head.writeUInt32LE(40, 0)
  head.writeInt32LE(2, 4)
  head.writeInt32LE(4, 8)
  head.writeUInt16LE(1, 12)
  head.writeUInt16LE(depth, 14)
  return Buffer.concat([head, Buffer.from(palette), Buffer.from(rows), Buffer.from(mask)])
}

const accepted = async (bytes: Uint8Array) => {
  const result = await reencodeImage(bytes)
  assert.ok(result.ok, JSON.stringify(result))
  return result.picture
}
const refusal = async (bytes: Uint8Array): Promise<string> => {
  const result = await reencodeImage(bytes)
  assert.ok(!result.ok)
  assert.ok(result.reason.length > 10)
  return result.refusal
}
const pixelsOf = async (bytes: Uint8Array): Promise<number[]> => [
  ...(await sharp(bytes).ensureAlpha().raw().toBuffer()),
]

describe('a logo on its way in', () => {
  it('comes out in its own kind: PNG, JPEG and WebP; GIF and ICO become PNG', async () => {
    const kinds = [
      [await picture().png().toBuffer(), 'image/png'],
      [await picture().jpeg().toBuffer(), 'image/jpeg'],
      [await picture().webp().toBuffer(), 'image/webp'],
      [await picture().gif().toBuffer(), 'image/png'],
      [icon(await picture(32, 32).png().toBuffer(), 32), 'image/png'],
    ] as const
    for (const [bytes, contentType] of kinds) assert.equal((await accepted(bytes)).contentType, contentType)
  })

  it('loses its metadata, and whatever was appended', async () => {
    const tagged = await picture()
      .jpeg()
      .withExif({ IFD0: { Copyright: SECRET } })
      .toBuffer()
    assert.ok(tagged.includes(SECRET))
    const polyglot = Buffer.concat([tagged, Buffer.from('<script>alert(1)</script>PK\u0003\u0004')])
    const { bytes } = await accepted(polyglot)
    assert.ok(!Buffer.from(bytes).includes(SECRET))
    assert.ok(!Buffer.from(bytes).includes('script'))
    assert.equal((await sharp(bytes).metadata()).exif, undefined)
  })

  it('stands upright, as its metadata said before it went', async () => {
    const lying = await picture(40, 20)
      .jpeg()
      .withExif({ IFD0: { Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    const { width, height } = await accepted(lying)
    assert.deepEqual([width, height], [20, 40])
  })

  it('is at most 2000 pixels on a side, in proportion', async () => {
    const { width, height } = await accepted(await picture(4000, 1000).png().toBuffer())
    assert.deepEqual([width, height], [2000, 500])
  })

  it('is named by its bytes, and the same picture has the same name', async () => {
    const [one, two] = [
      await accepted(await picture().png().toBuffer()),
      await accepted(await picture().png().toBuffer()),
    ]
    assert.match(one.hash, /^[0-9a-f]{64}$/)
    assert.equal(one.hash, two.hash)
  })

  it('shows the first frame of an animation', async () => {
    const frames = await sharp([await picture(8, 8).png().toBuffer(), await picture(8, 8).negate().png().toBuffer()], {
      join: { animated: true },
    })
      .gif()
      .toBuffer()
    assert.equal((await accepted(frames)).height, 8)
  })
})

describe('a logo that is refused', () => {
  it('is SVG, whatever it calls itself', async () => {
    for (const svg of [
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
      `\ufeff  <!-- -->\n<SVG/>`,
    ])
      assert.equal(await refusal(Buffer.from(svg)), 'svg')
  })

  it('is of a kind nobody asked for: PDF, TIFF, BMP, HTML, nothing', async () => {
    const tiff = await picture().tiff().toBuffer()
    const others = ['%PDF-1.7', 'BM000000', '<html>', 'GIF', ''].map((text) => Buffer.from(text))
    for (const bytes of [tiff, ...others]) assert.equal(await refusal(bytes), 'unknown-format')
  })

  it('is damaged or cut off', async () => {
    const whole = await picture(400, 400).png().toBuffer()
    assert.equal(await refusal(whole.subarray(0, whole.length - 40)), 'unreadable')
    assert.equal(await refusal(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])), 'unreadable')
    assert.equal(await refusal(Buffer.from([0, 0, 1, 0, 1, 0])), 'unreadable')
  })

  it('is a bomb: few bytes that claim four thousand million pixels', async () => {
    const bomb = await picture().png().toBuffer()
    bomb.writeUInt32BE(65_535, 16)
    bomb.writeUInt32BE(65_535, 20)
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29)
    assert.equal(await refusal(bomb), 'too-many-pixels')
  })

  it('has too many bytes', async () => {
    assert.equal(await refusal(Buffer.alloc(MAX_PICTURE_BYTES + 1)), 'too-large')
  })
})

describe('a Windows icon', () => {
  const mask = [0x80, 0, 0, 0, 0, 0, 0, 0]

  it('is read at 24 bits with its mask', async () => {
    // Bottom row first: (0,1) is blue and masked out, (1,1) green; above red and white.
    const rows = [255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0]
    const { bytes } = await accepted(icon(bitmap(24, [], rows, mask), 2, 24))
    const pixels = await pixelsOf(bytes)
    assert.deepEqual(pixels.slice(0, 8), [255, 0, 0, 255, 255, 255, 255, 255])
    assert.equal(pixels[11], 0)
    assert.deepEqual(pixels.slice(12), [0, 255, 0, 255])
  })

  it('is read at 32 bits with its alpha, and at 1 bit with its palette', async () => {
    const rows = [0, 0, 255, 128, 0, 0, 255, 255, 0, 255, 0, 255, 255, 0, 0, 255]
    const deep = await pixelsOf((await accepted(icon(bitmap(32, [], rows, mask), 2))).bytes)
    assert.deepEqual(deep.slice(0, 4), [0, 255, 0, 255])
    assert.equal(deep[11], 128)
    const flat = bitmap(1, [0, 0, 0, 0, 255, 255, 255, 0], [0x40, 0, 0, 0, 0x80, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0])
    assert.deepEqual(
      await pixelsOf((await accepted(icon(flat, 2, 1))).bytes),
      [255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 255],
    )
  })

  it('that lies about its sizes is refused and reads nothing outside itself', async () => {
    const honest = icon(bitmap(24, [], [255, 0, 0, 0, 255, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0], mask), 2, 24)
    for (const [at, value] of [
      [14, 0xffffffff],
      [18, 0xffffffff],
      [26, 0x7fffffff],
      [30, 0x7ffffffe],
      [38, 3],
    ] as const) {
      const lying = Buffer.from(honest)
      lying.writeUInt32LE(value, at)
      assert.equal(await refusal(lying), 'unreadable')
    }
  })
})

describe('any bytes at all', () => {
  it('are answered, not thrown at: three hundred damaged pictures', async () => {
    const wholes = [
      await picture().png().toBuffer(),
      await picture().jpeg().toBuffer(),
      await picture().webp().toBuffer(),
      await picture().gif().toBuffer(),
      icon(await picture(32, 32).png().toBuffer(), 32),
    ]
    let state = 7
    const next = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state % below
    }
    for (let at = 0; at < 300; at++) {
      const bytes = Buffer.from(wholes[at % wholes.length] ?? [])
      for (let edits = 1 + next(8); edits > 0; edits--) bytes[next(bytes.length)] = next(256)
      const result = await reencodeImage(bytes)
      if (result.ok) assert.ok(result.picture.width <= 2000 && result.picture.height <= 2000)
    }
  })
})

describe('a seal for a mail', () => {
  it('is a small transparent PNG in the pool’s colour', async () => {
    const png = await sealPng(sealMark('eu-local-1_AbCdEfGhI', { color: '#12375a' }), 96)
    const { format, width, height, hasAlpha } = await sharp(png).metadata()
    assert.deepEqual([format, width, height, hasAlpha], ['png', 96, 96, true])
    assert.ok(png.length < 6000, `${png.length} bytes`)
    assert.equal((await sharp(png).stats()).channels[3]?.min, 0)
  })
})
