import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PageFrame } from '#core/flows/flow-view.ts'
import { attributeLabel, failureText } from './failure-text.ts'
import { fixtureOf } from './fixtures.ts'
import { translatorOf } from './i18n.ts'

const frame = (): PageFrame => {
  const model = fixtureOf('sign-in', 'fresh', 'en', { css: '/a.css', passkeys: '', script: '/a.js', marks: '/a.svg' })
  assert.ok(model?.kind === 'flow')
  return model.view.frame
}
const en = translatorOf('en')
const says = (message: string, params: Record<string, string | number> = {}, known = {}, field: string | null = null) =>
  failureText({ message, params, field }, frame(), en, known)

describe('the words of a failure', () => {
  it('name the identifier as its label does', () => {
    assert.equal(
      says('signin.failed', {}, { kind: 'email' }),
      'The email address or password is not right. Check both, or reset your password.',
    )
    assert.match(says('signin.failed', {}, { kind: 'username' }), /^The user name or password/)
  })

  it('count in the singular and the plural', () => {
    assert.equal(says('signin.throttled', { minutes: 1 }), 'Too many tries. Wait 1 minute, or reset your password.')
    assert.equal(says('code.short', { n: 4 }), 'You have entered 4 numbers. The code has 6.')
  })

  it('join what a password lacks as the language joins it', () => {
    assert.equal(says('newpassword.rules', { missing: 'uppercase, numbers' }), 'Add a capital letter and a number.')
    assert.equal(
      failureText(
        { message: 'newpassword.rules', params: { missing: 'lowercase, symbols' }, field: 'password' },
        frame(),
        translatorOf('de'),
      ),
      'Ergänzen Sie einen Kleinbuchstaben und ein Sonderzeichen.',
    )
  })

  it('call an attribute by its label', () => {
    assert.equal(says('attribute.missing', {}, {}, 'given_name'), 'Fill in “Given name”.')
    assert.equal(attributeLabel('custom:team', 'Reading circle', en), 'Reading circle')
    assert.equal(attributeLabel('custom:team', null, en), 'team')
  })

  it('are the general ones for a message nobody wrote, or one whose numbers are missing', () => {
    assert.match(says('no.such.message'), /^Sorry, there is a problem on our side/)
    assert.match(says('code.short'), /^Sorry, there is a problem on our side/)
  })

  it('quote what an identity provider said, and do without where it said nothing', () => {
    const refused = (params: Record<string, string>) => says('upstream.refused', { provider: 'Google', ...params })
    assert.equal(refused({}), 'Google could not sign you in. Try again, or use another way.')
    for (const description of ['', 'access_denied', 'access_denied: ', 'status-refused: Responder, AuthnFailed'])
      assert.equal(refused({ description }), refused({}), description)
    for (const code of ['access_denied: ', 'status-refused: Responder, ', 'status-refused: Responder, NoPassive, '])
      assert.equal(refused({ description: `${code}Sorry, not today` }), refused({ description: 'Sorry, not today' }))
    assert.equal(
      refused({ description: 'no consent {given}' }),
      'Google could not sign you in. It said: “no consent {given}”. Try again, or use another way.',
    )
  })

  it('set foreign names apart from a sentence that reads from right to left', () => {
    const failure = {
      message: 'upstream.refused',
      params: { provider: 'Staff (SSO)', description: 'no.' },
      field: null,
    }
    const text = failureText(failure, { ...frame(), dir: 'rtl' }, translatorOf('ar'))
    assert.match(text, /\u2068Staff \(SSO\)\u2069.*«\u2068no\.\u2069»/)
  })

  it('name what a provider kept to itself by its labels', () => {
    assert.equal(
      says('upstream.incomplete', { provider: 'X', attributes: 'email,custom:team' }),
      'X did not tell us what is needed here: Email address and team. Allow it there and try again, or use another way.',
    )
  })

  it('are a trigger owner’s own where they were made public', () => {
    const failure = { message: 'trigger.refused', params: {}, field: null, text: 'Members of the shop only.' }
    assert.equal(failureText(failure, frame(), en), 'Members of the shop only.')
    assert.equal(says('trigger.refused'), "We can't continue right now. Contact the people who run Fjord Books.")
  })
})
