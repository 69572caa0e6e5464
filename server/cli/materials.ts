import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Materials } from '#core/configuration/index.ts'

/** A variable of the environment. */
export type Variables = (name: string) => string | undefined

/** What a configuration file refers to, found beside it. Null for what is not there; the reason is not for the file's reader. */
export const materialsBeside =
  (variable: Variables) =>
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
      // Loaded when there is a picture: most files have none.
      async picture(name) {
        const bytes = await read(name)
        if (bytes === null) return null
        const { reencodeImage } = await import('#adapters/images/reencode-image.ts')
        return reencodeImage(bytes)
      },
      shippedThemes: async () => (await import('../theme-library.ts')).loadShippedThemes(),
    }
  }
