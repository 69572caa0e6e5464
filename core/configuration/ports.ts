import type { EncodedPicture, PictureResult } from '../themes/ports.ts'
import type { SecretSource } from './configuration-file.ts'

/** What a configuration file refers to. Null: it is not there, or cannot be read. */
export interface Materials {
  secret(source: SecretSource): Promise<string | null>
  text(file: string): Promise<string | null>
  /** Decoded and encoded anew, or why not. */
  picture(file: string): Promise<PictureResult | null>
  /** Whether a theme of this name ships with the installation. */
  hasTheme(name: string): Promise<boolean>
}

/** Looks of pools (clientId "") and clients, as they are kept. */
export interface ThemeKeeper {
  find(poolId: string, clientId: string): Promise<{ settings: unknown; cssSource: string | null } | null>
  put(
    poolId: string,
    clientId: string,
    theme: { settings: object; cssSource: string | null; css: string | null },
    at: Date,
  ): Promise<void>
  putImage(poolId: string, image: EncodedPicture): Promise<void>
}
