import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, parse } from 'node:path'

/** The account that PostgreSQL runs under. It refuses to run as root. */
export interface OrdinaryUser {
  name: string
  uid: number
  gid: number
}

export const weAreRoot = (): boolean => process.getuid?.() === 0

const lookUp = (name: string): OrdinaryUser | null => {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }).trim())
    return { name, uid: id('-u'), gid: id('-g') }
  } catch {
    return null
  }
}

const create = (name: string): OrdinaryUser | null => {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]],
    ['adduser', ['-S', '-D', '-H', name]],
  ]
  for (const [program, args] of ways) {
    try {
      execFileSync(program, args, { stdio: 'ignore' })
      return lookUp(name)
    } catch {
      // The next way; the caller has an answer for none.
    }
  }
  return null
}

/** The user we are; for root `postgres` (made where it is missing), at last `nobody`. */
export const chooseOrdinaryUser = (log: (line: string) => void): OrdinaryUser => {
  if (!weAreRoot()) {
    const { username, uid, gid } = userInfo()
    return { name: username, uid, gid }
  }
  const existing = lookUp('postgres')
  if (existing) return existing
  const created = create('postgres')
  if (created) {
    log('made the system user "postgres": PostgreSQL does not run as root')
    return created
  }
  const nobody = lookUp('nobody')
  if (!nobody)
    throw new Error(
      'PostgreSQL does not run as root and no user "postgres" could be made: run Portico as an ordinary user',
    )
  log('PostgreSQL runs as "nobody": it does not run as root, and no user "postgres" could be made')
  return nobody
}

/** The first folder above the absolute `path` that does not let the user through; null when all do. */
export const firstClosedFolder = (path: string, { uid, gid }: { uid: number; gid: number }): string | null => {
  const { root } = parse(path)
  const above: string[] = []
  for (let folder = dirname(path); folder !== root; folder = dirname(folder)) above.unshift(folder)
  for (const folder of above) {
    const stat = statSync(folder, { throwIfNoEntry: false })
    if (!stat) continue // not made yet: we shall make it, open to pass through
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
    if ((stat.mode & bit) === 0) return folder
  }
  return null
}
