import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import ar from '#locales/mail.ar.json' with { type: 'json' }
import de from '#locales/mail.de.json' with { type: 'json' }
import en from '#locales/mail.en.json' with { type: 'json' }
import { durationIn, groupedCode, wordsIn } from './words.ts'

type Catalogue = Record<string, Record<string, string>>

const flat = (catalogue: Catalogue): Map<string, string> =>
  new Map(
    Object.entries(catalogue).flatMap(([section, entries]) =>
      Object.entries(entries).map(([key, words]): [string, string] => [`${section}.${key}`, words]),
    ),
  )

/** Names of the arguments of an ICU message. */
const argumentsOf = (words: string): string[] =>
  new IntlMessageFormat(words, 'en', undefined, { ignoreTag: true })
    .getAst()
    .flatMap((element) => (element.type === 0 || !('value' in element) ? [] : [String(element.value)]))
    .sort()

const source = flat(en)

describe('the words of messages', () => {
  for (const [tag, catalogue] of Object.entries({ de, ar })) {
    it(`are complete in ${tag}: the same keys as English, no more and no fewer`, () => {
      assert.deepEqual([...flat(catalogue).keys()].sort(), [...source.keys()].sort())
    })

    it(`have the same placeholders in ${tag} as in English`, () => {
      for (const [key, words] of flat(catalogue)) {
        // A short SMS in Arabic script may leave out words, never the code.
        assert.deepEqual(argumentsOf(words), argumentsOf(source.get(key) ?? ''), `${tag} ${key}`)
      }
    })

    it(`are not left in English in ${tag}`, () => {
      const same = [...flat(catalogue)].filter(([key, words]) => words === source.get(key)).map(([key]) => key)
      assert.deepEqual(same, tag === 'de' ? ['common.sentBy', 'invitation.username'] : ['common.sentBy'])
    })
  }

  it('hold no markup in any language', () => {
    for (const catalogue of [en, de, ar])
      for (const words of flat(catalogue).values()) assert.doesNotMatch(words, /[<>]/)
  })

  it('are not sent with a hole: a value that is absent is an error', () => {
    assert.throws(() => wordsIn('en')('signUpCode.reason'))
  })

  it('isolate names inside right-to-left sentences, except in an SMS', () => {
    assert.match(wordsIn('ar')('signUpCode.reason', { app: 'Shop' }), /\u2068Shop\u2069/)
    assert.doesNotMatch(wordsIn('ar', { plain: true })('signUpCode.sms', { app: 'Shop', code: '1' }), /[\u2066-\u2069]/)
  })

  it('name durations in the largest unit that divides evenly', () => {
    assert.deepEqual(
      [15, 60, 90, 10_080].map((minutes) => durationIn('en', minutes)),
      ['15 minutes', '1 hour', '90 minutes', '7 days'],
    )
    assert.equal(durationIn('de', 1), '1 Minute')
  })

  it('leave codes of another length whole', () => {
    assert.equal(groupedCode('12345678', 'en'), '12345678')
  })
})
