import type { LoadedTheme } from '../themes/index.ts'
import type { PictureResult } from '../themes/ports.ts'
import type { SecretSource } from './configuration-file.ts'

/** What a configuration file refers to. Null: it is not there, or cannot be read. */
export interface Materials {
  /** The secret itself, from a variable or a file. */
  secret(source: SecretSource): Promise<string | null>
  /** A file's text. */
  text(file: string): Promise<string | null>
  /** Decoded and encoded anew, or why not. */
  picture(file: string): Promise<PictureResult | null>
  /** Themes that ship with the installation, by name. */
  shippedThemes(): Promise<ReadonlyMap<string, LoadedTheme>>
}
