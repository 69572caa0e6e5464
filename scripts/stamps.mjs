import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Remembers the hash of a step's inputs, so that a step is done again only when they changed. */

const STAMPS = '.portico/cache/stamps.json'

const read = () => {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'))
  } catch {
    return {}
  }
}

const isSource = (name) => !/\.test\.tsx?$/.test(name)

const filesUnder = (path) => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  if (stat.isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || isSource(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
}

/** Hash of names and contents of files and folders, tests left out; paths that do not exist count as absent. */
export const hashOf = (paths, more = []) => {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesUnder).sort())
    hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  for (const value of more) hash.update(value).update('\0')
  return hash.digest('hex')
}

/** True when the step was done for these very inputs and what it made is still there. */
export const isDone = (step, hash, outputs) => read()[step] === hash && outputs.every((path) => existsSync(path))

export const markDone = (step, hash) => {
  mkdirSync(dirname(STAMPS), { recursive: true })
  writeFileSync(STAMPS, `${JSON.stringify({ ...read(), [step]: hash }, null, 2)}\n`)
}
