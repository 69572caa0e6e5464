import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { riskFacts } from '#tests/support/risk-facts.ts'
import { emptyProfile } from '../profile.ts'
import { newLanguage } from './new-language.ts'

describe('a new language', () => {
  it('says nothing of a header that is absent, empty or cannot be read', () => {
    for (const acceptLanguage of [null, '', '*', ';q=1', '1234', '–'])
      assert.equal(newLanguage(riskFacts({ request: { acceptLanguage } })), null, String(acceptLanguage))
  })
  it('says nothing of a person without a history', () => {
    assert.equal(newLanguage(riskFacts({ profile: emptyProfile(), request: { acceptLanguage: 'pt' } })), null)
  })
  it('tells of a browser that prefers a language the person never preferred', () => {
    assert.equal(newLanguage(riskFacts({ request: { acceptLanguage: 'en-US,en;q=0.9' } }))?.strength, 1)
  })
  it('takes the countries of one language for one', () => {
    assert.equal(newLanguage(riskFacts({ request: { acceptLanguage: 'de-AT,de;q=0.9' } })), null)
  })
})
