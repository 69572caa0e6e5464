import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { KNOWN_PROVIDERS, knownProvider } from './index.ts'
import { settingsOf, unfitWords } from './known-provider.ts'

const WORDS: Readonly<Record<string, Record<string, string>>> = {
  microsoft: { tenant: '00000000-0000-0000-0000-000000000000' },
  apple: { teamId: 'ABCDE12345', keyId: 'KEY1234567' },
  facebook: { version: 'v17.0' },
  gitlab: { host: 'gitlab.com' },
}
const OURS = { clientId: 'c' }

describe('providers that everybody knows', () => {
  for (const known of KNOWN_PROVIDERS) {
    it(`sets ${known.key} up from a client id and a secret`, () => {
      const settings = settingsOf(known, OURS, WORDS[known.key])
      assert.equal(settings.name, known.name)
      assert.ok(!JSON.stringify(settings).includes('{'.concat('tenant')), 'no word is left open')
      assert.ok(!/\{\w+\}/.test(JSON.stringify(settings)))
      assert.equal(settings.trustsAmr, false)
      assert.notEqual(settings.trustsEmail, 'always')
    })
  }

  it('has each once, and finds it by its key', () => {
    assert.equal(new Set(KNOWN_PROVIDERS.map(({ key }) => key)).size, KNOWN_PROVIDERS.length)
    assert.equal(new Set(KNOWN_PROVIDERS.map(({ name }) => name)).size, KNOWN_PROVIDERS.length)
    assert.equal(knownProvider('github')?.name, 'GitHub')
    assert.equal(knownProvider('constructor'), null)
  })

  it('believes addresses of none that lets others write them', () => {
    for (const key of ['microsoft', 'facebook', 'amazon', 'discord', 'linkedin', 'x'])
      assert.equal(settingsOf(knownProvider(key) ?? assert.fail(key), OURS, WORDS[key]).trustsEmail, 'never', key)
  })

  it('takes no word that would lead elsewhere', () => {
    const [microsoft, gitlab] = [knownProvider('microsoft'), knownProvider('gitlab')]
    assert.ok(microsoft !== null && gitlab !== null)
    for (const tenant of ['', 'common', 'organizations', '../x', 'a/b', '{tenant}'])
      assert.deepEqual(unfitWords(microsoft, { tenant }), ['tenant'], tenant)
    for (const host of ['', 'localhost', '10.0.0.1', 'gitlab.com/x', 'gitlab.com:1', 'u@gitlab.com', 'gitlab.com\n'])
      assert.deepEqual(unfitWords(gitlab, { host }), ['host'], host)
    assert.throws(() => settingsOf(microsoft, OURS), /microsoft needs tenant/)
  })

  it('lets the pool say otherwise, member by member', () => {
    const google = knownProvider('google') ?? assert.fail()
    const settings = settingsOf(google, {
      ...OURS,
      trustsEmail: 'never',
      authorizationParameters: { hd: 'fjord.example' },
    })
    assert.equal(settings.trustsEmail, 'never')
    assert.deepEqual(settings.authorizationParameters, { hd: 'fjord.example' })
    assert.throws(() => settingsOf(google, { ...OURS, unheardOf: 1 }))
  })
})
