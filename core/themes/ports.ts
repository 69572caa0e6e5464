/** A picture somebody uploaded, made anew: what is served has only pixels in common with what came. */
export interface EncodedPicture {
  bytes: Uint8Array
  contentType: 'image/png' | 'image/jpeg' | 'image/webp'
  /** Pixels. */
  width: number
  height: number
  /** SHA-256 of the bytes, hex: the picture's name for ever. */
  hash: string
}

export type PictureRefusal = 'too-large' | 'svg' | 'unknown-format' | 'unreadable' | 'too-many-pixels'

export type PictureResult =
  | { ok: true; picture: EncodedPicture }
  | { ok: false; refusal: PictureRefusal; reason: string; suggestion: string | null }

/** Logos and favicons on their way in. */
export interface PictureEncoder {
  /** Decodes, drops everything but the pixels, bounds the size and encodes again. Never throws for input. */
  encode(bytes: Uint8Array): Promise<PictureResult>
}
