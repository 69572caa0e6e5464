import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { NewMessage } from '#core/shared/alongside.ts'
import { memoryOutbox } from '#tests/support/memory/outbox.ts'
import { aMail, anSms } from '#tests/support/sample-messages.ts'
import { devInbox } from './dev-inbox.ts'

const outbox = memoryOutbox()
const server = createServer((req, res) => void devInbox({ outbox })(req, res))
let origin = ''
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const withMail = (message: NewMessage, more: { subject?: string; html?: string }): NewMessage => {
  assert.equal(message.message.channel, 'email')
  return { ...message, message: { ...message.message, ...more } as NewMessage['message'] }
}
const HOSTILE = '<script>alert(1)</script>'
const LINK = 'https://auth.example.com/confirmUser?token=123456&x=1'
const mail = withMail(aMail({ to: 'ann@example.com', made: 0, text: `Your code:\n\n123 456\n\n${LINK}` }), {
  html: '<!doctype html><html><head></head><body><h1>Hello</h1></body></html>',
})
const hostile = withMail(aMail({ to: `"${HOSTILE}"@example.com`, made: 1, text: HOSTILE }), { subject: HOSTILE })
const sms = anSms({ to: '+4915100000001', made: 2, text: '654321 is your code.\n@auth.example.com #654321' })
for (const message of [mail, hostile, sms]) outbox.add(message)

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${origin}${path}`, init)
  return { status: response.status, headers: response.headers, body: await response.text() }
}

describe('the development inbox', () => {
  it('lists mail and SMS, newest first, with their codes, and looks again every three seconds', async () => {
    const { status, headers, body } = await get('/dev/inbox')
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.match(body, /<meta http-equiv="refresh" content="3">/)
    assert.ok(body.indexOf('654321') < body.indexOf('ann@example.com'))
    assert.match((await get('/dev/inbox?pause=1')).body, /Paused/)
    assert.doesNotMatch((await get('/dev/inbox?pause=1')).body, /http-equiv="refresh"/)
  })

  it('needs no script, and allows none', async () => {
    for (const path of ['/dev/inbox', `/dev/inbox/${mail.id}`, `/dev/inbox/${hostile.id}`]) {
      const { headers, body } = await get(path)
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'self'/)
      assert.doesNotMatch(body, /<script/)
    }
  })

  it('shows the picture that a mail carries, in the mail and not in the list for tests', async () => {
    const message = withMail(aMail({ to: 'bo@example.com', made: -1, text: 'Hello' }), {
      html: '<!doctype html><html><head></head><body><img src="cid:mark@x" alt=""></body></html>',
    })
    const picture = { cid: 'mark@x', base64: 'iVBORw0KGgo=', width: 36, height: 36, alt: '' }
    outbox.add({ ...message, message: { ...message.message, picture } as NewMessage['message'] })
    const { body, headers } = await get(`/dev/inbox/${message.id}/html`)
    assert.match(body, /<img src="data:image\/png;base64,iVBORw0KGgo=" alt="">/)
    assert.match(headers.get('content-security-policy') ?? '', /img-src data:/)
    assert.doesNotMatch((await get('/dev/inbox.json?to=bo%40example.com')).body, /iVBORw0KGgo/)
  })

  it('shows one recipient alone', async () => {
    const { body } = await get('/dev/inbox?to=ANN%40example.com')
    assert.match(body, /ann@example\.com/)
    assert.doesNotMatch(body, /4915100000001/)
    assert.match((await get('/dev/inbox?to=nobody@example.com')).body, /No messages to this recipient/)
  })

  it('shows a mail with code, link, text, and HTML in a frame that can run nothing', async () => {
    const { body } = await get(`/dev/inbox/${mail.id}`)
    assert.match(body, /<a href="https:\/\/auth\.example\.com\/confirmUser\?token=123456&amp;x=1">/)
    assert.match(
      body,
      new RegExp(
        `<iframe src="/dev/inbox/${mail.id}/html" title="[^"]+" sandbox="allow-top-navigation-by-user-activation">`,
      ),
    )
    const frame = await get(`/dev/inbox/${mail.id}/html`)
    assert.match(frame.body, /<head><base target="_top">/)
    const policy = frame.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^sandbox allow-top-navigation-by-user-activation; default-src 'none'/)
    assert.doesNotMatch(policy, /allow-scripts|allow-same-origin/)
  })

  it('answers tests in JSON, each message with what one would type or open', async () => {
    const { messages } = JSON.parse((await get('/dev/inbox.json?to=ann@example.com')).body)
    assert.equal(messages.length, 1)
    const { code, links, subject, status, channel } = messages[0]
    assert.deepEqual(
      { code, links, subject, status, channel },
      { code: '123456', links: [LINK], subject: '123 456 is your Meridian code', status: 'queued', channel: 'email' },
    )
    const newest = JSON.parse((await get('/dev/inbox.json?limit=1')).body).messages
    assert.deepEqual([newest.length, newest[0].code], [1, '654321'])
  })

  it('knows no other message, no HTML of an SMS, and no other method', async () => {
    for (const path of ['/dev/inbox/nothing', `/dev/inbox/${sms.id}/html`, `/dev/inbox/${mail.id}/raw`]) {
      assert.equal((await get(path)).status, 404, path)
    }
    const { status, headers } = await get('/dev/inbox', { method: 'POST', body: 'x' })
    assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD'])
  })

  it('brings its own stylesheet and typefaces', async () => {
    for (const [path, type] of [
      ['/dev/inbox/inbox.css', 'text/css; charset=utf-8'],
      ['/dev/inbox/text.woff2', 'font/woff2'],
      ['/dev/inbox/code.woff2', 'font/woff2'],
    ] as const) {
      const { status, headers } = await get(path)
      assert.deepEqual([status, headers.get('content-type')], [200, type])
    }
  })
})
