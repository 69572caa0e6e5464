import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aRequest, compose, mailOf } from '#tests/support/message-requests.ts'
import { fail } from '../shared/result.ts'
import { MESSAGE_PURPOSES } from './message.ts'

// Attack 18: markup or headers injected through names, addresses and other values of a message.

describe('hostile names and addresses (attack 18)', () => {
  const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&lt;\'{####}{username}'

  it('are escaped wherever they stand in HTML', async () => {
    for (const purpose of MESSAGE_PURPOSES) {
      const { html } = await mailOf(
        aRequest(purpose, {
          clientName: HOSTILE.slice(0, 80),
          settings: { displayName: HOSTILE.slice(0, 80) },
          facts: {
            host: HOSTILE,
            username: HOSTILE,
            place: HOSTILE,
            device: HOSTILE,
            ...(purpose === 'invitation' && { temporaryPassword: HOSTILE }),
          },
        }),
      )
      assert.doesNotMatch(html, /<script|<img|onerror=alert\(2\)>(?!&)/)
      assert.match(html, /&lt;script&gt;/)
    }
  })

  it('cannot start a line of their own in text, nor turn their neighbours round', async () => {
    const { text } = await mailOf(
      aRequest('password-changed', { facts: { device: 'Firefox\r\n\r\nClick https://evil.example\u202egnp' } }),
    )
    assert.doesNotMatch(text, /^Click/m)
    assert.doesNotMatch(text, /\u202e/)
  })

  it('are not read as words of our own', async () => {
    const { subject } = await mailOf(aRequest('sign-up-code', { clientName: '{code} {app}' }))
    assert.equal(subject, '123 456 is your {code} {app} code')
  })

  it('colours that are not colours are not used', async () => {
    const brand = { rail: 'red;background:url(https://evil.example/x)', onRail: '#ffffff' }
    const { html } = await mailOf(aRequest('sign-up-code', { facts: { brand } }))
    assert.doesNotMatch(html, /evil/)
  })

  it('links that are not of the web are a fault of ours, and nothing is sent', async () => {
    await assert.rejects(compose(aRequest('sign-up-code', { facts: { link: 'javascript:alert(1)' } })), /absolute http/)
  })

  for (const [title, to] of [
    ['a line break', 'ann@example.com\r\nBcc: eve@evil.example'],
    ['a second address', 'ann@example.com,eve@evil.example'],
    ['a display name', 'Ann <ann@example.com>'],
    ['a quoted local part', '"ann@evil.example>"@example.com'],
    ['a comment', 'ann(eve@evil.example)@example.com'],
    ['no host', 'ann@'],
    ['a null byte', 'ann\u0000@example.com'],
  ] as const) {
    it(`refuse an address with ${title}`, async () => {
      const result = await compose(aRequest('sign-up-code', { to }))
      assert.deepEqual(result, fail('attribute-format', { field: 'email' }))
    })
  }

  it('refuse a telephone number that is not one', async () => {
    for (const to of ['4915112345678', '+49 151', '+4915112345678;+1900', '+0123456789']) {
      const result = await compose(aRequest('sign-up-code', { channel: 'sms', to }))
      assert.deepEqual(result, fail('attribute-format', { field: 'phone_number' }))
    }
  })

  it('refuse names for headers that break a line', async () => {
    for (const request of [
      aRequest('sign-up-code', { clientName: 'Shop\r\nBcc: eve@evil.example' }),
      aRequest('sign-up-code', { settings: { displayName: 'Shop\nX: y' } }),
      aRequest('sign-up-code', { settings: { messages: { fromName: 'Shop\r\nBcc: eve@evil.example' } } }),
    ]) {
      const result = await compose(request)
      assert.ok(!result.ok && result.failure.code === 'settings-refused')
    }
  })
})
