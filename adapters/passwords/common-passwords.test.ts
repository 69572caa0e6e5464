import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { easyToGuess } from '#core/passwords/easy-to-guess.ts'
import { commonPasswords } from './common-passwords.ts'

describe('the list of common passwords', () => {
  it('knows the passwords guessers try first, and is read once', async () => {
    const source = commonPasswords()
    const words = await source.load()
    for (const word of ['password', '123456', 'qwerty', 'iloveyou', '1qaz2wsx3edc4rfv'])
      assert.ok(words.has(word), word)
    assert.equal(await source.load(), words)
  })

  it('leaves room for what people and password managers come up with', async () => {
    const words = await commonPasswords().load()
    for (const password of [
      'correct horse battery staple',
      'vT7#qzR!m2Lk9wPx',
      'we walk the dog at nine',
      'Bu5fahren im Regen',
      'xkcd-936-troubador',
    ]) {
      assert.equal(easyToGuess(password, words, ['ann@example.com', 'ann', 'Demo']), null, password)
    }
  })
})
