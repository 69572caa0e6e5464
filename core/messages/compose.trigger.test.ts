import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aRequest, clock, mailOf, random, smsOf } from '#tests/support/message-requests.ts'
import { fail, ok } from '../shared/result.ts'
import type { CustomMessageAnswer } from '../triggers/ports.ts'
import { composeMessage } from './compose.ts'

describe('the custom-message trigger', () => {
  const about = { clientId: 'c', eventId: 'e', username: 'ann', attributes: {}, clientMetadata: {} }
  const withAnswer = (answer: CustomMessageAnswer | null) => {
    const calls: unknown[] = []
    const reported: (readonly string[])[] = []
    const composing = composeMessage({
      random,
      clock,
      triggers: {
        customMessage: async (call) => {
          calls.push(call)
          return ok(answer)
        },
      },
      onUnusableAnswer: (_poolId, problems) => reported.push(problems),
    })
    return { composing, calls, reported }
  }

  it("is told what is sent, with Cognito's placeholders and never the code", async () => {
    const { composing, calls } = withAnswer(null)
    await mailOf(aRequest('recovery-code', { about }), composing)
    assert.deepEqual(calls, [
      {
        ...about,
        poolId: 'eu-local-1_AbCdEfGhI',
        locale: 'en',
        source: 'forgot-password',
        codeParameter: '{####}',
        linkParameter: '{##Click Here##}',
      },
    ])
  })

  it('is not asked about notices', async () => {
    const { composing, calls } = withAnswer(null)
    await mailOf(aRequest('password-changed', { about }), composing)
    await mailOf(aRequest('account-exists', { about }), composing)
    assert.deepEqual(calls, [])
  })

  it('replaces subject and body, values escaped in its HTML', async () => {
    const { composing } = withAnswer({
      subject: 'Hello {username}',
      text: null,
      html: '<h1>{username}</h1><p>{####} or {##Verify Email##}</p>',
    })
    const request = aRequest('sign-up-code', { about, facts: { username: '<b>{####}' } })
    const { subject, html, text } = await mailOf(request, composing)
    assert.equal(subject, 'Hello <b>{####}')
    assert.equal(
      html,
      '<h1>&lt;b&gt;{####}</h1><p>123456 or <a href="https://auth.example.com/confirmUser?token=a&amp;b">Verify Email</a></p>',
    )
    assert.match(text, /123456 or Verify Email: https:\/\/auth\.example\.com\/confirmUser\?token=a&b/)
  })

  it('replaces an SMS and keeps the line that binds the code to the host', async () => {
    const { composing } = withAnswer({ subject: null, text: 'Code {####}', html: null })
    assert.equal(await smsOf(aRequest('sign-up-code', { about }), composing), 'Code 123456\n@auth.example.com #123456')
  })

  for (const [title, answer, problem] of [
    ['without the code', { subject: null, text: null, html: '<p>Hello</p>' }, 'code-placeholder-missing'],
    [
      'with a subject of two lines',
      { subject: 'a\r\nBcc: x@y.example', text: null, html: null },
      'subject-breaks-line',
    ],
    ['with a subject that is too long', { subject: 'x'.repeat(141), text: null, html: null }, 'too-long'],
    ['with a body that is too long', { subject: null, text: null, html: `{####}${'x'.repeat(20_000)}` }, 'too-long'],
  ] as const) {
    it(`is reported and not used when it answers ${title}`, async () => {
      const { composing, reported } = withAnswer(answer)
      const { subject } = await mailOf(aRequest('sign-up-code', { about }), composing)
      assert.equal(subject, '123 456 is your Meridian Shop code')
      assert.deepEqual(reported, [[problem]])
    })
  }

  it('needs name and password in an invitation', async () => {
    const { composing, reported } = withAnswer({ subject: null, text: 'Your password: {####}', html: null })
    await mailOf(aRequest('invitation', { about }), composing)
    assert.deepEqual(reported, [['username-placeholder-missing']])
  })

  it('limits an SMS to 140 characters after substitution', async () => {
    const { composing, reported } = withAnswer({
      subject: null,
      text: `{####}${'x'.repeat(134)}{username}`,
      html: null,
    })
    await smsOf(aRequest('sign-up-code', { about, facts: { username: 'y'.repeat(50) } }), composing)
    assert.equal(reported.length, 1)
  })

  it('may refuse', async () => {
    const composing = composeMessage({
      random,
      clock,
      triggers: { customMessage: async () => fail('trigger-refused') },
    })
    assert.deepEqual(await composing(aRequest('sign-up-code', { about })), fail('trigger-refused'))
  })
})
