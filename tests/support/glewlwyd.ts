import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from './free-ports.ts'
import { GLEWLWYD_FILES, glewlwydConfiguration, glewlwydOpenIdConnect } from './glewlwyd-settings.ts'

export const HOW_TO_INSTALL_GLEWLWYD = 'Glewlwyd is missing: apt-get install glewlwyd'
export const findGlewlwyd = (): boolean => Object.values(GLEWLWYD_FILES).every((path) => existsSync(path))

/** The administrator that its schema brings along. */
const ADMINISTRATOR = { username: 'admin', password: 'password' }
const STARTS_WITHIN_MS = 10_000

export interface GlewlwydPerson {
  username: string
  password: string
  name: string
  email: string
}

export interface GlewlwydClient {
  id: string
  secret: string
  callback: string
  /** Where it may send people once they are signed out there. */
  afterLogout?: string
  authMethod: 'client_secret_post' | 'client_secret_basic'
}

export interface Glewlwyd {
  origin: string
  issuer: string
  addClient(client: GlewlwydClient): Promise<void>
  addPerson(person: GlewlwydPerson): Promise<void>
  /** The person agrees to a client knowing who they are, without being asked on a page. */
  agree(person: Pick<GlewlwydPerson, 'username' | 'password'>, clientId: string): Promise<void>
  /** What a browser brings back after this person signed in and agreed. */
  signIn(person: Pick<GlewlwydPerson, 'username' | 'password'>, departure: string): Promise<Record<string, string>>
  close(): Promise<void>
}

/** Its schema knows one address by a name that its OpenID Connect part does not read (2.7.5). */
const KNOW_WHERE_SIGN_OUT_RETURNS = `update g_client_module_instance set gcmi_parameters = json_set(gcmi_parameters,
  '$."data-format".post_logout_redirect_uris', json('{"multiple":true,"read":true,"write":true}'))`

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

/** Its pages; the settings that Debian keeps for them in /etc may not be there, and are a link in the original. */
const copyPages = async (folder: string): Promise<void> => {
  const { pages, pageSettings } = GLEWLWYD_FILES
  await cp(pages, folder, { recursive: true, dereference: true, filter: (path) => basename(path) !== 'config.json' })
  await copyFile(pageSettings, join(folder, 'config.json'))
}

const startProcess = async (folder: string, port: number): Promise<ChildProcess> => {
  const database = new DatabaseSync(join(folder, 'glewlwyd.db'))
  database.exec(readFileSync(GLEWLWYD_FILES.schema, 'utf8'))
  database.exec(KNOW_WHERE_SIGN_OUT_RETURNS)
  database.close()
  await copyPages(join(folder, 'pages'))
  const file = join(folder, 'glewlwyd.conf')
  await writeFile(file, glewlwydConfiguration(folder, port))
  const child = spawn(GLEWLWYD_FILES.binary, [`--config-file=${file}`], { stdio: ['ignore', 'pipe', 'pipe'] })
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

/** Glewlwyd (C, Debian's), a provider that shares no line of code with us or with the library we use. */
export const startGlewlwyd = async (): Promise<Glewlwyd> => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-glewlwyd-'))
  const [port = 0] = await freePorts(1)
  const origin = `http://127.0.0.1:${port}`
  const issuer = `${origin}/api/oidc`
  const child = await startProcess(folder, port)

  const send = async (method: string, path: string, cookie: string, body: object): Promise<Response> => {
    const headers = { 'content-type': 'application/json', cookie }
    const response = await fetch(`${origin}/api/${path}`, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const cookieFor = async ({ username, password }: typeof ADMINISTRATOR): Promise<string> =>
    cookieOf(await send('POST', 'auth/', '', { username, password }))

  const administrator = await cookieFor(ADMINISTRATOR)
  await send('POST', 'mod/plugin/', administrator, glewlwydOpenIdConnect(issuer))

  const agree: Glewlwyd['agree'] = async (person, clientId) => {
    await send('PUT', `auth/grant/${clientId}`, await cookieFor(person), { scope: 'openid' })
  }
  return {
    origin,
    issuer,
    async addClient({ id, secret, callback, afterLogout, authMethod }) {
      await send('POST', 'client/', administrator, {
        client_id: id,
        name: id,
        enabled: true,
        confidential: true,
        password: secret,
        client_secret: secret,
        token_endpoint_auth_method: [authMethod],
        redirect_uri: [callback],
        ...(afterLogout === undefined ? {} : { post_logout_redirect_uris: [afterLogout] }),
        authorization_type: ['code'],
        scope: ['openid'],
      })
    },
    async addPerson(person) {
      await send('POST', 'user/', administrator, { ...person, enabled: true, scope: ['openid'] })
    },
    agree,
    async signIn(person, departure) {
      await agree(person, new URL(departure).searchParams.get('client_id') ?? '')
      // Its own page sends the browser back here with this mark, once the person has signed in and agreed.
      const headers = { cookie: await cookieFor(person) }
      const response = await fetch(`${departure}&g_continue`, { headers, redirect: 'manual' })
      const target = response.headers.get('location') ?? ''
      return Object.fromEntries(new URL(target, origin).searchParams)
    },
    async close() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      await rm(folder, { recursive: true })
    },
  }
}
