import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import type { EncodedPicture, PictureRefusal, PictureResult } from '#core/themes/ports.ts'
import { pictureFormat } from './picture-format.ts'
import { readIco } from './read-ico.ts'

/** Longest side of what is kept, pixels. */
const MAX_SIDE = 2000
/** Of what is decoded: a picture of a few bytes can claim to be enormous. */
const MAX_INPUT_PIXELS = 40_000_000
/** Of what is sent in. Cognito takes 100 KB; managed login 2 MB. */
export const MAX_PICTURE_BYTES = 2 * 1024 * 1024

// One picture at a time and nothing remembered: uploads are rare, and their pixels are nobody else's business.
sharp.cache(false)

const refuse = (refusal: PictureRefusal, reason: string, suggestion: string | null = null): PictureResult => ({
  ok: false,
  refusal,
  reason,
  suggestion,
})

const RASTERS = 'export the picture as PNG, JPEG or WebP'

/** Animations show their first frame; anything damaged is refused rather than guessed at. */
const open = (bytes: Uint8Array): Sharp =>
  sharp(bytes, { limitInputPixels: MAX_INPUT_PIXELS, failOn: 'warning', pages: 1 })

const encode = async (image: Sharp, as: 'png' | 'jpeg' | 'webp'): Promise<EncodedPicture> => {
  const bounded = image
    .autoOrient()
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
  // Without `keepMetadata` nothing of EXIF, XMP, IPTC or colour profiles is written.
  const encoded =
    as === 'jpeg'
      ? bounded.jpeg({ quality: 88, mozjpeg: true })
      : as === 'webp'
        ? bounded.webp({ quality: 90 })
        : bounded.png({ compressionLevel: 9 })
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
  return {
    bytes: data,
    contentType: `image/${as}`,
    width: info.width,
    height: info.height,
    hash: createHash('sha256').update(data).digest('hex'),
  }
}

/**
 * Takes PNG, JPEG, WebP, GIF and ICO by their content and gives back PNG, JPEG or WebP made from the pixels alone: no
 * metadata, no trailing bytes, no second format hidden in the first, at most 2000 × 2000. The same picture gives the
 * same bytes with the same library.
 *
 * SVG is refused: it is a document with scripts and references, not a picture.
 *
 * @param maxBytes of the input and, since encoding can make a picture larger, of the output
 */
export const reencodeImage = async (bytes: Uint8Array, maxBytes = MAX_PICTURE_BYTES): Promise<PictureResult> => {
  if (bytes.length > maxBytes) {
    return refuse('too-large', `the picture has ${bytes.length} bytes; ${maxBytes} are the most`, 'make it smaller')
  }
  const format = pictureFormat(bytes)
  if (format === null) return refuse('unknown-format', 'this is no PNG, JPEG, WebP, GIF or ICO', RASTERS)
  if (format === 'svg') return refuse('svg', 'SVG can carry scripts and load from elsewhere', RASTERS)
  try {
    let image: Sharp
    if (format === 'ico') {
      const icon = readIco(bytes)
      if (icon === null) return refuse('unreadable', 'the icon holds no picture that can be read', RASTERS)
      image =
        icon.kind === 'png'
          ? open(icon.bytes)
          : sharp(icon.bytes, { raw: { width: icon.width, height: icon.height, channels: 4 } })
    } else image = open(bytes)
    const picture = await encode(image, format === 'jpeg' || format === 'webp' ? format : 'png')
    return picture.bytes.length > maxBytes
      ? refuse('too-large', `encoded, the picture has ${picture.bytes.length} bytes`, 'use fewer pixels, or JPEG')
      : { ok: true, picture }
  } catch (error) {
    // The library reports damage and excess alike as an error with an English text.
    return /pixel limit/i.test(String(error))
      ? refuse('too-many-pixels', `the picture has more than ${MAX_INPUT_PIXELS} pixels`, 'make it smaller')
      : refuse('unreadable', 'the picture is damaged or is not what it says', 'export it again')
  }
}
