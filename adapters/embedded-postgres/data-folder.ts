import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { completeBinaries, copyBinaries, findBinaries, programIn } from './binaries.ts'
import { chooseOrdinaryUser, firstClosedFolder, weAreRoot } from './ordinary-user.ts'

type Log = (line: string) => void

/** Where data goes when root starts us from a folder that is closed to everyone else, such as /root. */
const OPEN_FOLDER = '/var/lib/portico'

/** The one database superuser and the one database. */
export const PG_USER = 'portico'

/** A `sockaddr_un` holds 108 bytes on Linux and 104 elsewhere, a final zero included. */
const LONGEST_SOCKET_PATH = platform() === 'linux' ? 107 : 103
export const PG_PORT = 5432
const SOCKET_NAME = `/.s.PGSQL.${PG_PORT}`

/** Nothing of ours: no variable of the operator's changes how the server behaves. */
export const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' } as unknown as NodeJS.ProcessEnv // Next's types demand NODE_ENV

export interface Cluster {
  dataDir: string
  postgres: string
  socketFolder: string
  /** Set when we are root: the account to become. */
  identity: { uid: number; gid: number } | Record<string, never>
}

/** What initialisations left that were killed half-way; the number in the name is their process. */
const removeUnfinished = (dataDir: string): void => {
  const prefix = `${basename(dataDir)}.new-`
  for (const name of readdirSync(dirname(dataDir)).filter((entry) => entry.startsWith(prefix))) {
    try {
      process.kill(Number(name.slice(prefix.length)), 0)
    } catch {
      rmSync(join(dirname(dataDir), name), { recursive: true, force: true })
    }
  }
}

const initialise = (
  dataDir: string,
  home: string,
  log: Log,
  user: { name: string; uid: number; gid: number },
): void => {
  log(`making a new database in ${dataDir}`)
  // Made aside and renamed: an initialisation that was interrupted never passes for a database.
  removeUnfinished(dataDir)
  const aside = `${dataDir}.new-${process.pid}`
  rmSync(aside, { recursive: true, force: true })
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  const identity = weAreRoot() ? { uid: user.uid, gid: user.gid } : {}
  if (weAreRoot()) chownSync(aside, user.uid, user.gid)
  try {
    execFileSync(
      programIn(home, 'initdb'),
      [
        ...['-D', aside, '-U', PG_USER, '-A', 'peer', '-E', 'UTF8', '--no-instructions'],
        // The same order of text on every machine, whatever its C library.
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ],
      { ...identity, cwd: '/', stdio: 'pipe', env: ENVIRONMENT },
    )
    // The system's account answers for the person: whoever may open the socket must also be one of these.
    writeFileSync(join(aside, 'pg_hba.conf'), 'local all all peer map=portico\n')
    const names = new Set([user.name, 'root'])
    writeFileSync(join(aside, 'pg_ident.conf'), [...names].map((name) => `portico "${name}" ${PG_USER}\n`).join(''))
    renameSync(aside, dataDir)
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    if (existsSync(join(dataDir, 'PG_VERSION'))) return // another process was quicker
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim() || String(error)
    throw new Error(`PostgreSQL could not make its data folder ${dataDir}: ${said}`, { cause: error })
  }
}

/** A folder of ours alone under the temporary folder, for sockets whose own path would be too long. */
const shortSocketFolder = (dataDir: string, uid: number, gid: number): string => {
  const name = `portico-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`
  const parent = Buffer.byteLength(join(tmpdir(), name) + SOCKET_NAME) <= LONGEST_SOCKET_PATH ? tmpdir() : '/tmp'
  const folder = join(parent, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (weAreRoot() && lstatSync(folder).uid === 0) chownSync(folder, uid, gid)
  // Anyone can make a folder in /tmp: one that is not ours would let its owner play our database.
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== uid)
    throw new Error(`${folder} exists and belongs to someone else: remove it`)
  chmodSync(folder, 0o700)
  return folder
}

export const socketFolderFor = (dataDir: string, uid: number, gid: number, log: Log): string => {
  if (Buffer.byteLength(dataDir + SOCKET_NAME) <= LONGEST_SOCKET_PATH) return dataDir
  const folder = shortSocketFolder(dataDir, uid, gid)
  log(`the path of ${dataDir} is too long for a socket: the socket is in ${folder}`)
  return folder
}

/** Data files of another major version cannot be opened; PostgreSQL would only say so in its log. */
const refuseOtherMajor = (dataDir: string, version: string): void => {
  const found = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()
  const ours = String(Number.parseInt(version, 10))
  if (found !== ours)
    throw new Error(
      `${dataDir} was made by PostgreSQL ${found} and this build brings ${ours}: ` +
        'dump it with the build that made it (pg_dump), move the folder away, and restore into the new one',
    )
}

/**
 * Makes everything ready for a start: programs complete and within reach, the database initialised and owned by an
 * ordinary user. Quick when all of it is there.
 */
export const prepareCluster = (folder: string, log: Log): Cluster => {
  const wanted = resolve(folder)
  const binaries = findBinaries()
  completeBinaries(binaries.home)
  mkdirSync(dirname(wanted), { recursive: true })

  if (!existsSync(wanted)) {
    const user = chooseOrdinaryUser(log)
    const closed = weAreRoot() ? firstClosedFolder(wanted, user) : null
    if (closed) {
      const elsewhere = join(OPEN_FOLDER, `pg-${randomBytes(4).toString('hex')}`)
      log(`${closed} is closed to the user "${user.name}", which PostgreSQL runs as: its data is in ${elsewhere}`)
      mkdirSync(OPEN_FOLDER, { recursive: true, mode: 0o755 })
      initialise(elsewhere, reachable(binaries, user), log, user)
      symlinkSync(elsewhere, wanted)
    } else {
      initialise(wanted, reachable(binaries, user), log, user)
    }
  }

  const dataDir = realpathSync(wanted)
  refuseOtherMajor(dataDir, binaries.version)
  const owner = statSync(dataDir)
  const closed = weAreRoot() ? firstClosedFolder(join(dataDir, 'base'), owner) : null
  if (closed)
    throw new Error(
      `PostgreSQL cannot reach its data: ${closed} is closed to the owner of ${dataDir} (chmod o+x ${closed})`,
    )
  return {
    dataDir,
    postgres: programIn(reachable(binaries, owner), 'postgres'),
    socketFolder: socketFolderFor(dataDir, owner.uid, owner.gid, log),
    identity: weAreRoot() ? { uid: owner.uid, gid: owner.gid } : {},
  }
}

const reachable = (binaries: ReturnType<typeof findBinaries>, user: { uid: number; gid: number }): string => {
  if (!weAreRoot() || firstClosedFolder(programIn(binaries.home, 'postgres'), user) === null) return binaries.home
  mkdirSync(OPEN_FOLDER, { recursive: true, mode: 0o755 })
  return copyBinaries(binaries, OPEN_FOLDER)
}
