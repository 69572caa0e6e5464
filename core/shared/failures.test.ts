import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { FAILURES, type Face, type FailureCode, masked } from './failures.ts'
import { LOCALES } from './locales.ts'

const catalogue = Object.entries(FAILURES) as [FailureCode, Face][]

describe('the catalogue of failures', () => {
  it('gives every failure every face', () => {
    for (const [code, face] of catalogue) {
      assert.match(code, /^[a-z]+(?:-[a-z]+)*$/)
      assert.match(face.cognito, /^[A-Z]\w+Exception$/, code)
      assert.ok([400, 403, 404, 409, 429].includes(face.http), code)
      assert.ok(face.oauth === null || ['invalid_grant', 'access_denied', 'invalid_request'].includes(face.oauth), code)
      assert.match(face.message, /^[a-z]+\.[a-zA-Z]+$/, code)
    }
  })

  it('has words for every failure in every language, none of them empty', () => {
    for (const { tag } of LOCALES) {
      const words = JSON.parse(readFileSync(new URL(`../../locales/${tag}.json`, import.meta.url), 'utf8')).message
      for (const [code, { message }] of catalogue) {
        const text = words[message] ?? message.split('.').reduce((at, key) => at?.[key], words)
        assert.ok(typeof text === 'string' && text.trim() !== '', `${tag} has no words for ${code} (${message})`)
      }
    }
  })

  it('masks only as a failure that is not masked itself, with the same words and status', () => {
    for (const [code, face] of catalogue) {
      if (face.maskedAs === undefined) continue
      assert.ok(Object.hasOwn(FAILURES, face.maskedAs), code)
      const mask: Face = FAILURES[face.maskedAs as FailureCode]
      assert.equal(mask.maskedAs, undefined, code)
      assert.deepEqual([face.message, face.http, face.oauth], [mask.message, mask.http, mask.oauth], code)
    }
  })

  it('masks everything that would tell whether an account exists', () => {
    const telling = ['user-unknown', 'user-disabled'] as const
    for (const code of telling) {
      assert.equal(masked(code, true), 'wrong-credentials')
      assert.equal(masked(code, false), code)
    }
    for (const [code, face] of catalogue) if (face.maskedAs === undefined) assert.equal(masked(code, true), code)
  })

  it('answers 429 to what is throttled', () => {
    for (const [code, face] of catalogue)
      assert.equal(
        face.http === 429,
        /^(?:too-many-(?!identities)|code-attempts-spent|factor-attempts-spent|code-too-soon)/.test(code),
        code,
      )
  })
})
