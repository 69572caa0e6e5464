import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from './free-ports.ts'

const BINARY = '/usr/bin/glewlwyd'
const SCHEMA = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'
const MODULES = '/usr/lib/glewlwyd'

export const HOW_TO_INSTALL_GLEWLWYD = 'Glewlwyd is missing: apt-get install glewlwyd'
export const findGlewlwyd = (): boolean => [BINARY, SCHEMA, MODULES].every((path) => existsSync(path))

/** The administrator that its schema brings along. */
const ADMINISTRATOR = { username: 'admin', password: 'password' }
const STARTS_WITHIN_MS = 10_000

export interface Glewlwyd {
  issuer: string
  /** What a browser brings back after this person signed in and agreed. */
  signIn(person: { username: string; password: string }, departure: string): Promise<Record<string, string>>
  close(): Promise<void>
}

export interface GlewlwydSetup {
  client: { id: string; secret: string; callback: string; authMethod: string }
  person: { username: string; password: string; name: string; email: string }
}

/** Its own default for every path that it insists on hearing about. */
const configuration = (folder: string, port: number): string => `
port=${port}
bind_address="127.0.0.1"
external_url="http://127.0.0.1:${port}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="WARNING"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD2_SESSION_ID"
admin_session_authentication="cookie"
profile_session_authentication="cookie"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="${MODULES}/user"
client_module_path="${MODULES}/client"
user_auth_scheme_module_path="${MODULES}/scheme"
plugin_module_path="${MODULES}/plugin"
use_secure_connection=false
secure_connection_key_file="/none"
secure_connection_pem_file="/none"
secure_connection_ca_file="/none"
static_files_path="/usr/share/glewlwyd/webapp/"
allow_multiple_user_per_session=true
user_middleware_module_path="${MODULES}/user_middleware"
hash_algorithm="SHA512"
database = { type="sqlite3"; path="${folder}/glewlwyd.db"; };
`

/** Settings of its OpenID Connect part: signed with RS256, PKCE demanded, and userInfo with name and address. */
const openIdConnect = (issuer: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    parameters: {
      iss: issuer,
      'oauth-as-iss-id': true,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'access-token-duration': 3600,
      'refresh-token-duration': 3600,
      'code-duration': 600,
      'auth-type-code-enabled': true,
      'auth-type-token-enabled': false,
      'auth-type-none-enabled': false,
      'auth-type-password-enabled': false,
      'auth-type-client-enabled': false,
      'auth-type-device-enabled': false,
      'auth-type-refresh-enabled': true,
      'jwks-show': true,
      'pkce-allowed': true,
      'pkce-required': true,
      'name-claim': 'mandatory',
      'email-claim': 'mandatory',
      'allowed-scope': ['openid'],
      'subject-type': 'public',
    },
  }
}

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

const startProcess = async (folder: string, port: number): Promise<ChildProcess> => {
  const database = new DatabaseSync(join(folder, 'glewlwyd.db'))
  database.exec(readFileSync(SCHEMA, 'utf8'))
  database.close()
  const file = join(folder, 'glewlwyd.conf')
  await writeFile(file, configuration(folder, port))
  const child = spawn(BINARY, [`--config-file=${file}`], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said = `${said}${part}`.slice(-2000)))
  const end = performance.now() + STARTS_WITHIN_MS
  while (performance.now() < end && child.exitCode === null) {
    const isUp = await fetch(`http://127.0.0.1:${port}/config`).then(
      (response) => response.ok,
      () => false,
    )
    if (isUp) return child
    await pause(50)
  }
  child.kill()
  throw new Error(`Glewlwyd did not start: ${said}`)
}

/** Glewlwyd (C, Debian's), a provider that shares no line of code with us or with the library we use. One client, one person. */
export const startGlewlwyd = async ({ client, person }: GlewlwydSetup): Promise<Glewlwyd> => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-glewlwyd-'))
  const [port = 0] = await freePorts(1)
  const base = `http://127.0.0.1:${port}`
  const issuer = `${base}/api/oidc`
  const child = await startProcess(folder, port)

  const send = async (method: string, path: string, cookie: string, body: object): Promise<Response> => {
    const headers = { 'content-type': 'application/json', cookie }
    const response = await fetch(`${base}/api/${path}`, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const cookieFor = async (who: { username: string; password: string }): Promise<string> =>
    cookieOf(await send('POST', 'auth/', '', who))

  const administrator = await cookieFor(ADMINISTRATOR)
  await send('POST', 'mod/plugin/', administrator, openIdConnect(issuer))
  await send('POST', 'user/', administrator, { ...person, enabled: true, scope: ['openid'] })
  await send('POST', 'client/', administrator, {
    client_id: client.id,
    name: client.id,
    enabled: true,
    confidential: true,
    password: client.secret,
    client_secret: client.secret,
    token_endpoint_auth_method: [client.authMethod],
    redirect_uri: [client.callback],
    authorization_type: ['code'],
    scope: ['openid'],
  })

  return {
    issuer,
    async signIn({ username, password }, departure) {
      const cookie = await cookieFor({ username, password })
      await send('PUT', `auth/grant/${client.id}`, cookie, { scope: 'openid' })
      // Its own page sends the browser back here with this mark, once the person has signed in and agreed.
      const response = await fetch(`${departure}&g_continue`, { headers: { cookie }, redirect: 'manual' })
      const target = response.headers.get('location') ?? ''
      return Object.fromEntries(new URL(target, base).searchParams)
    },
    async close() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true })
    },
  }
}
