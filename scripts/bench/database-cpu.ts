import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks per second of `/proc`; fixed at 100 for programs on Linux. */
const TICKS_PER_SECOND = 100

/** Fields of `/proc/{pid}/stat` behind the name in brackets, which may hold blanks itself; null when the process is gone. */
const statOf = (pid: string): string[] | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

const PARENT = 1
const USER = 11
const SYSTEM = 12
const CHILDREN_USER = 13
const CHILDREN_SYSTEM = 14

/**
 * CPU milliseconds of a PostgreSQL server so far: postmaster, its processes, and those it has buried. Null where there is
 * no `/proc`.
 */
export const databaseCpuMs = (postmaster: number): number | null => {
  const main = statOf(String(postmaster))
  if (main === null) return null
  const sum = (stat: string[], fields: readonly number[]) =>
    fields.reduce((ticks, field) => ticks + Number(stat[field]), 0)
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat !== null && stat[PARENT] === String(postmaster))
    .reduce(
      (total, stat) => total + sum(stat ?? [], [USER, SYSTEM]),
      sum(main, [USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM]),
    )
  return (ticks * 1000) / TICKS_PER_SECOND
}
