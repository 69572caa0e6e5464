import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { selfSigned } from './self-signed.ts'

const CODE = '/usr/share/simplesamlphp/www'
const PHP = '/usr/bin/php'

export const HOW_TO_INSTALL_SIMPLESAMLPHP =
  'SimpleSAMLphp is missing: apt-get install simplesamlphp php-cgi php-cli php-xml'

export const isSimpleSamlPhpThere = (): boolean => existsSync(join(CODE, 'index.php')) && existsSync(PHP)

/** Where it believes to be, unless told otherwise. Nothing listens there: the test's browser goes to the loopback port instead. */
export const SIMPLESAMLPHP = 'https://idp.example'
const METADATA_PATH = '/saml2/idp/metadata.php'

const configuration = (folder: string, address: string): string => `<?php
$config = [
  'baseurlpath' => '${address}/', 'trusted.url.domains' => ['${new URL(address).host}'],
  'certdir' => '${folder}/cert/', 'loggingdir' => '${folder}/log/', 'datadir' => '${folder}/data/',
  'tempdir' => '${folder}/temp/', 'metadatadir' => '${folder}/metadata/',
  'secretsalt' => '${randomBytes(24).toString('hex')}', 'auth.adminpassword' => '${randomBytes(24).toString('hex')}',
  'timezone' => 'UTC', 'technicalcontact_email' => 'na@example.org',
  'logging.handler' => 'file', 'logging.level' => 7, 'showerrors' => true, 'errorreporting' => false,
  'enable.saml20-idp' => true,
  'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'session.cookie.secure' => false, 'language.cookie.secure' => false, 'language.available' => ['en'],
  'store.type' => 'phpsession', 'session.phpsession.savepath' => '${folder}/session',
  'metadata.sources' => [['type' => 'flatfile']],
];
`

/** Every service provider by its own metadata; what is in `encrypted` gets encrypted assertions. */
const remote = (folder: string): string => `<?php
foreach (glob('${folder}/metadata/*/*.xml') as $file) {
  $provider = \\SimpleSAML\\Metadata\\SAMLParser::parseFile($file)->getMetadata20SP();
  $metadata[$provider['entityid']] = $provider + ['assertion.encryption' => basename(dirname($file)) === 'encrypted'];
}
`

const PEOPLE = `<?php
$config = ['people' => ['exampleauth:UserPass', 'ann:reading by the window' => [
  'uid' => ['ann'], 'email' => ['ann@fjord-books.example'], 'groups' => ['readers', 'editors & friends']]]];
`

/** It signs, and checks our signatures, with xmlseclibs on libxml2. */
const hosted = (address: string): string => `<?php
$bindings = ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'];
$metadata['${address}${METADATA_PATH}'] = [
  'host' => '__DEFAULT__', 'privatekey' => 'idp.key', 'certificate' => 'idp.pem', 'auth' => 'people',
  'saml20.sign.response' => true, 'saml20.sign.assertion' => true,
  'redirect.sign' => true, 'redirect.validate' => true, 'validate.authnrequest' => true,
  'SingleSignOnServiceBinding' => $bindings, 'SingleLogoutServiceBinding' => $bindings,
  'sharedkey_algorithm' => 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'NameIDFormat' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  'authproc' => [3 => ['class' => 'saml:AttributeNameID', 'attribute' => 'uid',
    'Format' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent']],
];
`

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

const START_MS = 10_000

/** The one person whom it knows. */
export const ANN = { username: 'ann', password: 'reading by the window', email: 'ann@fjord-books.example' } as const

export interface RunningSimpleSamlPhp {
  /** Where it listens. */
  origin: string
  /** Its own, as text. */
  metadata(): Promise<string>
  addServiceProvider(metadata: string, options: { isEncrypting: boolean }): Promise<void>
  log(): Promise<string>
  stop(): Promise<void>
}

/** Runs SimpleSAMLphp under PHP's own server, as a child, with one person; `address` is where browsers find it. */
export const startSimpleSamlPhp = async (
  port: number,
  address: string = SIMPLESAMLPHP,
): Promise<RunningSimpleSamlPhp> => {
  if (!isSimpleSamlPhpThere()) throw new Error(HOW_TO_INSTALL_SIMPLESAMLPHP)
  const folder = await mkdtemp(join(tmpdir(), 'portico-simplesamlphp-'))
  const folders = [
    'cert',
    'log',
    'data',
    'temp',
    'metadata',
    'metadata/plain',
    'metadata/encrypted',
    'session',
    'config',
  ]
  for (const name of folders) await mkdir(join(folder, name))
  const key = selfSigned('idp.example')
  const files: Record<string, string> = {
    'config/config.php': configuration(folder, address),
    'config/authsources.php': PEOPLE,
    'metadata/saml20-idp-hosted.php': hosted(address),
    'metadata/saml20-sp-remote.php': remote(folder),
    'cert/idp.key': key.privateKey,
    'cert/idp.pem': key.certificate,
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 })
  const child: ChildProcess = spawn(PHP, ['-S', `127.0.0.1:${port}`, '-t', CODE], {
    stdio: 'ignore',
    env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: join(folder, 'config') },
  })
  const log = () => readFile(join(folder, 'log/simplesamlphp.log'), 'utf8').catch(() => '')
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
      await stop()
      throw new Error('SimpleSAMLphp did not start')
    }
    await pause(50)
  }
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    metadata: async () => (await fetch(`${origin}${METADATA_PATH}`)).text(),
    addServiceProvider: (metadata, { isEncrypting }) =>
      writeFile(join(folder, 'metadata', isEncrypting ? 'encrypted' : 'plain', `${randomUUID()}.xml`), metadata),
    log,
    stop,
  }
}
