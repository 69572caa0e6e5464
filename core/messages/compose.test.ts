import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PoolSettings } from '../pools/pool-settings.ts'
import { LOCALES } from '../shared/locales.ts'
import { fail, ok } from '../shared/result.ts'
import type { CustomMessageAnswer } from '../triggers/ports.ts'
import { composeMessage, type MessageRequest } from './compose.ts'
import { MESSAGE_PURPOSES, type MessagePurpose, type RenderedEmail } from './message.ts'
import { smsSegments } from './sms-text.ts'

const NOW = new Date('2030-01-01T12:00:00Z')
const random = {
  bytes: (count: number) => new Uint8Array(count),
  text: (length: number) => 'x'.repeat(length),
  uuid: () => '00000000-0000-4000-8000-000000000000',
  uuidAt: () => '019470f0-0000-7000-8000-000000000001',
}
const clock = { now: () => NOW }
const compose = composeMessage({ random, clock })

const FACTS: Record<MessagePurpose, Partial<MessageRequest['facts']>> = {
  'sign-up-code': { code: '123456', link: 'https://auth.example.com/confirmUser?token=a&b', minutes: 15 },
  'recovery-code': { code: '123456', link: 'https://auth.example.com/forgotPassword?token=a', minutes: 15 },
  'verify-account-code': { code: '123456', minutes: 60 },
  'account-exists': {
    signInLink: 'https://auth.example.com/login',
    recoveryLink: 'https://auth.example.com/forgotPassword',
  },
  'password-changed': {
    at: NOW,
    place: 'Bern, CH',
    device: 'Firefox',
    recoveryLink: 'https://auth.example.com/forgotPassword',
  },
  invitation: {
    username: 'ann',
    temporaryPassword: 'brave-otter-52',
    minutes: 10_080,
    signInLink: 'https://auth.example.com/login',
  },
}

const aRequest = (
  purpose: MessagePurpose = 'sign-up-code',
  {
    facts,
    settings,
    ...more
  }: Partial<Omit<MessageRequest, 'facts'>> & {
    facts?: Partial<MessageRequest['facts']>
    settings?: Parameters<typeof PoolSettings.parse>[0]
  } = {},
): MessageRequest => ({
  pool: {
    id: 'eu-local-1_AbCdEfGhI',
    name: 'meridian',
    settings: PoolSettings.parse(settings ?? { displayName: 'Meridian' }),
  },
  clientName: 'Meridian Shop',
  channel: 'email',
  purpose,
  to: more.channel === 'sms' ? '+4915112345678' : 'ann@example.com',
  facts: { host: 'auth.example.com', locale: 'en', ...FACTS[purpose], ...facts },
  expiresAt: null,
  ...more,
})

const mailOf = async (request: MessageRequest, composing = compose): Promise<RenderedEmail> => {
  const result = await composing(request)
  assert.ok(result.ok, JSON.stringify(result))
  assert.equal(result.value.message.channel, 'email')
  return result.value.message as RenderedEmail
}
const smsOf = async (request: MessageRequest, composing = compose): Promise<string> => {
  const result = await composing({ ...request, channel: 'sms', to: '+4915112345678' })
  assert.ok(result.ok, JSON.stringify(result))
  return result.value.message.text
}

describe('a mail with a code', () => {
  it('begins its subject with the code in two groups', async () => {
    for (const { tag } of LOCALES) {
      const { subject } = await mailOf(aRequest('sign-up-code', { facts: { locale: tag } }))
      assert.match(subject, /^123[ \u00a0]456 /)
      assert.match(subject, /Meridian Shop/)
    }
  })

  it('keeps the two groups in order where text runs from right to left: the space is a no-break one', async () => {
    const { subject } = await mailOf(aRequest('sign-up-code', { facts: { locale: 'ar' } }))
    assert.ok(subject.startsWith('123\u00a0456'))
  })

  it('shows the code in 28 px mono, copied without a space', async () => {
    const { html } = await mailOf(aRequest())
    const block = /<div dir="ltr" style="([^"]*)">(.*?)<\/div>/.exec(html)
    assert.match(block?.[1] ?? '', /monospace;font-size:28px/)
    assert.equal(block?.[2]?.replace(/<[^>]*>/g, ''), '123456')
  })

  it('offers code and link where both were given, the link in text and as the one button', async () => {
    const { html, text } = await mailOf(aRequest())
    assert.match(text, /https:\/\/auth\.example\.com\/confirmUser\?token=a&b/)
    assert.equal(html.match(/<a /g)?.length, 1)
    assert.match(html, /href="https:\/\/auth\.example\.com\/confirmUser\?token=a&amp;b"/)
    assert.match(text, /last 15 minutes/)
  })

  it('can prove the address by link alone', async () => {
    const { code: _, ...facts } = aRequest().facts
    const { subject, html } = await mailOf({ ...aRequest(), facts })
    assert.equal(subject, 'Confirm your address for Meridian Shop')
    assert.doesNotMatch(html, /font-size:28px/)
  })

  it('is not made without code and link', async () => {
    const { code: _, link: __, ...facts } = aRequest().facts
    await assert.rejects(compose({ ...aRequest(), facts }), /needs a code or a link/)
  })
})

describe('every message in every language', () => {
  for (const { tag, dir } of LOCALES) {
    for (const purpose of MESSAGE_PURPOSES) {
      it(`${purpose} in ${tag} is complete, small, and fetches nothing`, async () => {
        const { html, text, subject, locale } = await mailOf(aRequest(purpose, { facts: { locale: tag } }))
        assert.equal(locale, tag)
        assert.ok(subject.length > 0 && subject.length <= 140)
        assert.ok(Buffer.byteLength(html) <= 20 * 1024, `${Buffer.byteLength(html)} bytes`)
        assert.match(html, new RegExp(`^<!doctype html>\\n<html lang="${tag}" dir="${dir}">`))
        assert.doesNotMatch(html, /<img|<script|<link|<iframe|\bsrc=|url\(|@import|#fff(?:fff)?\b/i)
        assert.doesNotMatch(html, /undefined|null|\{\w*\}/)
        assert.doesNotMatch(text, /undefined|null|\{\w*\}/)
        for (const table of html.match(/<table[^>]*>/g) ?? []) assert.match(table, /role="presentation"/)
        assert.match(html, /max-width:600px/)
        assert.match(html, /prefers-color-scheme:dark/)
      })

      it(`${purpose} in ${tag} is one SMS`, async () => {
        // An invitation in Arabic script with its three values is longer than the 70 characters of such a segment.
        const most = purpose === 'invitation' && tag === 'ar' ? 2 : 1
        const text = await smsOf(aRequest(purpose, { facts: { locale: tag } }))
        assert.ok(smsSegments(text) <= most, text)
      })
    }
  }
})

describe('an SMS with a code', () => {
  it('ends with the line that binds the code to the host, without a port', async () => {
    const text = await smsOf(aRequest('sign-up-code', { facts: { host: 'localhost:3000' } }))
    assert.equal(text, "123456 is your Meridian Shop code. Don't share it.\n@localhost #123456")
  })

  it('takes a shorter wording rather than a second segment', async () => {
    const text = await smsOf(aRequest('recovery-code', { clientName: 'Ж'.repeat(12), facts: { host: 'a.example' } }))
    assert.equal(text, `123456 is your ${'Ж'.repeat(12)} code.\n@a.example #123456`)
    assert.equal(smsSegments(text), 1)
  })
})

describe('a notice', () => {
  it('holds no code and no link that proves an address, though its cause had them', async () => {
    const facts = { code: '987654', link: 'https://auth.example.com/confirmUser?token=secret' }
    for (const purpose of ['account-exists', 'password-changed'] as const) {
      const { subject, text, html } = await mailOf(aRequest(purpose, { facts }))
      const sms = await smsOf(aRequest(purpose, { facts }))
      assert.doesNotMatch(`${subject}${text}${html}${sms}`, /987|token=secret/)
    }
  })
})

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

describe('the sender', () => {
  it("is the pool's where the pool names one, and else the app's name at the deployment's address", async () => {
    const messages = { fromName: 'Meridian accounts', fromAddress: 'login@meridian.example' }
    assert.deepEqual((await mailOf(aRequest('sign-up-code', { settings: { messages } }))).from, {
      name: 'Meridian accounts',
      address: 'login@meridian.example',
    })
    assert.deepEqual((await mailOf(aRequest())).from, { name: 'Meridian Shop', address: null })
  })
})
