import assert from 'node:assert/strict'
import { ACR_MULTI_FACTOR, newRecoveryCodes, readRecoveryCode, recoveryCodeHash, stepAt } from '#core/factors/index.ts'
import { FLOW_STEPS, type Form, stepToken } from '#core/flows/index.ts'
import { aFlowRequest, NOON } from './builders.ts'
import { aJourney, GOOD_PASSWORD, type Journey, OTHER_PASSWORD, type PersonToSeed } from './journey.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'

/**
 * Somebody who tries two journeys of a pool with second factors at once, in any order, with forms of any content: what they
 * know of whom, what is stolen or stale, and where it led. What may come of it is judged in second-factor.walk.test.ts.
 */

export const PEOPLE = {
  // Password, authenticator app, recovery codes.
  ann: { hasApp: true, isTemporary: false },
  // A password alone.
  bob: { hasApp: false, isTemporary: false },
  // As ann and bob, with a password an administrator chose.
  fay: { hasApp: true, isTemporary: true },
  gus: { hasApp: false, isTemporary: true },
} as const
export type Name = keyof typeof PEOPLE
export const NAMES = Object.keys(PEOPLE) as Name[]
export const mailOf = (name: string): string => `${name}@example.com`
const TYPED = [...NAMES, 'new', 'nobody'].map(mailOf)
export const secretOf = (name: Name): string =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.slice(name.charCodeAt(0) - 97, 26).padEnd(32, 'Q')

const person = (name: Name): PersonToSeed => ({
  attributes: { email: mailOf(name), email_verified: true },
  ...(PEOPLE[name].isTemporary && { status: 'FORCE_CHANGE_PASSWORD' as const }),
})

/** What the walker may know of whom. A code that was used already is known to everybody. */
export interface Knowledge {
  passwords: boolean
  mail: readonly string[]
  apps: readonly Name[]
  recoveryCodes: readonly Name[]
}
export const NOTHING: Knowledge = { passwords: false, mail: [], apps: [], recoveryCodes: [] }

/** A mistake in what stands behind the pages. */
export type Fault = (journey: Journey) => void

export interface Walked {
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

export const hashes = async (journey: Journey): Promise<Map<string, string>> => {
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
    _intent: random.pick([
      '',
      '',
      '',
      '',
      '',
      'another',
      'recovery',
      'lost',
      'wait',
      'replace',
      'later',
      'resend',
      'language',
      'toString',
    ]),
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

export const walk = async (seed: number, knowledge: Knowledge, fault?: Fault): Promise<Walked> => {
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
      // Longer than any walk: asked for it may be, had it may not.
      factors: { lost: { waitingDays: 30 } },
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
