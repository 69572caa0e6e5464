import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFlowRequest, NOON } from '#tests/support/builders.ts'
import { aJourney, GOOD_PASSWORD, type Journey, OTHER_PASSWORD, type PersonToSeed } from '#tests/support/journey.ts'
import { type SeededRandom, seededRandom } from '#tests/support/seeded-random.ts'
import {
  ACR_MULTI_FACTOR,
  newRecoveryCodes,
  reaches,
  readRecoveryCode,
  recoveryCodeHash,
  stepAt,
} from '../factors/index.ts'
import { mayFinish } from './finish-flow.ts'
import { FLOW_STEPS } from './flow-view.ts'
import type { Form } from './step-handler.ts'
import { stepToken } from './step-token.ts'

// Attacks 37, 41, 42, 48, 49 and 51: no walk through the pages of two journeys at once, in any order, with codes, tokens and
// ids stolen or stale, ends signed in without the proofs that pool, person and app demand, with somebody's password changed
// without proof of control, or with somebody's factor replaced.

const PEOPLE = {
  // Password, authenticator app, recovery codes.
  ann: { hasApp: true, isTemporary: false },
  // A password alone.
  bob: { hasApp: false, isTemporary: false },
  // As ann and bob, with a password an administrator chose.
  fay: { hasApp: true, isTemporary: true },
  gus: { hasApp: false, isTemporary: true },
} as const
type Name = keyof typeof PEOPLE
const NAMES = Object.keys(PEOPLE) as Name[]
const mailOf = (name: string): string => `${name}@example.com`
const TYPED = [...NAMES, 'new', 'nobody'].map(mailOf)
const secretOf = (name: Name): string =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.slice(name.charCodeAt(0) - 97, 26).padEnd(32, 'Q')

const person = (name: Name): PersonToSeed => ({
  attributes: { email: mailOf(name), email_verified: true },
  ...(PEOPLE[name].isTemporary && { status: 'FORCE_CHANGE_PASSWORD' as const }),
})

/** What the walker may know of whom. A code that was used already is known to everybody. */
interface Knowledge {
  passwords: boolean
  mail: readonly string[]
  apps: readonly Name[]
  recoveryCodes: readonly Name[]
}
const NOTHING: Knowledge = { passwords: false, mail: [], apps: [], recoveryCodes: [] }

/** A mistake in what stands behind the pages. */
type Fault = (journey: Journey) => void

interface Walked {
  seed: number
  mfa: 'optional' | 'required'
  journey: Journey
  journeys: readonly Pick<Journey, 'flow' | 'post'>[]
  subs: ReadonlyMap<string, string>
  hashesBefore: ReadonlyMap<string, string>
}

/** The arithmetic of an app costs more than all the rest of a walk. */
const remembered = new Map<string, string>()
const quick = ({ ports }: Journey): void => {
  const { codeAt } = ports.apps
  ports.apps = {
    ...ports.apps,
    newSecret: ports.apps.newSecret,
    present: ports.apps.present,
    codeAt(secret, step) {
      const key = `${secret} ${step}`
      const code = remembered.get(key) ?? codeAt(secret, step)
      remembered.set(key, code)
      return code
    },
  }
}

const findPerson = (journey: Journey, email: string) => journey.users.findByName(journey.pool.id, email)

const hashes = async (journey: Journey): Promise<Map<string, string>> => {
  const found = await Promise.all(TYPED.map(async (email) => [email, await findPerson(journey, email)] as const))
  return new Map(found.flatMap(([email, known]) => (known === null ? [] : [[email, known.password?.hash ?? '']])))
}

const giveApp = async ({ ports, pool }: Journey, sub: string, name: Name): Promise<readonly string[]> => {
  const enrolled = await ports.factors.enrol(
    {
      poolId: pool.id,
      sub,
      id: 'totp',
      kind: 'totp',
      name: null,
      address: null,
      credentialId: null,
      passkey: null,
      // The code of now was used by its owner: whoever looked on has a stale one.
      counter: stepAt(NOON),
      createdAt: NOON,
      secret: secretOf(name),
    },
    { events: [] },
  )
  assert.ok(enrolled.ok)
  const codes = newRecoveryCodes(ports.random)
  const stored = codes.map((code) => recoveryCodeHash(ports.hashes, pool.id, sub, readRecoveryCode(code) ?? ''))
  await ports.recoveryCodes.replace(pool.id, sub, stored, NOON, { events: [] })
  const [used = ''] = stored
  await ports.recoveryCodes.use(pool.id, sub, used, NOON, { events: [] })
  return codes
}

interface Loot {
  /** Recovery codes as their owners hold them; the first of each was used. */
  codes: ReadonlyMap<Name, readonly string[]>
  staleTimeCodes: readonly string[]
  /** Tokens of pages drawn before, of either journey. */
  tokens: string[]
}

const codesKnown = async (
  journey: Journey,
  own: Pick<Journey, 'flow'>,
  knowledge: Knowledge,
  loot: Loot,
): Promise<readonly string[]> => {
  const { ports } = journey
  const now = stepAt(ports.clock.now())
  const { enrolment } = (await own.flow()).state
  const secrets = [...knowledge.apps.map(secretOf), ...(enrolment?.kind === 'totp' ? [enrolment.secret] : [])]
  return [
    ...loot.staleTimeCodes,
    ...[...loot.codes.values()].map(([used = '']) => used),
    ...knowledge.recoveryCodes.flatMap((name) => loot.codes.get(name)?.slice(1) ?? []),
    ...(enrolment?.kind === 'recovery-codes' ? enrolment.codes : []),
    ...secrets.flatMap((secret) => Array<string>(4).fill(ports.apps.codeAt(secret, now))),
    ...journey.sent().flatMap(({ to, code }) => (knowledge.mail.includes(to) && code !== '' ? [code, code] : [])),
  ]
}

const aForm = (
  random: SeededRandom,
  target: string,
  codes: readonly string[],
  knowledge: Knowledge,
  loot: Loot,
): Form => {
  const passwords = knowledge.passwords ? [GOOD_PASSWORD, GOOD_PASSWORD, OTHER_PASSWORD] : [OTHER_PASSWORD]
  const isGiven = () => random.below(6) > 0
  const isOdd = () => random.below(12) === 0
  return {
    _intent: random.pick(['', '', '', '', '', 'another', 'recovery', 'resend', 'language', 'toString']),
    ...(isGiven() && { username: random.below(4) > 0 ? target : random.pick(TYPED) }),
    ...(isGiven() && { password: random.pick(passwords) }),
    ...(isGiven() && { current: random.pick(passwords) }),
    ...(isGiven() && { code: random.pick([...codes, '123456', 'AAAAA-AAAAA']) }),
    ...(isGiven() && { factor: random.pick(['totp', 'totp', 'email', 'sms', 'device', '__proto__']) }),
    ...(isGiven() && { kind: random.pick(['totp', 'totp', 'recovery-codes', 'email']) }),
    ...(isGiven() && { saved: 'on', decision: 'allow' }),
    ...(isOdd() && { _step: random.pick([...loot.tokens, 'stale']) }),
    // What a page never asks for changes nothing.
    proof: 'true',
    sub: 'a0000000-0000-4000-8000-000000000001',
    mayEnrol: 'true',
    acr: ACR_MULTI_FACTOR,
  }
}

const walk = async (seed: number, knowledge: Knowledge, fault?: Fault): Promise<Walked> => {
  const random = seededRandom(seed)
  const mfa = random.pick(['optional', 'required'] as const)
  const state = () => ({
    request: aFlowRequest({
      level: random.pick([null, null, ACR_MULTI_FACTOR]),
      screen: random.pick(['sign-in', 'sign-in', 'change-password']),
    }),
  })
  const journey = await aJourney({
    people: NAMES.map(person),
    seed,
    pool: {
      mfa,
      signInLayout: random.pick(['combined', 'identifier-first']),
      signInAfterConfirm: random.below(2) === 0,
    },
    client: { firstParty: random.below(2) === 0, requireSecondFactor: random.below(4) === 0 },
    state: state(),
    step: random.pick(['sign-in', 'sign-up', 'forgot-password']),
  })
  quick(journey)
  const subs = new Map<string, string>()
  const codes = new Map<Name, readonly string[]>()
  for (const name of NAMES) {
    const sub = (await findPerson(journey, mailOf(name)))?.user.sub ?? ''
    subs.set(mailOf(name), sub)
    if (PEOPLE[name].hasApp) codes.set(name, await giveApp(journey, sub, name))
  }
  const staleTimeCodes = NAMES.map((name) => journey.ports.apps.codeAt(secretOf(name), stepAt(NOON)))
  const loot: Loot = { codes, staleTimeCodes, tokens: [] }
  const hashesBefore = await hashes(journey)
  fault?.(journey)

  const target = random.pick(TYPED)
  const journeys = [journey, await journey.another({ state: state() })]
  for (let n = 0; n < 50; n++) {
    const own = random.pick(journeys)
    const flow = await own.flow()
    if (flow.step === 'done') continue
    loot.tokens.push(stepToken(journey.ports.hashes, flow))
    if (random.below(5) === 0) journey.wait(random.pick([1, 31, 300]))
    const form = aForm(random, target, await codesKnown(journey, own, knowledge, loot), knowledge, loot)
    await own.post(form, random.below(6) === 0 ? random.pick(FLOW_STEPS) : flow.step)
  }
  return { seed, mfa, journey, journeys, subs, hashesBefore }
}

const nameOf = (email: string): Name | undefined => NAMES.find((name) => mailOf(name) === email)

/** The rule, told a second time and by what the walker holds: whether it can have shown what this account demands. */
const controls = (email: string, { passwords, mail, apps, recoveryCodes }: Knowledge): boolean => {
  const name = nameOf(email)
  const knowsPassword = mail.includes(email) || (passwords && name !== undefined)
  const hasFactor = name !== undefined && PEOPLE[name].hasApp
  return knowsPassword && (!hasFactor || apps.includes(name) || recoveryCodes.includes(name))
}

/** Who got in, with the methods; throws where something was had for nothing. */
const arrivalsOf = async (walked: Walked, knowledge: Knowledge): Promise<readonly string[]> => {
  const { journey, mfa, subs, hashesBefore } = walked
  const { ports, pool, client } = journey
  const said = (what: string) => `seed ${walked.seed}: ${what}`
  const arrivals: string[] = []
  for (const { flow } of walked.journeys) {
    const ended = await flow()
    const { proof, refusal, request } = ended.state
    const user = proof === null ? null : ((await journey.users.findBySub(pool.id, proof.sub))?.user ?? null)
    const email = String(user?.attributes.email)
    if (proof !== null) assert.ok(controls(email, knowledge), said(`signed in as ${email} by ${proof.amr.join(' ')}`))
    if (ended.step !== 'done' || proof === null || refusal !== null) continue
    const factors = await ports.factors.list(pool.id, proof.sub)
    const last = mayFinish({ pool, flow: ended, user, client, factors })
    if (!last.ok) {
      // The other journey set up an app, or replaced the password, after this one had come to its end.
      assert.match(last.failure.because ?? '', /a second factor is owed|signed out everywhere/, said('the last word'))
      continue
    }
    const { requireSecondFactor } = client.settings
    const wantsTwo = factors.length > 0 || mfa === 'required' || request.level !== null || requireSecondFactor
    assert.ok(!wantsTwo || reaches(proof.acr, ACR_MULTI_FACTOR), said(`${email} with ${proof.acr}`))
    if (mfa === 'required') assert.ok(factors.length > 0, said(`${email} has nothing to be asked for next time`))
    arrivals.push(`${email} ${proof.proofs.map(({ method }) => method).join(' ')}`)
  }
  const after = await hashes(journey)
  for (const [email, hash] of hashesBefore) {
    const mayReplace = knowledge.mail.includes(email) || controls(email, knowledge)
    assert.ok(after.get(email) === hash || mayReplace, said(`the password of ${email} was replaced`))
  }
  for (const name of NAMES) {
    const sub = subs.get(mailOf(name)) ?? ''
    const secret = await ports.factors.secretOf(pool.id, sub, 'totp')
    if (PEOPLE[name].hasApp) assert.equal(secret, secretOf(name), said(`the app of ${name} was replaced`))
    else assert.ok(secret === null || controls(mailOf(name), knowledge), said(`${name} was given an app`))
  }
  return arrivals
}

const WALKS = 100

const arrivals = async (knowledge: Knowledge, fault?: Fault): Promise<ReadonlySet<string>> => {
  const all = new Set<string>()
  for (let seed = 1; seed <= WALKS; seed++) {
    for (const arrival of await arrivalsOf(await walk(seed, knowledge, fault), knowledge)) all.add(arrival)
  }
  return all
}

/** Whom, without how. */
const people = (found: ReadonlySet<string>): readonly string[] =>
  [...new Set([...found].map((arrival) => arrival.split('@')[0] ?? ''))].toSorted()

describe('a walk through the pages of a pool with second factors', () => {
  it('gets nowhere with every app and every recovery code, but no password and no mail', async () => {
    assert.deepEqual(people(await arrivals({ ...NOTHING, apps: NAMES, recoveryCodes: NAMES })), [])
  })

  it('with every password gets in as whoever has no factor, and as nobody else', async () => {
    assert.deepEqual(people(await arrivals({ ...NOTHING, passwords: true })), ['bob', 'gus'])
  })

  it('with everybody’s mail changes passwords, and gets in as whoever has no factor', async () => {
    const mail = [...NAMES, 'new'].map(mailOf)
    assert.deepEqual(people(await arrivals({ ...NOTHING, mail })), ['bob', 'gus', 'new'])
  })

  it('with one person’s password and app gets in as that one', async () => {
    const found = await arrivals({ ...NOTHING, passwords: true, apps: ['ann'] })
    assert.deepEqual(people(found), ['ann', 'bob', 'gus'])
    assert.ok(found.has('ann@example.com password totp'))
  })

  it('with one person’s recovery codes gets in as that one, and takes the place of no app', async () => {
    const found = await arrivals({ ...NOTHING, passwords: true, recoveryCodes: ['fay'] })
    assert.deepEqual(people(found), ['bob', 'fay', 'gus'])
    assert.ok(found.has('fay@example.com recovery-code password'))
  })
})

describe('the walk finds a planted fault', () => {
  const holdsPasswords = { ...NOTHING, passwords: true }
  const faults: Readonly<Record<string, readonly [Fault, RegExp]>> = {
    'factors that are forgotten at the moment of asking': [
      ({ ports }) => {
        ports.factors = { ...ports.factors, list: async () => [] }
      },
      /signed in as (ann|fay)@example\.com by pwd|was replaced/,
    ],
    'a time step that may be used twice': [
      ({ ports }) => {
        ports.factors = { ...ports.factors, advance: async () => true }
      },
      /signed in as (ann|fay)@example\.com by|the password of fay/,
    ],
    'recovery codes that are never used up': [
      ({ ports }) => {
        ports.recoveryCodes = { ...ports.recoveryCodes, use: async () => true }
      },
      /signed in as (ann|fay)@example\.com by|the password of fay/,
    ],
    'an app that takes any code': [
      ({ ports }) => {
        ports.apps = { ...ports.apps, codeAt: () => '123456' }
      },
      /signed in as (ann|fay)@example\.com by|the password of fay/,
    ],
  }
  for (const [name, [fault, message]] of Object.entries(faults)) {
    it(`of ${name}`, async () => {
      await assert.rejects(arrivals(holdsPasswords, fault), message)
    })
  }
})
