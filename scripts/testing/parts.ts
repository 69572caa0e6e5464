import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findApache, findApacheWith } from '#tests/support/apache.ts'
import { startCluster } from '#tests/support/cluster.ts'
import { findGlewlwyd, HOW_TO_INSTALL_GLEWLWYD } from '#tests/support/glewlwyd.ts'
import { findSlapd, HOW_TO_INSTALL_SLAPD } from '#tests/support/ldap/slapd.ts'
import { HOW_TO_INSTALL_SIMPLESAMLPHP, isSimpleSamlPhpThere } from '#tests/support/saml/simplesamlphp.ts'

/** Programs that tests need and npm does not bring. */
export type Part = 'postgresql' | 'chromium' | 'apache' | 'mellon' | 'xmlsec1' | 'slapd' | 'glewlwyd' | 'simplesamlphp'

type Say = (line: string) => void
/** What was found, or what to do about its absence. */
export type Found<T> = { isThere: true; value: T } | { isThere: false; fix: string }

/**
 * The same engine without the windows and menus around it, which nobody sees: a page costs it a third of the work, a new browser
 * profile a quarter.
 */
const SHELL = 'chromium-headless-shell'
const PROGRAMS = [SHELL, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = (program: string): string[] =>
  (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, program))

const installedChromium = (): string | undefined => {
  const chosen = process.env.PORTICO_CHROMIUM
  if (chosen) return isExecutable(chosen) ? chosen : undefined
  return [...PROGRAMS.flatMap(onPath), ...APPLICATIONS].find(isExecutable)
}

/** Debian and its kin, as root. */
const mayUseApt = (): boolean => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

const POLICY = '/usr/sbin/policy-rc.d'

/** Installs Debian packages and keeps their services from starting: tests start what they need, on ports of theirs. */
const aptInstall = (packages: readonly string[], say: Say, { mayRefresh = true } = {}): boolean => {
  say(`installing ${packages.join(' and ')} with apt-get`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) => spawnSync('apt-get', args, { env, stdio: 'ignore' }).status === 0
  const hadPolicy = existsSync(POLICY)
  if (!hadPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
    return install() || (mayRefresh && apt('update') && install())
  } finally {
    if (!hadPolicy) rmSync(POLICY)
  }
}

/** Where another browser would do, one quick try: the machine may be without a network. */
const installShell = (say: Say): void => {
  if (process.env.PORTICO_CHROMIUM || onPath(SHELL).some(isExecutable) || !mayUseApt()) return
  aptInstall([SHELL], say, { mayRefresh: installedChromium() === undefined })
}

const playwrightChromium = async (say: Say): Promise<string | undefined> => {
  const { chromium } = await import('@playwright/test')
  if (isExecutable(chromium.executablePath())) return chromium.executablePath()
  say("installing Chromium with Playwright's installer")
  const { status } = spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], {
    stdio: 'ignore',
  })
  return status === 0 ? chromium.executablePath() : undefined
}

export const findChromium = async (say: Say): Promise<Found<string>> => {
  if (process.env.PORTICO_CHROMIUM && !installedChromium())
    return { isThere: false, fix: 'PORTICO_CHROMIUM names no program: correct it or unset it' }
  installShell(say)
  const path =
    installedChromium() ??
    (mayUseApt() && aptInstall(['chromium'], say) ? installedChromium() : undefined) ??
    (await playwrightChromium(say))
  if (!path)
    return {
      isThere: false,
      fix: 'install Chromium or Chrome (Debian: apt-get install chromium-headless-shell), or set PORTICO_CHROMIUM to its path',
    }
  say(`browser: ${execFileSync(path, ['--version', '--no-sandbox'], { encoding: 'utf8' }).trim()} (${path})`)
  return { isThere: true, value: path }
}

const APACHE_PACKAGES = ['apache2', 'libapache2-mod-auth-openidc']

export const findApacheWithOidc = (say: Say): Found<string> => {
  const apache = findApache() ?? (mayUseApt() && aptInstall(APACHE_PACKAGES, say) ? findApache() : null)
  if (!apache)
    return {
      isThere: false,
      fix: `install Apache and mod_auth_openidc (Debian: apt-get install ${APACHE_PACKAGES.join(' ')})`,
    }
  say(`Apache: ${apache.binary}`)
  return { isThere: true, value: apache.binary }
}

const MELLON_PACKAGES = ['apache2', 'libapache2-mod-auth-mellon']

export const findApacheWithMellon = (say: Say): Found<string> => {
  const find = () => findApacheWith('auth_mellon')
  const apache = find() ?? (mayUseApt() && aptInstall(MELLON_PACKAGES, say) ? find() : null)
  return apache
    ? { isThere: true, value: apache.binary }
    : {
        isThere: false,
        fix: `install Apache and mod_auth_mellon (Debian: apt-get install ${MELLON_PACKAGES.join(' ')})`,
      }
}

/** A verifier of XML signatures that shares no code with ours. */
export const findXmlsec = (say: Say): Found<true> => {
  const isThere = () => spawnSync('xmlsec1', ['--version'], { stdio: 'ignore' }).status === 0
  return isThere() || (mayUseApt() && aptInstall(['xmlsec1'], say) && isThere())
    ? { isThere: true, value: true }
    : { isThere: false, fix: 'install xmlsec1 (Debian: apt-get install xmlsec1)' }
}

/** Its package would set up a directory of its own, for which it asks: told not to, it leaves files alone. */
const declineSlapdSetup = (): void => {
  const input = 'slapd slapd/no_configuration boolean true\n'
  spawnSync('debconf-set-selections', { input, stdio: ['pipe', 'ignore', 'ignore'] })
}

export const findSlapdServer = (say: Say): Found<string> => {
  if (!findSlapd() && mayUseApt()) {
    declineSlapdSetup()
    aptInstall(['slapd'], say)
  }
  const slapd = findSlapd()
  if (!slapd) return { isThere: false, fix: HOW_TO_INSTALL_SLAPD }
  say(`OpenLDAP: ${slapd.binary}`)
  return { isThere: true, value: slapd.binary }
}

const GLEWLWYD_PACKAGES = ['glewlwyd', 'dbconfig-no-thanks']

/**
 * Its package would set up a database and a service of its own, and fails where it cannot: it is told to leave that to us. Told so, it
 * writes an example into a folder that it does not make (2.7.5).
 */
const declineGlewlwydSetup = (): void => {
  mkdirSync('/etc/glewlwyd', { recursive: true })
  const input = 'glewlwyd glewlwyd/config_type select No configuration\n'
  spawnSync('debconf-set-selections', { input, stdio: ['pipe', 'ignore', 'ignore'] })
}

export const findGlewlwydServer = (say: Say): Found<true> => {
  if (!findGlewlwyd() && mayUseApt()) {
    declineGlewlwydSetup()
    aptInstall(GLEWLWYD_PACKAGES, say)
  }
  return findGlewlwyd() ? { isThere: true, value: true } : { isThere: false, fix: HOW_TO_INSTALL_GLEWLWYD }
}

/** With PHP as CGI named, for otherwise it would bring a module into Apache that changes how Apache runs. */
const SIMPLESAMLPHP_PACKAGES = ['simplesamlphp', 'php-cgi', 'php-cli', 'php-xml']

export const findSimpleSamlPhp = (say: Say): Found<true> => {
  if (!isSimpleSamlPhpThere() && mayUseApt()) aptInstall(SIMPLESAMLPHP_PACKAGES, say)
  return isSimpleSamlPhpThere() ? { isThere: true, value: true } : { isThere: false, fix: HOW_TO_INSTALL_SIMPLESAMLPHP }
}

export const findPostgres = async (say: Say): Promise<Found<Awaited<ReturnType<typeof startCluster>>>> => {
  try {
    return { isThere: true, value: await startCluster(say) }
  } catch (error) {
    return { isThere: false, fix: (error as Error).message }
  }
}

/** Programs of others at the other end of a test: without one of them the rest of a stage is still worth running. */
export const COUNTERPARTS: ReadonlyMap<Part, (say: Say) => Found<unknown>> = new Map<
  Part,
  (say: Say) => Found<unknown>
>([
  ['apache', findApacheWithOidc],
  ['mellon', findApacheWithMellon],
  ['xmlsec1', findXmlsec],
  ['slapd', findSlapdServer],
  ['glewlwyd', findGlewlwydServer],
  ['simplesamlphp', findSimpleSamlPhp],
])
