import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'

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

/** A row of the look: settings as stored, not yet parsed; CSS as given and as compiled. */
export interface ThemeRow {
  settings: unknown
  cssSource: string | null
  css: string | null
}

/** A look on its way in, with the pictures it names. */
export interface KeptTheme {
  settings: object
  cssSource: string | null
  css: string | null
  images: readonly EncodedPicture[]
}

/** Looks of pools (client "") and of their clients. */
export interface ThemeStore {
  find(poolId: string, clientId: string): Promise<ThemeRow | null>
  image(poolId: string, hash: string): Promise<{ contentType: string; bytes: Buffer } | null>
  /** Replaces a look, keeps its pictures and bumps the pool's version, in one transaction. Fails with `pool-unknown`. */
  put(poolId: string, clientId: string, theme: KeptTheme, at: Date, alongside: Alongside): Promise<Result<void>>
}
