import type { SecretSource } from './configuration-file.ts'

/** What a configuration file refers to. Null: it is not there, or cannot be read. */
export interface Materials {
  secret(source: SecretSource): Promise<string | null>
  text(file: string): Promise<string | null>
  /** Decoded and encoded anew; null also when it is no image we take. */
  image(file: string): Promise<EncodedImage | null>
  /** Whether a theme of this name ships with the installation. */
  hasTheme(name: string): Promise<boolean>
}

export interface EncodedImage {
  /** SHA-256 of the bytes, hex. */
  hash: string
  contentType: string
  bytes: Uint8Array
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
  putImage(poolId: string, image: EncodedImage): Promise<void>
}
