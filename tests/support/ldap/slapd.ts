import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Attribute, Change, Client } from 'ldapts'
import { freePorts } from '../free-ports.ts'
import { makeCertificate } from '../tls-authority.ts'
import { ACTIVE_DIRECTORY_SCHEMA } from './active-directory-schema.ts'
import { CIRCLES, FLAT_GROUPS, GROUPS, PEOPLE, peopleLdif, READER, STAFF, SUFFIX } from './staff.ts'

const run = promisify(execFile)

const BINARIES = ['/usr/sbin/slapd', '/usr/libexec/slapd', '/opt/homebrew/opt/openldap/libexec/slapd']
const LOADERS = ['/usr/sbin/slapadd', '/opt/homebrew/opt/openldap/sbin/slapadd']
const MODULES = ['/usr/lib/ldap', '/usr/lib64/openldap']
const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema']

interface Installed {
  binary: string
  loader: string
  modules: string
  schemas: string
}

/** Where OpenLDAP's server is, with the modules that the tests use; null: it is not. */
export const findSlapd = (): Installed | null => {
  const [binary, loader] = [BINARIES, LOADERS].map((paths) => paths.find((path) => existsSync(path)))
  const modules = MODULES.find((folder) => existsSync(join(folder, 'memberof.so')))
  const schemas = SCHEMAS.find((folder) => existsSync(join(folder, 'inetorgperson.schema')))
  return binary && loader && modules && schemas ? { binary, loader, modules, schemas } : null
}

export const HOW_TO_INSTALL_SLAPD = "OpenLDAP's server is missing: apt-get install slapd"

const ADMINISTRATOR = { name: `cn=admin,${SUFFIX}`, password: 'fills-the-directory-1' }

const configuration = ({ modules, schemas }: Installed, folder: string): string => `
${['core', 'cosine', 'inetorgperson'].map((name) => `include ${schemas}/${name}.schema`).join('\n')}
include ${folder}/active-directory.schema
modulepath ${modules}
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${folder}/slapd.pid
argsfile ${folder}/slapd.args
TLSCACertificateFile ${folder}/authority.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
access to dn.base="" by * read
access to attrs=userPassword,unicodePwd by self write by anonymous auth by * none
access to * by dn.exact="${READER.name}" read by users read by * none

database mdb
suffix "${SUFFIX}"
rootdn "${ADMINISTRATOR.name}"
rootpw ${ADMINISTRATOR.password}
directory ${folder}/data
maxsize 67108864
dbnosync
index objectClass,uid,sAMAccountName,member eq
overlay ppolicy
ppolicy_use_lockout
overlay memberof
memberof-group-oc group
memberof-member-ad member
memberof-memberof-ad memberOf
`

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(socket.destroy() !== null))
    socket.once('error', () => resolve(false))
  })

export interface Slapd {
  /** ldap:// by name and by address, and ldaps://. */
  plain: string
  startTls: string
  tls: string
  /** Of the authority that signed its certificate, PEM. */
  authority: string
  /** Replaces values of an entry, as the administrator. */
  set(name: string, attribute: string, values: readonly string[]): Promise<void>
  valuesOf(name: string, attribute: string): Promise<string[]>
  /** Where its log is now. */
  mark(): number
  /** What it wrote since then, as soon as the pattern is in it: connections and what was asked over them, in its own words. */
  saidSince(mark: number, pattern: RegExp): Promise<string>
  stop(): Promise<void>
}

const START_MS = 15_000

const addGroups = async (client: Client): Promise<void> => {
  const add = (name: string, objectClass: string, member: string[]) =>
    client.add(name, { objectClass, cn: name.slice(3, name.indexOf(',')), member })
  const group = (cn: string) => `cn=${cn},${GROUPS}`
  const circle = (cn: string) => `cn=${cn},${CIRCLES}`
  const ann = `cn=ann,${STAFF}`
  await add(group('Payroll'), 'group', [ann])
  await add(group('Finance'), 'group', [group('Payroll')])
  await add(group('Everyone'), 'group', [group('Finance')])
  // A circle, which nothing in LDAP forbids.
  await client.modify(
    group('Payroll'),
    new Change({ operation: 'add', modification: new Attribute({ type: 'member', values: [group('Everyone')] }) }),
  )
  for (let index = 0; index < FLAT_GROUPS; index += 1) await add(group(`Flat ${index}`), 'group', [ann])
  await add(circle('readers'), 'groupOfNames', [`uid=bea,${PEOPLE}`])
  await add(circle('writers'), 'groupOfNames', [circle('readers'), circle('owners')])
  await add(circle('owners'), 'groupOfNames', [circle('writers')])
}

/** OpenLDAP's server in the foreground, as an ordinary child, on loopback, with files of its own and the people of `staff.ts`. */
export const startSlapd = async (): Promise<Slapd> => {
  const installed = findSlapd()
  if (installed === null) throw new Error(HOW_TO_INSTALL_SLAPD)
  const folder = await mkdtemp(join(tmpdir(), 'portico-slapd-'))
  const file = join(folder, 'slapd.conf')
  const [plainPort = 0, tlsPort = 0] = await freePorts(2)
  await mkdir(join(folder, 'data'))
  await makeCertificate(folder, ['localhost'])
  await writeFile(join(folder, 'active-directory.schema'), ACTIVE_DIRECTORY_SCHEMA)
  await writeFile(join(folder, 'people.ldif'), peopleLdif())
  await writeFile(file, configuration(installed, folder), { mode: 0o600 })
  await run(installed.loader, ['-q', '-f', file, '-l', join(folder, 'people.ldif')]).catch(
    ({ stderr }: { stderr: string }) => {
      throw new Error(`slapadd refuses the people: ${stderr}`)
    },
  )

  const addresses = `ldap://127.0.0.1:${plainPort}/ ldaps://127.0.0.1:${tlsPort}/`
  const child: ChildProcess = spawn(installed.binary, ['-d', 'stats', '-f', file, '-h', addresses], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (part) => (said += part))
  const client = new Client({ url: `ldap://127.0.0.1:${plainPort}`, timeout: START_MS })
  const stop = async () => {
    await client.unbind().catch(() => {})
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const end = Date.now() + START_MS
    while (!(await isListening(tlsPort))) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`slapd did not start:\n${said}`)
      await pause(50)
    }
    await client.bind(ADMINISTRATOR.name, ADMINISTRATOR.password)
    await addGroups(client)
  } catch (error) {
    await stop()
    throw error
  }

  return {
    plain: `ldap://127.0.0.1:${plainPort}`,
    startTls: `ldap://localhost:${plainPort}`,
    tls: `ldaps://localhost:${tlsPort}`,
    authority: await readFile(join(folder, 'authority.pem'), 'utf8'),
    set: (name, attribute, values) =>
      client.modify(
        name,
        new Change({ operation: 'replace', modification: new Attribute({ type: attribute, values: [...values] }) }),
      ),
    async valuesOf(name, attribute) {
      const { searchEntries } = await client.search(name, { scope: 'base', attributes: [attribute] })
      return [searchEntries[0]?.[attribute] ?? []].flat().map(String)
    },
    mark: () => said.length,
    async saidSince(mark, pattern) {
      const end = Date.now() + START_MS
      while (!pattern.test(said.slice(mark))) {
        if (Date.now() > end) throw new Error(`slapd did not say ${pattern}:\n${said.slice(mark)}`)
        await pause(10)
      }
      return said.slice(mark)
    },
    stop,
  }
}
