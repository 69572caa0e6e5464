/** Measures what a sign-in costs with and without risk and second factor: `npm run bench:sign-in -- --help`. */
import { randomBytes } from 'node:crypto'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import { pgFactors } from '#adapters/postgres/pg-factors.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import { authenticatorApps } from '#adapters/totp/authenticator-apps.ts'
import { stepAt } from '#core/factors/index.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { namesOfUser } from '#core/users/index.ts'
import { aUser } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { type Estate, openEstate } from '#tests/support/estate.ts'
import { browser } from '#tests/support/form-browser.ts'
import { startHostileProvider } from '#tests/support/hostile-provider.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { type RelyingParty, relyingParty } from '#tests/support/relying-party.ts'
import { type BrokerKind, oidcKind, PROVIDER, putProvider, samlKind } from './broker-lanes.ts'
import { hashCpuMs } from './hash-cost.ts'
import { median } from './measure.ts'
import { table } from './report.ts'

const HELP = `npm run bench:sign-in -- [options]

Starts the server on a database of its own and signs people in, each once, from the request of the app to its tokens: with a
password alone, with the judgement of risk, with an authenticator app, and with both; and through an OpenID Connect and a SAML
provider, people whose profile is there. Rounds of the six take turns. Counted is the CPU of the server's process as its own metrics
say it, the password's hash included; what a provider does is done in another process. Against a password sign-in less its hash,
which is measured apart, stands what the broker adds: at most 5 ms by OpenID Connect, 15 by SAML, or it ends with 1.

  --rounds 6       of each
  --people 25      in each round
  --port 4580      the first of two on loopback
  --help`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    people: { type: 'string', default: '25' },
    port: { type: 'string', default: '4580' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const rounds = Number(values.rounds)
const people = Number(values.people)
const port = Number(values.port)

const PASSWORD = 'correct horse battery staple'
const REDIRECT = 'http://localhost:9/callback'
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const apps = authenticatorApps(systemRandom)

const factor: PoolSettingsInput = { mfa: 'optional', factors: { allowed: ['totp'], recoveryCodes: false } }
const judged: PoolSettingsInput = { threatProtection: { mode: 'enforce' } }
const KINDS: readonly { name: string; settings: PoolSettingsInput; hasApp: boolean }[] = [
  { name: 'password', settings: {}, hasApp: false },
  { name: 'password, risk', settings: judged, hasApp: false },
  { name: 'password, authenticator app', settings: factor, hasApp: true },
  { name: 'password, risk, authenticator app', settings: { ...factor, ...judged }, hasApp: true },
]

/** Nobody signs in twice, and no two from one network: limits are not what is measured. */
let turns = 0
const nextAddress = (): string => {
  turns += 1
  return `10.${turns >> 16}.${(turns >> 8) & 255}.${turns & 255}`
}

interface Lane {
  name: string
  signIn(index: number): Promise<void>
  /** Milliseconds that it may add to a password sign-in without its hash; null: no limit. */
  limitMs: number | null
  cpuMs: number[]
}

interface WithPassword {
  party: RelyingParty
  logins: string[]
  hasApp: boolean
}

const laneOf = async (estate: Estate, origin: string, hash: string, kind: (typeof KINDS)[number]): Promise<Lane> => {
  const pool = await estate.pool({ displayName: kind.name, ...kind.settings })
  const app = await estate.client(pool.id, { displayName: 'Bench', callbackUrls: [REDIRECT] })
  const factors = pgFactors(estate.database, estate.secrets)
  const logins: string[] = []
  // One round more: code is compiled and connections are open before anything counts.
  for (let index = 0; index < people * (rounds + 1); index++) {
    const email = `${randomBytes(8).toString('hex')}@known.example`
    const user = aUser(pool.id, { attributes: { email, email_verified: true }, sessionsValidAfter: new Date(0) })
    const names = namesOfUser(pool, user.username, user.attributes)
    if (!names.ok) throw new Error(names.failure.code)
    const password = { hash, isTemporary: false, expiresAt: null, changedAt: new Date(0) }
    await estate.writer.create({ user, names: names.value, password }, { events: [] })
    const nothing = { name: null, address: null, credentialId: null, passkey: null, counter: 0 }
    if (kind.hasApp) {
      const made = { poolId: pool.id, sub: user.sub, id: 'totp', kind: 'totp', createdAt: new Date(0), secret: SECRET }
      await factors.enrol({ ...nothing, ...made, kind: 'totp' }, { events: [] })
    }
    logins.push(email)
  }
  const party = await relyingParty({ issuer: `${origin}/${pool.id}`, redirectUri: REDIRECT, ...app })
  const lane = { party, logins, hasApp: kind.hasApp }
  return { name: kind.name, signIn: () => signIn(lane), limitMs: null, cpuMs: [] }
}

/** The first round, which does not count, makes the profiles. */
const brokerLaneOf = async (estate: Estate, origin: string, kind: BrokerKind): Promise<Lane> => {
  const pool = await estate.pool({ displayName: kind.name })
  await putProvider(estate, pool, kind.settings)
  const app = await estate.client(pool.id, { displayName: 'Bench', callbackUrls: [REDIRECT] })
  const issuer = `${origin}/${pool.id}`
  const party = await relyingParty({ issuer, redirectUri: REDIRECT, ...app })
  const comeBack = kind.comeBack(pool, issuer)
  return {
    name: kind.name,
    async signIn(index) {
      const headers = { 'x-forwarded-for': nextAddress() }
      const through = browser()
      const attempt = await party.begin({ identity_provider: PROVIDER })
      await through.open(attempt.url, { headers })
      await comeBack(through, `person-${index}`, headers)
      await party.finish(attempt, through.callback())
    },
    limitMs: kind.limitMs,
    cpuMs: [],
  }
}

const signIn = async ({ party, logins, hasApp }: WithPassword): Promise<void> => {
  const username = logins.pop()
  if (username === undefined) throw new Error('everybody has signed in')
  const headers = { 'x-forwarded-for': nextAddress() }
  const through = browser()
  const attempt = await party.begin({})
  await through.open(attempt.url, { headers })
  await through.submit({ username, password: PASSWORD }, { headers })
  if (hasApp)
    await through.submit({ code: apps.codeAt(SECRET, stepAt(new Date())) }, { headers, button: 'Confirm code' })
  await party.finish(attempt, through.callback())
}

const cpuMs = async (): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port + 1}/metrics`)).text()
  const seconds = /^portico_process_cpu_seconds_total\S* ([\d.e+-]+)/m.exec(text)?.[1]
  if (seconds === undefined) throw new Error('the metrics do not tell the CPU of the process')
  return Number(seconds) * 1000
}

const database = await freshDatabase()
const secret = randomBytes(32).toString('base64url')
const origin = `http://localhost:${port}`
const env = { PORTICO_SECRET: secret, TRUSTED_PROXY_HOPS: '1' }
const portico = await startPorticoProcess({
  origin,
  port,
  opsPort: port + 1,
  databaseUrl: database.connectionString,
  env,
})
const estate = openEstate({ connectionString: database.connectionString, secret })
const upstream = await startHostileProvider(() => Math.floor(Date.now() / 1000), 'bench')
const lanes: Lane[] = []
let hashMs = 0
try {
  const hash = await argon2Hasher({ concurrency: 1, maxWaiting: 1 }).hash(PASSWORD)
  for (const kind of KINDS) lanes.push(await laneOf(estate, origin, hash, kind))
  for (const kind of [oidcKind(upstream, 'bench'), samlKind()]) lanes.push(await brokerLaneOf(estate, origin, kind))
  for (let round = 0; round <= rounds; round++)
    for (const lane of lanes) {
      const before = await cpuMs()
      for (let index = 0; index < people; index++) await lane.signIn(index)
      if (round > 0) lane.cpuMs.push(((await cpuMs()) - before) / people)
    }
  hashMs = await hashCpuMs()
} finally {
  await upstream.close()
  await estate.close()
  await portico.stop()
  await database.drop()
}

const base = median(lanes[0]?.cpuMs ?? [])
const signed = (ms: number): string => `${ms >= 0 ? '+' : ''}${ms.toFixed(1)}`
console.log(
  `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; one hash ${hashMs.toFixed(1)} ms\n`,
)
console.log(
  table(
    [
      'sign-in',
      'rounds × people',
      'CPU ms of the server',
      'beside a password alone',
      'beside it without its hash',
      'limit',
    ],
    lanes.map(({ name, cpuMs: each, limitMs }) => [
      name,
      `${rounds} × ${people}`,
      median(each).toFixed(1),
      signed(median(each) - base),
      signed(median(each) - (base - hashMs)),
      limitMs === null ? '' : `+${limitMs}`,
    ]),
  ),
)
if (lanes.some(({ cpuMs: each, limitMs }) => limitMs !== null && median(each) - (base - hashMs) > limitMs))
  process.exitCode = 1
