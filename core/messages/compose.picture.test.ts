import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aRequest, mailOf } from '#tests/support/message-requests.ts'
import { PICTURE_ID } from './message.ts'

const picture = { base64: 'iVBORw0KGgo=', width: 36, height: 36, alt: '' }
const brand = { rail: '#112233', onRail: '#ffffff', picture }
const imageIn = (html: string) => /<img [^>]*>/.exec(html)?.[0] ?? ''

describe('the mark at the head of a mail', () => {
  it('is a part of the mail, shown once, beside the name and not instead of it', async () => {
    const mail = await mailOf(aRequest('sign-up-code', { facts: { brand } }))
    assert.deepEqual(mail.picture, { ...picture, cid: PICTURE_ID })
    assert.equal(mail.html.match(/<img /g)?.length, 1)
    assert.match(imageIn(mail.html), new RegExp(`src="cid:${PICTURE_ID}" width="36" height="36" alt=""`))
    assert.match(mail.html, /<img [^>]*><bdi>Meridian Shop<\/bdi>/)
    assert.ok(Buffer.byteLength(mail.html) <= 20 * 1024)
  })

  it('is absent, and so is its place, where none could be made', async () => {
    const mail = await mailOf(aRequest('sign-up-code', { facts: { brand: { rail: '#112233', onRail: '#ffffff' } } }))
    assert.equal('picture' in mail, false)
    assert.doesNotMatch(mail.html, /<img|cid:/)
  })

  it('speaks where it says something else than the name beside it, escaped', async () => {
    const altOf = async (alt: string) => {
      const mail = await mailOf(
        aRequest('sign-up-code', { facts: { brand: { ...brand, picture: { ...picture, alt } } } }),
      )
      return /alt="([^"]*)"/.exec(imageIn(mail.html))?.[1]
    }
    assert.equal(await altOf('Meridian Shop'), '')
    assert.equal(await altOf('Meridian "since 1904"'), 'Meridian &quot;since 1904&quot;')
  })

  it('stands away from the name in either direction', async () => {
    for (const [locale, margin] of [
      ['en', 'margin-right'],
      ['ar', 'margin-left'],
    ] as const) {
      const { html } = await mailOf(aRequest('sign-up-code', { facts: { brand, locale } }))
      assert.match(imageIn(html), new RegExp(`${margin}:12px`))
    }
  })
})
