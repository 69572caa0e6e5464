import assert from 'node:assert/strict'
import { it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, GOOD_PASSWORD, type Journey, OTHER_PASSWORD } from '#tests/support/journey.ts'
import { type SeededRandom, seededRandom } from '#tests/support/seeded-random.ts'
import { FLOW_STEPS, type FlowStep } from './flow-view.ts'
import type { Form } from './step-handler.ts'

// Attacks 41, 48 and 52: no walk through pools that take codes and links, in any order, with any form, ends signed in
// unless the walker holds what that account demands.

const people = {
  ann: { email: 'ann@example.com', email_verified: true },
  pia: { email: 'pia@example.com', email_verified: true, phone_number: '+4930111111', phone_number_verified: true },
  max: { email: 'max@example.com', email_verified: true },
  tom: { email: 'tom@example.com', email_verified: true },
}
type Name = keyof typeof people
const NAMES = Object.keys(people) as Name[]
/** Their second factors; Ann has none. */
const FACTORS = { pia: ['sms', '+4930111111'], max: ['email', 'max@example.com'], tom: ['totp', null] } as const

interface Knowledge {
  passwords: boolean
  /** Addresses whose messages are read. */
  reads: readonly string[]
}

const aPool = async (seed: number, random: SeededRandom): Promise<Journey> => {
  const journey = await aJourney({
    people: NAMES.map((name) => ({ sub: name, attributes: people[name] })),
    seed,
    pool: {
      mfa: 'optional',
      factors: { allowed: ['totp', 'sms', 'email'] },
      firstFactors: random.pick([
        ['password', 'email-code', 'sms-code', 'magic-link'],
        ['email-code'],
        ['magic-link', 'password'],
        ['sms-code', 'email-code'],
      ]),
    },
    step: random.pick(['sign-in', 'forgot-password']),
  })
  for (const [sub, [kind, address]] of Object.entries(FACTORS)) {
    const secret = kind === 'totp' ? 'GEZDGNBVGY3TQOJQ' : null
    const nothing = { name: null, credentialId: null, passkey: null, counter: 0, createdAt: NOON }
    const factor = { poolId: journey.pool.id, sub, id: kind, kind, address, secret, ...nothing }
    await journey.ports.factors.enrol(factor, { events: [] })
  }
  return journey
}

const INTENTS = ['', '', '', '', '', '', 'resend', 'another', 'link', 'recovery', 'change-destination', 'cancel']

const aForm = (random: SeededRandom, journey: Journey, victim: Name, { passwords, reads }: Knowledge): Form => {
  const read = journey.sent().filter(({ to }) => reads.includes(to))
  const codes = read.map(({ code }) => code).filter((code) => code !== '')
  const tokens = read.flatMap(({ link }) => (link === null ? [] : [link.split('token=')[1] ?? '']))
  return {
    _intent: random.pick(INTENTS),
    username:
      random.below(4) > 0
        ? people[victim].email
        : random.pick([...NAMES.map((name) => people[name].email), '+4930111111', 'nobody@example.com']),
    password: passwords ? random.pick([GOOD_PASSWORD, OTHER_PASSWORD]) : OTHER_PASSWORD,
    code: random.pick([...codes.slice(-3), '123456']),
    token: random.pick([...tokens.slice(-3), 'x'.repeat(43)]),
    way: random.pick(['password', 'email-code', 'sms-code', 'magic-link']),
    factor: random.pick(['sms', 'email', 'totp']),
    kind: random.pick(['sms', 'email']),
    phone_number: '+4930999999',
    saved: 'on',
    proof: 'true',
  }
}

/** Whom a walk signed in; null: nobody. */
const walk = async (seed: number, knowledge: Knowledge): Promise<{ who: string | null; steps: FlowStep[] }> => {
  const random = seededRandom(seed)
  const journey = await aPool(seed, random)
  const victim = random.pick(NAMES)
  const steps: FlowStep[] = []
  for (let n = 0; n < 40; n++) {
    const { step } = await journey.flow()
    steps.push(step)
    if (step === 'done') break
    if (random.below(4) === 0) journey.wait(random.below(200))
    const to = random.below(5) === 0 ? random.pick(FLOW_STEPS) : step
    await journey.post(aForm(random, journey, victim, knowledge), to)
  }
  const { step, state } = await journey.flow()
  return { who: step === 'done' && state.refusal === null ? (state.proof?.sub ?? 'somebody') : null, steps }
}

const WALKS = 300

const arrivals = async (knowledge: Knowledge): Promise<string[]> => {
  const found = new Set<string>()
  for (let seed = 1; seed <= WALKS; seed++) {
    const { who } = await walk(seed, knowledge)
    if (who !== null) found.add(who)
  }
  return [...found].sort()
}

it('who knows no password and reads nothing never gets in by codes or links', async () => {
  assert.deepEqual(await arrivals({ passwords: false, reads: [] }), [])
})

it('who reads a mailbox gets in as its owner, unless that one has a second factor, whatever it is', async () => {
  const reads = NAMES.map((name) => people[name].email)
  assert.deepEqual(await arrivals({ passwords: false, reads }), ['ann'])
})

it('who knows every password gets in as whoever has no second factor', async () => {
  assert.deepEqual(await arrivals({ passwords: true, reads: [] }), ['ann'])
})

it('who knows a password and reads where the codes go gets in as that one', async () => {
  assert.deepEqual(await arrivals({ passwords: true, reads: ['+4930111111'] }), ['ann', 'pia'])
  assert.deepEqual(await arrivals({ passwords: true, reads: ['max@example.com'] }), ['ann', 'max'])
})
