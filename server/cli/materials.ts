import { access, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { EncodedImage, Materials } from '#core/configuration/index.ts'

const THEMES = join(import.meta.dirname, '../../themes')

export interface MaterialSources {
  /** A variable of the environment. */
  variable(name: string): string | undefined
  encodeImage(bytes: Uint8Array): Promise<EncodedImage | null>
}

/** What a configuration file refers to, found beside it. Null for what is not there; the reason is not for the file's reader. */
export const materialsBeside =
  ({ variable, encodeImage }: MaterialSources) =>
  (file: string): Materials => {
    const folder = dirname(resolve(file))
    const read = (name: string): Promise<Buffer | null> => readFile(resolve(folder, name)).catch(() => null)
    return {
      async secret({ env, file: name }) {
        const value =
          env !== undefined
            ? variable(env)
            : name !== undefined
              ? (await read(name))?.toString('utf8').trim()
              : undefined
        return value === undefined || value === '' ? null : value
      },
      text: async (name) => (await read(name))?.toString('utf8') ?? null,
      async image(name) {
        const bytes = await read(name)
        return bytes === null ? null : encodeImage(bytes)
      },
      hasTheme: (name) =>
        access(join(THEMES, name, 'theme.json')).then(
          () => true,
          () => false,
        ),
    }
  }
