import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryBreaches } from '#tests/support/memory/breaches.ts'
import { PoolSettings } from '../pools/pool-settings.ts'
import { compromisedPasswords, listedPasswords } from './compromised.ts'
import { exposureFacts, findExposure } from './exposure.ts'
import { checkNewPassword } from './password-policy.ts'
import type { BreachSource } from './ports.ts'

const LEAKED = 'a walk in the rain'

const poolWith = (compromisedCredentials: object) => ({
  id: 'eu-local-1_AbCdEfGhI',
  name: 'Gardeners',
  settings: PoolSettings.parse({ compromisedCredentials }),
})

const checkOver = (breaches = memoryBreaches(LEAKED)) =>
  checkNewPassword({
    users: { formerPasswords: async () => [] },
    passwords: { verify: async (password, hash) => hash === `hash of ${password}` },
    commonPasswords: { load: async () => new Set<string>() },
    compromised: breaches,
  })

describe('a password that others know', () => {
  it('is refused as a new one, at sign-up and at a change, unless the pool says otherwise', async () => {
    for (const occasion of ['signUp', 'passwordChange'] as const) {
      for (const action of [undefined, 'block', 'change'] as const) {
        const pool = poolWith(action === undefined ? {} : { [occasion]: action })
        const checked = await checkOver()({ pool, password: LEAKED, context: [], replaces: null, occasion })
        assert.equal(checked.ok || checked.failure.code, 'new-password-breached')
        assert.equal(checked.ok || checked.failure.field, 'password')
        assert.deepEqual(checked.exposure, { occasion, source: 'file', action: action ?? 'block' })
      }
    }
  })

  it('is taken where the pool only wants to tell, and reported', async () => {
    const pool = poolWith({ signUp: 'tell' })
    const checked = await checkOver()({ pool, password: LEAKED, context: [], replaces: null, occasion: 'signUp' })
    assert.deepEqual(checked, {
      ok: true,
      value: LEAKED,
      exposure: { occasion: 'signUp', source: 'file', action: 'tell' },
    })
  })

  it('is looked up nowhere where the pool does not want to know', async () => {
    const breaches = memoryBreaches(LEAKED)
    const pool = poolWith({ signUp: 'off' })
    const checked = await checkOver(breaches)({
      pool,
      password: LEAKED,
      context: [],
      replaces: null,
      occasion: 'signUp',
    })
    assert.equal(checked.ok, true)
    assert.deepEqual(breaches.asked, [])
  })

  it('is looked up in its composed form, and not at all when it is refused anyway', async () => {
    const breaches = memoryBreaches()
    const pool = poolWith({})
    const input = { pool, context: [], replaces: { sub: 'ann', hash: 'hash of au café du coin' } }
    await checkOver(breaches)({ ...input, password: 'short', occasion: 'signUp' })
    await checkOver(breaches)({ ...input, password: 'au cafe\u0301 du coin', occasion: 'signUp' })
    assert.deepEqual(breaches.asked, ['au café du coin'])
  })

  it('is reported with source and action alone', () => {
    assert.deepEqual(exposureFacts({ occasion: 'signIn', source: 'range', action: 'change' }), {
      type: 'credentials.compromised',
      detail: { occasion: 'signIn', source: 'range', action: 'change' },
    })
  })
})

describe('while no source can tell', () => {
  const silent = memoryBreaches(LEAKED)
  silent.setAvailable(false)

  it('passwords pass, unless the pool insists', async () => {
    const check = checkOver(silent)
    const input = { password: 'some other sentence', context: [], replaces: null, occasion: 'signUp' } as const
    assert.equal((await check({ ...input, pool: poolWith({}) })).ok, true)
    const refused = await check({ ...input, pool: poolWith({ whenUnavailable: 'block' }) })
    assert.equal(refused.ok || refused.failure.code, 'new-password-unchecked')
  })

  it('sign-ins pass too, unless the pool insists', async () => {
    const find = findExposure({ compromised: silent })
    assert.equal(await find(poolWith({}).settings, 'signIn', LEAKED), null)
    assert.equal(await find(poolWith({ whenUnavailable: 'block' }).settings, 'signIn', LEAKED), 'unchecked')
    assert.equal(await find(poolWith({ signIn: 'off', whenUnavailable: 'block' }).settings, 'signIn', LEAKED), null)
  })
})

describe('several sources', () => {
  const named = (name: BreachSource, passwords: ReturnType<typeof memoryBreaches>) => ({ name, passwords })

  it('are asked in order until one knows, and each answer is counted', async () => {
    const [list, file, range] = [memoryBreaches(), memoryBreaches(LEAKED), memoryBreaches(LEAKED)]
    const counted: string[] = []
    const all = compromisedPasswords([named('list', list), named('file', file), named('range', range)], (...answer) => {
      counted.push(answer.join(' '))
    })
    assert.deepEqual(await all.find(LEAKED), { source: 'file', count: 7 })
    assert.deepEqual(range.asked, [])
    assert.deepEqual(counted, ['list clean', 'file found'])
  })

  it('know what one of them knows, though another cannot tell', async () => {
    const silent = memoryBreaches()
    silent.setAvailable(false)
    const both = compromisedPasswords([named('file', silent), named('range', memoryBreaches(LEAKED))])
    assert.deepEqual(await both.find(LEAKED), { source: 'file', count: 7 })
    assert.equal(await both.find('unknown to the other'), 'unavailable')
  })

  it('say nothing of a password where there are none', async () => {
    assert.equal(await compromisedPasswords([]).find(LEAKED), null)
  })

  it('find a listed password in any case and form, and no sentence around it', async () => {
    const list = listedPasswords({ load: async () => new Set(['password']) })
    for (const typed of ['password', 'PassWord', 'ｐａｓｓｗｏｒｄ'])
      assert.deepEqual(await list.find(typed), { source: 'list', count: null })
    assert.equal(await list.find('password of the day'), null)
  })
})
