/** Measures whether answers take as long for people who exist as for nobody: `npm run bench:enumeration -- --help`. */
import { randomBytes, randomInt } from 'node:crypto'
import { cpus, loadavg } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { argon2Hasher } from '#adapters/hash/argon2-hasher.ts'
import type { Pool, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { namesOfUser } from '#core/users/index.ts'
import { aUser } from '#tests/support/builders.ts'
import { freshDatabase } from '#tests/support/database.ts'
import { type Estate, openEstate } from '#tests/support/estate.ts'
import { browser, type Filling, type FormBrowser } from '#tests/support/form-browser.ts'
import { startPorticoProcess } from '#tests/support/portico-process.ts'
import { type RelyingParty, relyingParty } from '#tests/support/relying-party.ts'
import { type Equivalence, equivalence } from './equivalence.ts'
import { median } from './measure.ts'
import { table } from './report.ts'

const HELP = `npm run bench:enumeration -- [options]

Starts the server on a database of its own and asks it, in pairs and in random order, about people who exist and about nobody:
a wrong password, a sign-up, a forgotten password, and the name alone where a pool asks for that first. Timed is the form that is sent,
with the page that follows it. Two one-sided tests on the differences say whether both take the same time, within the
margin. Takes some minutes.

  --pairs 300      of each kind
  --margin 3       milliseconds
  --port 4470      the first of two on loopback
  --only a,b       of: sign-in, sign-up, recovery, name-first
  --json           figures as JSON on the last line
  --help`

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '300' },
    margin: { type: 'string', default: '3' },
    port: { type: 'string', default: '4470' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const pairs = Number(values.pairs)
const margin = Number(values.margin)
const port = Number(values.port)
if (!(pairs >= 60)) throw new Error('--pairs is a number from 60 on')

/** Before anything counts: code is compiled, connections are open, pages were drawn. */
const WARM_PAIRS = 20
const PASSWORD = 'correct horse battery staple'
const REDIRECT = 'http://localhost:9/callback'

/** Nobody is asked twice: neither a person's limits nor a network's are what is measured. */
let turns = 0
const nextAddress = (): string => {
  turns += 1
  return `10.${turns >> 16}.${(turns >> 8) & 255}.${turns & 255}`
}

interface Kind {
  name: string
  settings: PoolSettingsInput
  asked: Readonly<Record<string, string>>
  fill(login: string): Filling
}

const KINDS: readonly Kind[] = [
  {
    name: 'sign-in',
    settings: {},
    asked: {},
    fill: (username) => ({ username, password: 'not their password at all' }),
  },
  {
    name: 'sign-up',
    settings: {},
    asked: { screen_hint: 'signup' },
    fill: (username) => ({ username, password: 'four words for somebody new' }),
  },
  {
    name: 'recovery',
    settings: {},
    asked: { screen_hint: 'forgot-password', prompt: 'login' },
    fill: (username) => ({ username }),
  },
  {
    name: 'name-first',
    settings: { signInLayout: 'identifier-first', firstFactors: ['password', 'email-code'] },
    asked: {},
    fill: (username) => ({ username }),
  },
]

/** So many people of a pool, with one password that was hashed once. */
const populate = async ({ writer }: Estate, pool: Pool, count: number): Promise<string[]> => {
  const hash = await argon2Hasher({ concurrency: 1, maxWaiting: 1 }).hash(PASSWORD)
  const names: string[] = []
  for (let index = 0; index < count; index++) {
    const email = `${randomBytes(8).toString('hex')}@known.example`
    const user = aUser(pool.id, { attributes: { email, email_verified: true }, sessionsValidAfter: new Date(0) })
    const signInNames = namesOfUser(pool, user.username, user.attributes)
    if (!signInNames.ok) throw new Error(signInNames.failure.code)
    const password = { hash, isTemporary: false, expiresAt: null, changedAt: new Date(0) }
    await writer.create({ user, names: signInNames.value, password }, { events: [] })
    names.push(email)
  }
  return names
}

/** Milliseconds from the form to the page after it, in a journey of its own. */
const timed = async (party: RelyingParty, { asked, fill }: Kind, login: string): Promise<number> => {
  const headers = { 'x-forwarded-for': nextAddress() }
  const through: FormBrowser = browser()
  const attempt = await party.begin(asked)
  await through.open(attempt.url, { headers })
  const started = performance.now()
  const page = await through.submit(fill(login), { headers })
  const took = performance.now() - started
  if (page.status !== 200) throw new Error(`answered ${page.status}: ${page.text.slice(0, 200)}`)
  return took
}

interface Measured extends Equivalence {
  kind: string
  knownMs: number
  unknownMs: number
}

const measure = async (estate: Estate, origin: string, kind: Kind): Promise<Measured> => {
  const pool = await estate.pool({ displayName: kind.name, ...kind.settings })
  const app = await estate.client(pool.id, { displayName: 'Bench', callbackUrls: [REDIRECT] })
  const party = await relyingParty({ issuer: `${origin}/${pool.id}`, redirectUri: REDIRECT, ...app })
  const people = await populate(estate, pool, pairs + WARM_PAIRS)
  const [known, unknown]: [number[], number[]] = [[], []]
  for (const [index, email] of people.entries()) {
    const nobody = `${randomBytes(8).toString('hex')}@known.example`
    const turn = async (login: string, into: number[]) => {
      const took = await timed(party, kind, login)
      if (index >= WARM_PAIRS) into.push(took)
    }
    const both = [() => turn(email, known), () => turn(nobody, unknown)]
    if (randomInt(2) === 1) both.reverse()
    for (const each of both) await each()
  }
  const differences = known.map((took, index) => took - (unknown[index] ?? Number.NaN))
  return {
    kind: kind.name,
    knownMs: median(known),
    unknownMs: median(unknown),
    ...equivalence(differences, margin),
  }
}

const database = await freshDatabase()
const secret = randomBytes(32).toString('base64url')
const origin = `http://localhost:${port}`
const portico = await startPorticoProcess({
  origin,
  port,
  opsPort: port + 1,
  databaseUrl: database.connectionString,
  env: { PORTICO_SECRET: secret, TRUSTED_PROXY_HOPS: '1' },
})
const estate = openEstate({ connectionString: database.connectionString, secret })
const measured: Measured[] = []
try {
  const wanted = values.only?.split(',')
  for (const kind of KINDS) {
    if (wanted === undefined || wanted.includes(kind.name)) measured.push(await measure(estate, origin, kind))
  }
} finally {
  await estate.close()
  await portico.stop()
  await database.drop()
}

const ms = (value: number): string => value.toFixed(2)
console.log(`Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; margin ${margin} ms\n`)
console.log(
  table(
    ['form', 'pairs', 'known, median ms', 'unknown, median ms', 'difference ms', '90 % interval', 'within the margin'],
    measured.map(({ kind, pairs: count, knownMs, unknownMs, difference, low, high, isEquivalent }) => [
      kind,
      String(count),
      ms(knownMs),
      ms(unknownMs),
      ms(difference),
      `${ms(low)} to ${ms(high)}`,
      isEquivalent ? 'equivalent' : 'not shown',
    ]),
  ),
)
if (values.json) console.log(JSON.stringify(measured))
