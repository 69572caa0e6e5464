import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryBreaches } from '#tests/support/memory/breaches.ts'
import { PoolSettings, type PoolSettingsInput } from '../pools/pool-settings.ts'
import { easyToGuess } from './easy-to-guess.ts'
import { checkNewPassword, checkPasswordRules, normalisePassword, type PasswordToCheck } from './password-policy.ts'

const KNOWN = new Set(['password', 'qwerty', 'dragon', 'letmein', '1qaz2wsx3edc4rfv', 'iloveyou'])

const poolWith = (settings: PoolSettingsInput) => ({
  id: 'eu-local-1_AbCdEfGhI',
  name: 'Gardeners',
  settings: PoolSettings.parse(settings),
})

const policyOver = (former: string[] = [], breaches = memoryBreaches()) => {
  let compared = 0
  const ofAnyPool = checkNewPassword({
    users: { formerPasswords: async (_pool, _sub, count) => former.slice(0, count) },
    passwords: {
      verify: async (password, hash) => {
        compared++
        return hash === `hash of ${password}`
      },
    },
    commonPasswords: { load: async () => KNOWN },
    compromised: breaches,
  })
  const check = (input: Omit<PasswordToCheck, 'occasion'>) => ofAnyPool({ occasion: 'passwordChange', ...input })
  return { check, ofAnyPool, compared: () => compared }
}

const codeOf = (result: { ok: boolean; failure?: { code: string; params?: object } }) =>
  result.ok ? 'ok' : [result.failure?.code, ...Object.values(result.failure?.params ?? {})].join(' ')

describe('the rules of a pool for new passwords', () => {
  const nist = PoolSettings.parse({})
  const cognito = PoolSettings.parse({ passwordPolicy: { preset: 'cognito' } })

  it('refuse an empty one', () => assert.equal(codeOf(checkPasswordRules(nist, '')), 'new-password-empty'))
  it('refuse more than 1,024 bytes, however many characters that is', () => {
    assert.equal(codeOf(checkPasswordRules(nist, 'x'.repeat(1025))), 'new-password-long 1024')
    assert.equal(codeOf(checkPasswordRules(nist, '😀'.repeat(257))), 'new-password-long 1024')
    assert.equal(codeOf(checkPasswordRules(nist, 'x'.repeat(5_000_000))), 'new-password-long 1024')
    assert.equal(codeOf(checkPasswordRules(nist, '😀'.repeat(256))), 'ok')
  })
  it('ask for 15 characters, or 8 where a second factor is required', () => {
    assert.equal(codeOf(checkPasswordRules(nist, 'a'.repeat(14))), 'new-password-short 15')
    assert.equal(
      codeOf(checkPasswordRules(PoolSettings.parse({ mfa: 'required' }), 'a'.repeat(7))),
      'new-password-short 8',
    )
    assert.equal(codeOf(checkPasswordRules(PoolSettings.parse({ mfa: 'required' }), 'a'.repeat(8))), 'ok')
  })
  it('count characters, not bytes and not code units, after composing them', () => {
    assert.equal(codeOf(checkPasswordRules(nist, '😀'.repeat(14))), 'new-password-short 15')
    assert.equal(codeOf(checkPasswordRules(nist, 'e\u0301'.repeat(14))), 'new-password-short 15')
    assert.deepEqual(checkPasswordRules(nist, 'e\u0301'.repeat(15)), { ok: true, value: 'é'.repeat(15) })
  })
  it('ask for all four classes in the Cognito preset, and name the missing ones', () => {
    assert.equal(codeOf(checkPasswordRules(cognito, 'abcdefgh')), 'new-password-rules uppercase, numbers, symbols')
    assert.equal(codeOf(checkPasswordRules(cognito, 'Abcdefg1 ')), 'new-password-rules symbols')
    assert.equal(codeOf(checkPasswordRules(cognito, 'Abcdef 1')), 'ok')
    assert.equal(codeOf(checkPasswordRules(cognito, 'Äbcdef1!')), 'ok')
  })
  it('ask for no class otherwise', () => assert.equal(codeOf(checkPasswordRules(nist, 'a walk in the rain')), 'ok'))
})

describe('a typed password', () => {
  it('is the same whichever keyboard composed it', () => assert.equal(normalisePassword('cafe\u0301'), 'café'))
  it('is none when it is too long to be one of ours', () => assert.equal(normalisePassword('x'.repeat(1025)), null))
  it('keeps its blanks', () => assert.equal(normalisePassword(' a b '), ' a b '))
})

describe('a password that is easy to guess', () => {
  const context = ['annabelle', 'annabelle@example.com', 'Gardeners']
  const guessed: [string, string][] = [
    ['password', 'known'],
    ['PassWord', 'known'],
    ['p@ssw0rd', 'known'],
    ['Password1234567', 'known'],
    ['!!password2026!!', 'known'],
    ['dragon1234567890', 'known'],
    ['iloveyouiloveyou', 'known'],
    ['1qaz2wsx3edc4rfv', 'known'],
    ['ｐａｓｓｗｏｒｄ１２３４５６７', 'known'],
    ['aaaaaaaaaaaaaaaa', 'repetition'],
    ['gartengartengarten', 'repetition'],
    ['abcdefghijklmnop', 'sequence'],
    ['qwertyuiopasdfgh', 'sequence'],
    ['987654321zyxwvut', 'sequence'],
    ['annabelle@example.com', 'context'],
    ['Gardeners-12345', 'context'],
    ['AnnabelleGardeners', 'context'],
    ['annabelle123456789', 'context'],
  ]
  for (const [password, reason] of guessed) {
    it(`is refused: ${password}`, () => assert.equal(easyToGuess(password, KNOWN, context), reason))
  }
  for (const password of [
    'correct horse battery staple',
    'a dragon in my kitchen',
    'vT7#qzR!m2Lk9wPx',
    'annabelle walks the dog',
    '日本語のパスワードを考える',
  ]) {
    it(`is not: ${password}`, () => assert.equal(easyToGuess(password, KNOWN, context), null))
  }
  it('is decided in linear time, whatever is typed', () => {
    assert.equal(easyToGuess(`${'1!'.repeat(500)}x${'!2'.repeat(11)}`, KNOWN, []), null)
  })
})

describe('checking a new password', () => {
  const fine = 'a walk in the rain'

  it('refuses what is easy to guess, unless the pool does not mind', async () => {
    const { check } = policyOver()
    const input = { password: 'Password1234567', context: [], replaces: null }
    assert.equal(codeOf(await check({ ...input, pool: poolWith({}) })), 'new-password-common')
    assert.equal(codeOf(await check({ ...input, pool: poolWith({ passwordPolicy: { blockCommon: false } }) })), 'ok')
  })
  it("refuses the person's and the pool's own names", async () => {
    const { check } = policyOver()
    for (const password of ['annabelle+gardeners', 'gardeners gardeners 1']) {
      assert.equal(
        codeOf(await check({ pool: poolWith({}), password, context: ['annabelle@example.com'], replaces: null })),
        'new-password-common',
      )
    }
  })
  it('refuses the present password and the former ones the pool remembers', async () => {
    const { check } = policyOver(['hash of the one before it', 'hash of an even older one'])
    const pool = poolWith({ passwordPolicy: { historySize: 2 } })
    const replaces = { sub: 'ann', hash: `hash of ${fine}` }
    assert.equal(codeOf(await check({ pool, password: fine, context: [], replaces })), 'new-password-same')
    assert.equal(
      codeOf(await check({ pool, password: 'the one before it', context: [], replaces })),
      'new-password-same',
    )
    assert.equal(codeOf(await check({ pool, password: 'an even older one', context: [], replaces })), 'ok')
  })
  it('spends no hash where the pool keeps no history, nor on what the rules refuse', async () => {
    const { check, compared } = policyOver(['hash of something old'])
    const replaces = { sub: 'ann', hash: 'hash of something' }
    await check({ pool: poolWith({}), password: fine, context: [], replaces })
    await check({ pool: poolWith({ passwordPolicy: { historySize: 5 } }), password: 'short', context: [], replaces })
    assert.equal(compared(), 0)
  })
  it('gives the composed form to hash', async () => {
    const { check } = policyOver()
    const result = await check({ pool: poolWith({}), password: 'au cafe\u0301 du coin', context: [], replaces: null })
    assert.deepEqual(result, { ok: true, value: 'au café du coin', exposure: null })
  })
})
