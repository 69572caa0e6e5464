import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { LOCALES } from '#core/shared/locales.ts'
import { ACTIVITY_KINDS, activityKind } from './own-activity.ts'

/** Said of whatever has no words of its own; changed details are just that. */
const DETAILS_CHANGED = 'user.updated'

describe('the activity of an account', () => {
  it('has words of its own for all that it shows, in every language', () => {
    const shown = Object.values(ACTIVITY_KINDS).flat()
    for (const { tag } of LOCALES) {
      const catalogue = JSON.parse(readFileSync(new URL(`../../locales/${tag}.json`, import.meta.url), 'utf8'))
      const sentence: string = catalogue.account.activity.what
      for (const type of shown.filter((each) => each !== DETAILS_CHANGED)) {
        const key = type.replace(/[._](\w)/g, (_, letter: string) => letter.toUpperCase())
        assert.ok(sentence.includes(` ${key} {`), `${tag}: ${type}`)
      }
    }
  })

  it('is shown whole where the filter is none of ours', () => {
    for (const typed of [null, '', 'toString', 'all']) assert.equal(activityKind(typed), null)
    assert.equal(activityKind('sign-ins'), 'sign-ins')
  })
})
