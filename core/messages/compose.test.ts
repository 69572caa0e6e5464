import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aRequest, compose, mailOf, smsOf } from '#tests/support/message-requests.ts'
import { LOCALES } from '../shared/locales.ts'
import { MESSAGE_PURPOSES } from './message.ts'
import { smsSegments } from './sms-text.ts'

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
    for (const purpose of ['account-exists', 'password-changed', 'password-exposed'] as const) {
      const { subject, text, html } = await mailOf(aRequest(purpose, { facts }))
      const sms = await smsOf(aRequest(purpose, { facts }))
      assert.doesNotMatch(`${subject}${text}${html}${sms}`, /987|token=secret/)
    }
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
