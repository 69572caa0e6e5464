import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running PostgreSQL writes into its data folder (`postmaster.pid`). */
export interface Postmaster {
  pid: number
  port: number
  socketFolder: string
  isReady: boolean
}

const FILE = 'postmaster.pid'

/** Lines: pid, data folder, start time, port, socket folder, listen address, shared memory key, status. */
export const parsePostmasterFile = (text: string): Postmaster | null => {
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3] ?? 0), socketFolder: lines[4] ?? '', isReady: lines[7] === 'ready' }
}

export const readPostmaster = (dataDir: string): Postmaster | null => {
  try {
    return parsePostmasterFile(readFileSync(join(dataDir, FILE), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const commandLine = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // No /proc (macOS), or no such process: `ps` tells which.
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return ''
  }
}

/** False when the process is gone or its number belongs to another program by now. */
export const isServing = (pid: number, dataDir: string): boolean => commandLine(pid).includes(dataDir)

/**
 * Lets a new server start beside a file whose process number belongs to another program.
 *
 * PostgreSQL takes the number of its own parent, that is ours, for a left-over, but still reads the file's shared
 * memory key and refuses to start while backends of the dead server live. Deleting the file would lose that check.
 */
export const disownPostmasterFile = (dataDir: string): void => {
  const file = join(dataDir, FILE)
  const [, ...rest] = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, [String(process.pid), ...rest].join('\n'))
}
