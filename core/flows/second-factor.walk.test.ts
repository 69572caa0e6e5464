import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Fault,
  hashes,
  type Knowledge,
  mailOf,
  NAMES,
  type Name,
  NOTHING,
  PEOPLE,
  secretOf,
  type Walked,
  walk,
} from '#tests/support/factor-walk.ts'
import { ACR_MULTI_FACTOR, reaches } from '../factors/index.ts'
import { mayFinish } from './finish-flow.ts'

// Attacks 37, 41, 42, 48, 49 and 51: no walk through the pages of two journeys at once, in any order, with codes, tokens and
// ids stolen or stale, ends signed in without the proofs that pool, person and app demand, with somebody's password changed
// without proof of control, or with somebody's factor replaced.

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
    const found = proof === null ? null : await journey.users.findBySub(pool.id, proof.sub)
    const user = found?.user ?? null
    const email = String(user?.attributes.email)
    if (proof !== null) assert.ok(controls(email, knowledge), said(`signed in as ${email} by ${proof.amr.join(' ')}`))
    if (ended.step !== 'done' || proof === null || refusal !== null) continue
    const factors = await ports.factors.list(pool.id, proof.sub)
    const last = mayFinish({ pool, flow: ended, user, password: found?.password ?? null, client, factors })
    if (!last.ok) {
      // The other journey set up an app, or replaced the password, after this one had come to its end.
      assert.match(
        last.failure.because ?? '',
        /a second factor is owed|signed out everywhere|password was replaced/,
        said('the last word'),
      )
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

const WALKS = 160

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
