import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assessRisk, RiskSettings } from '#core/risk/index.ts'
import { LOCALES } from '#core/shared/locales.ts'
import { NOON } from '#tests/support/builders.ts'
import { aPlace, FIREFOX_ON_LINUX, riskFacts } from '#tests/support/risk-facts.ts'
import { translatorOf } from './i18n.ts'
import { riskBecause, riskReason } from './risk-reason.ts'

const en = translatorOf('en')

describe('the reasons of a judgement', () => {
  it('are whole sentences in every language, with nothing left to fill in', () => {
    const facts = riskFacts({
      device: null,
      counts: { accountFailures: 50, networkAccounts: 50 },
      isBadNetwork: true,
      credentialChangedAt: NOON,
      request: {
        ip: '177.10.1.1',
        place: aPlace({ country: 'BR' }),
        userAgent: FIREFOX_ON_LINUX,
        acceptLanguage: 'pt',
      },
    })
    const profile = { ...facts.profile, last: { ...aPlace(), at: NOON.getTime() / 1000 - 60 } }
    const { parts } = assessRisk(RiskSettings.parse({}), { ...facts, profile })
    assert.ok(parts.length >= 10)
    for (const { tag } of LOCALES)
      for (const part of parts) assert.doesNotMatch(riskReason(part, translatorOf(tag)), /[{}]|undefined|risk\./, tag)
  })

  it('name countries in the language of the reader, and cities where they are known', () => {
    const newPlace = (params: Record<string, string>, locale: 'en' | 'de') =>
      riskReason({ reason: 'newPlace', params }, translatorOf(locale))
    assert.match(newPlace({ country: 'FR', city: 'Lyon' }, 'en'), /Lyon, France/)
    assert.match(newPlace({ country: 'FR', city: '' }, 'de'), / von Frankreich aus/)
    assert.match(newPlace({ country: '??' }, 'en'), /\?\?/)
  })

  it('say what else shaped the judgement', () => {
    assert.match(riskBecause('coldStart', en), /few sign-ins/)
  })
})
