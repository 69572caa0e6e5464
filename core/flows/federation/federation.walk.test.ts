// Attacks 60 to 62: no order of pages, providers and posts gives an identity somebody else's account.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { FlowStep } from '#core/flows/flow-view.ts'
import { FLOW_STEPS } from '#core/flows/index.ts'
import { ok } from '#core/shared/result.ts'
import { anIdentity } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, corporate } from '#tests/support/federated-journey.ts'
import { ann, GOOD_PASSWORD, OTHER_PASSWORD } from '#tests/support/journey.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'

const WALKS = 200
const bo = {
  sub: 'b0000000-0000-4000-8000-000000000002',
  attributes: { email: 'bo@example.com', email_verified: true },
  passwordPlain: OTHER_PASSWORD,
}

interface Walked {
  steps: FlowStep[]
  /** Who was signed in at the end; null: nobody. */
  sub: string | null
  /** Identities of the two who were here before. */
  linked: { ann: string[]; bo: string[] }
}

/** Somebody has identities of any address at the provider, and knows the password of those who are in `knows`. */
const walk = async (seed: number, knows: readonly string[]): Promise<Walked> => {
  const random = seededRandom(seed)
  const journey = await aFederatedJourney({
    seed,
    people: [ann(), bo],
    providers: [corporate(), corporate({ name: 'Sloppy', trustsEmail: 'never', issuer: 'https://sloppy.example' })],
    pool: { signInLayout: random.pick(['combined', 'identifier-first']) },
  })
  const steps: FlowStep[] = []
  for (let n = 0; n < 25; n++) {
    const { step } = await journey.flow()
    steps.push(step)
    if (step === 'done') break
    const subject = random.pick(['4711', '4712'])
    const email = random.pick(['ann@example.com', 'bo@example.com', 'new@example.com'])
    journey.upstream.answers = ok(anIdentity({ subject, claims: { email, email_verified: random.below(2) === 0 } }))
    const act = random.below(7)
    if (act === 0) await journey.leave(random.pick(['Corporate', 'Sloppy', 'Nobody']))
    else if (act === 1) await journey.arrive(random.below(4) === 0 ? { state: 'nonsense' } : {})
    else if (act === 2) await journey.back()
    else {
      const username = random.pick(['ann@example.com', 'ann@example.com', 'bo@example.com'])
      const password = knows.includes(username) ? GOOD_PASSWORD : 'not-the-password'
      const intent = random.pick(['', '', '', '', 'separate', 'cancel-not-known', 'another'])
      const where = random.below(6) === 0 ? random.pick(FLOW_STEPS) : (await journey.flow()).step
      await journey.post({ username, password, way: 'password', ...(intent === '' ? {} : { _intent: intent }) }, where)
    }
  }
  const { step, state } = await journey.flow()
  const linkedTo = async (sub: string) =>
    (await journey.ports.federation.identities.list(journey.pool.id, sub)).map(({ subject }) => subject)
  return {
    steps,
    sub: step === 'done' ? (state.proof?.sub ?? null) : null,
    linked: { ann: await linkedTo(ann().sub ?? ''), bo: await linkedTo(bo.sub) },
  }
}

it('who knows no password gets into no account that was there, and connects nothing to it', async () => {
  let arrivals = 0
  for (let seed = 1; seed <= WALKS; seed++) {
    const { sub, linked, steps } = await walk(seed, [])
    if (sub !== null) arrivals += 1
    assert.ok(sub !== ann().sub && sub !== bo.sub, `seed ${seed}: ${steps.join(' ')}`)
    assert.deepEqual(linked, { ann: [], bo: [] }, `seed ${seed}: ${steps.join(' ')}`)
  }
  assert.ok(arrivals > WALKS / 4, 'the walk gets about')
})

it('who knows one password connects identities to that account alone', async () => {
  let connected = 0
  for (let seed = 1; seed <= WALKS; seed++) {
    const { sub, linked, steps } = await walk(seed, ['ann@example.com'])
    connected += linked.ann.length
    assert.notEqual(sub, bo.sub, `seed ${seed}: ${steps.join(' ')}`)
    assert.deepEqual(linked.bo, [], `seed ${seed}: ${steps.join(' ')}`)
  }
  assert.ok(connected > 0, 'the walk gets about')
})
