import assert from 'node:assert/strict'
import { it } from 'node:test'
import { aFlowRequest } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey, OTHER_PASSWORD } from '#tests/support/journey.ts'
import { type SeededRandom, seededRandom } from '#tests/support/seeded-random.ts'
import { FLOW_STEPS, type FlowStep } from './flow-view.ts'
import type { Form } from './step-handler.ts'

// Attacks 41 and 48: no walk through the pages, in any order, with any form, ends signed in or with a new password unless
// what that account demands was shown on the way.

const people = {
  ann: ann(),
  una: { attributes: { email: 'una@example.com' }, status: 'UNCONFIRMED' as const },
  fay: { attributes: { email: 'fay@example.com', email_verified: true }, status: 'FORCE_CHANGE_PASSWORD' as const },
  rae: { attributes: { email: 'rae@example.com', email_verified: true }, status: 'RESET_REQUIRED' as const },
  dee: { attributes: { email: 'dee@example.com', email_verified: true }, enabled: false },
}
const names = [...Object.keys(people), 'new', 'nobody'].map((name) => `${name}@example.com`)
const intents = ['', '', '', 'resend', 'change-destination', 'language', 'cancel', 'constructor']

/** What the walker may know: what was sent to addresses it reads, and passwords it was given. */
interface Knowledge {
  passwords: boolean
  mailOf: ReadonlySet<string>
}

const codesFor = (journey: Journey, { mailOf }: Knowledge): string[] =>
  journey
    .sent()
    .filter(({ to, code }) => mailOf.has(to) && code !== '')
    .map(({ code }) => code)

const aForm = (random: SeededRandom, journey: Journey, knowledge: Knowledge): Form => {
  const codes = codesFor(journey, knowledge)
  const passwords = knowledge.passwords
    ? [GOOD_PASSWORD, OTHER_PASSWORD, 'wrong-wrong-wrong-1']
    : ['wrong-wrong-wrong-1']
  const isGiven = () => random.below(5) > 0
  return {
    _intent: random.pick(intents),
    ...(isGiven() && { username: random.pick(names) }),
    ...(isGiven() && { password: random.pick(passwords) }),
    ...(isGiven() && { current: random.pick(passwords) }),
    ...(isGiven() && { code: random.pick([...codes, ...codes, '123456', '']) }),
    ...(random.below(3) === 0 && { decision: random.pick(['allow', 'deny']) }),
    ...(random.below(9) === 0 && { lang: 'de' }),
    ...(random.below(9) === 0 && { _step: 'stale' }),
    ...(random.below(9) === 0 && { everywhere: 'on' }),
    isProven: 'true',
    proof: 'true',
    sub: 'a0000000-0000-4000-8000-000000000001',
  }
}

interface Walk {
  journey: Journey
  hashesBefore: ReadonlyMap<string, string>
  steps: FlowStep[]
  reachedDone: boolean
}

const passwordsOf = async (journey: Journey): Promise<Map<string, string>> => {
  const found = await Promise.all(names.map((name) => journey.users.findByName(journey.pool.id, name)))
  return new Map(
    found.flatMap((person) =>
      person === null ? [] : [[String(person.user.attributes.email), person.password?.hash ?? '']],
    ),
  )
}

const walk = async (seed: number, knowledge: Knowledge): Promise<Walk> => {
  const random = seededRandom(seed)
  const journey = await aJourney({
    people: Object.values(people),
    seed,
    pool: {
      signInLayout: random.pick(['combined', 'identifier-first']),
      signInAfterConfirm: random.below(2) === 0,
    },
    client: { firstParty: random.below(2) === 0 },
    state: { request: aFlowRequest({ scopes: ['openid', 'email'] }) },
    step: random.pick(['sign-in', 'sign-up', 'forgot-password']),
  })
  const hashesBefore = await passwordsOf(journey)
  const steps: FlowStep[] = []
  for (let n = 0; n < 40; n++) {
    const { step } = await journey.flow()
    steps.push(step)
    if (step === 'done') break
    if (random.below(4) === 0) journey.wait(random.below(200))
    await journey.post(aForm(random, journey, knowledge), random.below(3) === 0 ? random.pick(FLOW_STEPS) : step)
  }
  const { step, state } = await journey.flow()
  return { journey, hashesBefore, steps, reachedDone: step === 'done' && state.refusal === null }
}

const signedIn = async ({ journey, reachedDone }: Walk) => {
  const sub = (await journey.flow()).state.proof?.sub
  const found = reachedDone && sub !== undefined ? await journey.users.findBySub(journey.pool.id, sub) : null
  if (reachedDone) assert.notEqual(found, null, 'who is signed in exists')
  return found
}

/** Pages of identity providers, of signing in without a password, and of second factors: each has a walk of its own. */
const WALKED_ELSEWHERE: ReadonlySet<FlowStep> = new Set([
  'link-account',
  'connect-provider',
  'choose-method',
  'sign-in-code',
  ...FLOW_STEPS.slice(FLOW_STEPS.indexOf('choose-factor'), FLOW_STEPS.indexOf('blocked') + 1),
])

const WALKS = 250

it('who knows no password and reads no mail never gets in, makes nobody, and changes no password', async () => {
  for (let seed = 1; seed <= WALKS; seed++) {
    const walked = await walk(seed, { passwords: false, mailOf: new Set() })
    assert.equal(walked.reachedDone, false, `seed ${seed}: ${walked.steps.join(' ')}`)
    assert.deepEqual(await passwordsOf(walked.journey), walked.hashesBefore, `seed ${seed}`)
  }
})

it('who reads one person’s mail gets in as nobody else, and changes nobody else’s password', async () => {
  let arrivals = 0
  for (let seed = 1; seed <= WALKS; seed++) {
    const walked = await walk(seed, { passwords: false, mailOf: new Set(['ann@example.com', 'new@example.com']) })
    const found = await signedIn(walked)
    if (found !== null) {
      arrivals += 1
      assert.ok(['ann@example.com', 'new@example.com'].includes(String(found.user.attributes.email)), `seed ${seed}`)
    }
    const after = await passwordsOf(walked.journey)
    for (const [email, hash] of walked.hashesBefore)
      if (email !== 'ann@example.com') assert.equal(after.get(email), hash, `seed ${seed}`)
    for (const email of after.keys())
      assert.ok(walked.hashesBefore.has(email) || email === 'new@example.com', `seed ${seed}: ${email} was made`)
  }
  assert.ok(arrivals > 0, 'the walk gets about')
})

it('who knows every password still needs the code an unconfirmed account demands, and a password of its own after a temporary one', async () => {
  const arrived = new Set<string>()
  for (let seed = 1; seed <= WALKS; seed++) {
    const walked = await walk(seed, { passwords: true, mailOf: new Set() })
    const found = await signedIn(walked)
    if (found === null) continue
    const email = String(found.user.attributes.email)
    arrived.add(email)
    assert.ok(['ann@example.com', 'fay@example.com'].includes(email), `seed ${seed}: ${email}`)
    if (email === 'fay@example.com') {
      assert.ok(walked.steps.includes('new-password'), `seed ${seed}: ${walked.steps.join(' ')}`)
      assert.equal(found.user.status, 'CONFIRMED')
    }
  }
  assert.deepEqual([...arrived].toSorted(), ['ann@example.com', 'fay@example.com'], 'the walk gets about')
})

it('who holds everything reaches every page, and the proof says how', async () => {
  const seen = new Set<FlowStep>()
  for (let seed = 1; seed <= WALKS; seed++) {
    const walked = await walk(seed, { passwords: true, mailOf: new Set(names) })
    for (const step of walked.steps) seen.add(step)
    const found = await signedIn(walked)
    if (found === null) continue
    const { proof } = (await walked.journey.flow()).state
    assert.ok(proof?.amr.includes('pwd'), `seed ${seed}`)
    assert.ok(found.user.enabled && found.user.status === 'CONFIRMED', `seed ${seed}`)
    if (walked.steps.at(-2)?.startsWith('confirm-')) assert.deepEqual(proof?.amr, ['pwd', 'otp', 'mfa'], `seed ${seed}`)
  }
  const unseen = FLOW_STEPS.filter((step) => !seen.has(step))
  // Nobody in this pool has a second factor, lacks an attribute, or comes to change a password.
  assert.deepEqual(
    unseen.filter((step) => !WALKED_ELSEWHERE.has(step)),
    ['missing-attributes', 'change-password', 'offer-passkey'],
  )
})
