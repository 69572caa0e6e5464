import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { loadBalancerHost, type ProtectedSite } from './load-balancer.ts'
import type { TlsFiles } from './tls-authority.ts'

const run = promisify(execFile)

const BINARIES = [
  '/usr/sbin/apache2',
  '/usr/sbin/httpd',
  '/opt/homebrew/opt/httpd/bin/httpd',
  '/usr/local/opt/httpd/bin/httpd',
]
const MODULE_FOLDERS = [
  '/usr/lib/apache2/modules',
  '/usr/lib64/httpd/modules',
  '/opt/homebrew/lib/httpd/modules',
  '/usr/local/lib/httpd/modules',
  '/usr/libexec/apache2',
]
const ALWAYS = ['mpm_event', 'unixd', 'authn_core', 'authz_core', 'authz_user', 'socache_shmcb', 'ssl']
const BEFORE_A_BACKEND = ['auth_openidc', 'headers', 'proxy', 'proxy_http']

export interface InstalledApache {
  binary: string
  modules: string
}

/** Where Apache and a module of it are; null when either is missing. */
export const findApacheWith = (module: string): InstalledApache | null => {
  const binary = BINARIES.find((path) => existsSync(path))
  const modules = MODULE_FOLDERS.find((folder) => existsSync(join(folder, `mod_${module}.so`)))
  return binary && modules ? { binary, modules } : null
}

/** Where Apache and mod_auth_openidc are; null when either is missing. */
export const findApache = (): InstalledApache | null => findApacheWith('auth_openidc')

export const HOW_TO_INSTALL_APACHE =
  'Apache with mod_auth_openidc is missing: apt-get install apache2 libapache2-mod-auth-openidc'

/** From 2.4.16 the module uses PKCE unless told not to; before, it does not know the word for "not". */
const pkceLineFor = async (modules: string): Promise<string> => {
  const version = /mod_auth_openidc[-/ ](\d+)\.(\d+)\.(\d+)/.exec(
    await readFile(join(modules, 'mod_auth_openidc.so'), 'latin1'),
  )
  const [major = 0, minor = 0, patch = 0] = version?.slice(1).map(Number) ?? []
  return major * 10_000 + minor * 100 + patch >= 20_416 ? 'OIDCPKCEMethod none' : ''
}

/** What every server of these tests is like, whatever it serves. */
const frame = ({ modules }: InstalledApache, folder: string, names: readonly string[], hosts: string): string => {
  const loaded = [...ALWAYS, ...names].filter((name) => existsSync(join(modules, `mod_${name}.so`)))
  return `ServerRoot "${folder}"
ServerName localhost
${loaded.map((name) => `LoadModule ${name}_module "${join(modules, `mod_${name}.so`)}"`).join('\n')}
PidFile "${join(folder, 'apache.pid')}"
DefaultRuntimeDir "${folder}"
ErrorLog "${join(folder, 'error.log')}"
LogLevel info
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
StartServers 1
ServerLimit 2
MinSpareThreads 4
MaxSpareThreads 32
ThreadsPerChild 16
MaxRequestWorkers 32
ThreadLimit 16
Timeout 30
${hosts}`
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

export interface RunningApache {
  /** Everything it has logged; for the report of a failed test. */
  log(): Promise<string>
  stop(): Promise<void>
}

const START_MS = 15_000

/**
 * Runs Apache in the foreground, as an ordinary child, with a configuration and files of its own.
 *
 * @param hosts what it serves, in its own words, for a folder of its own
 */
export const runApache = async (
  installed: InstalledApache,
  { modules, port, hosts }: { modules: readonly string[]; port: number; hosts(folder: string): string },
): Promise<RunningApache> => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-apache-'))
  const file = join(folder, 'apache.conf')
  await writeFile(file, frame(installed, folder, modules, hosts(folder)), { mode: 0o600 })
  const log = () => readFile(join(folder, 'error.log'), 'utf8').catch(() => '')
  await run(installed.binary, ['-t', '-f', file]).catch(({ stderr }: { stderr: string }) => {
    throw new Error(`Apache refuses its configuration: ${stderr}`)
  })
  const child: ChildProcess = spawn(installed.binary, ['-f', file, '-DFOREGROUND'], { stdio: 'ignore' })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }
  const end = Date.now() + START_MS
  while (!(await isListening(port))) {
    if (child.exitCode !== null || Date.now() > end) {
      const said = await log()
      await stop()
      throw new Error(`Apache did not start:\n${said}`)
    }
    await pause(50)
  }
  return { log, stop }
}

/** Sites behind `authenticate-oidc` rules. */
export const startApache = async ({
  sites,
  tls,
  backendPort,
}: {
  sites: readonly ProtectedSite[]
  tls: TlsFiles
  backendPort: number
}): Promise<RunningApache> => {
  const installed = findApache()
  if (installed === null) throw new Error(HOW_TO_INSTALL_APACHE)
  const passphrase = randomBytes(24).toString('hex')
  const shared = { tls, backendPort, passphrase, pkceLine: await pkceLineFor(installed.modules) }
  return runApache(installed, {
    modules: BEFORE_A_BACKEND,
    port: sites[0]?.port ?? 0,
    hosts: () => sites.map((site) => loadBalancerHost(site, shared)).join('\n'),
  })
}
