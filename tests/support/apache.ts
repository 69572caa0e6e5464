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
const MODULES = [
  'mpm_event',
  'unixd',
  'authn_core',
  'authz_core',
  'authz_user',
  'auth_openidc',
  'headers',
  'proxy',
  'proxy_http',
  'socache_shmcb',
  'ssl',
]

export interface InstalledApache {
  binary: string
  modules: string
}

/** Where Apache and mod_auth_openidc are; null when either is missing. */
export const findApache = (): InstalledApache | null => {
  const binary = BINARIES.find((path) => existsSync(path))
  const modules = MODULE_FOLDERS.find((folder) => existsSync(join(folder, 'mod_auth_openidc.so')))
  return binary && modules ? { binary, modules } : null
}

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

const configuration = async (
  { modules }: InstalledApache,
  folder: string,
  { sites, tls, backendPort }: { sites: readonly ProtectedSite[]; tls: TlsFiles; backendPort: number },
): Promise<string> => {
  const loaded = MODULES.filter((name) => existsSync(join(modules, `mod_${name}.so`)))
  const shared = { tls, backendPort, passphrase: randomBytes(24).toString('hex'), pkceLine: await pkceLineFor(modules) }
  return `ServerRoot "${folder}"
ServerName localhost
${loaded.map((name) => `LoadModule ${name}_module "${join(modules, `mod_${name}.so`)}"`).join('\n')}
PidFile "${join(folder, 'apache.pid')}"
DefaultRuntimeDir "${folder}"
ErrorLog "${join(folder, 'error.log')}"
LogLevel warn auth_openidc:info
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
StartServers 1
ServerLimit 2
MinSpareThreads 4
MaxSpareThreads 32
ThreadsPerChild 16
MaxRequestWorkers 32
ThreadLimit 16
Timeout 30
${sites.map((site) => loadBalancerHost(site, shared)).join('\n')}`
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

/** Runs Apache in the foreground, as an ordinary child, with a configuration and files of its own. */
export const startApache = async (settings: {
  sites: readonly ProtectedSite[]
  tls: TlsFiles
  backendPort: number
}): Promise<RunningApache> => {
  const installed = findApache()
  if (installed === null) throw new Error(HOW_TO_INSTALL_APACHE)
  const folder = await mkdtemp(join(tmpdir(), 'portico-apache-'))
  const file = join(folder, 'apache.conf')
  await writeFile(file, await configuration(installed, folder, settings), { mode: 0o600 })
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
  const [first] = settings.sites
  const end = Date.now() + START_MS
  while (!(await isListening(first?.port ?? 0))) {
    if (child.exitCode !== null || Date.now() > end) {
      const said = await log()
      await stop()
      throw new Error(`Apache did not start:\n${said}`)
    }
    await pause(50)
  }
  return { log, stop }
}
