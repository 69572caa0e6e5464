import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fillHtml, fillText, templateProblems } from './operator-template.ts'

const values = { secret: '123456', link: 'https://a.example/?x=1&y=2', username: 'ann' }
const code = { secret: true, username: false }

describe("an operator's template", () => {
  it('may hold a link instead of the code in mail, not in an SMS', () => {
    const template = { subject: null, text: 'Open {##Verify Email##}', html: null }
    assert.deepEqual(templateProblems(template, 'email', code), [])
    assert.deepEqual(templateProblems(template, 'sms', code), ['code-placeholder-missing'])
  })

  it('is judged body by body: text without the code does not pass because HTML has it', () => {
    const template = { subject: null, text: 'Hello', html: '{####}' }
    assert.deepEqual(templateProblems(template, 'email', code), ['code-placeholder-missing'])
  })

  it('is filled in one pass: a name that looks like a placeholder stays a name', () => {
    assert.equal(fillText('{username}: {####}', { ...values, username: '{####}' }), '{####}: 123456')
  })

  it('escapes values in HTML and nothing of its own', () => {
    assert.equal(
      fillHtml('<b>{username}</b> {##Go & see##}', { ...values, username: '<i>' }),
      '<b>&lt;i&gt;</b> <a href="https://a.example/?x=1&amp;y=2">Go &amp; see</a>',
    )
  })

  it('does not lose a dollar sign of a value', () => {
    assert.equal(fillText('{####}', { ...values, secret: "$& $1 $'" }), "$& $1 $'")
  })

  it('shows a placeholder that has no value as it was written', () => {
    assert.equal(fillText('{##Go##} {username}', { ...values, link: null, username: null }), '{##Go##} {username}')
  })
})
