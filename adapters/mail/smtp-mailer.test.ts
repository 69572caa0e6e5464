import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { RenderedEmail } from '#core/messages/message.ts'
import { DeliveryError } from '#core/shared/delivery-error.ts'
import { type Behaviour, smtpReply, startMailServer } from '#tests/support/mail-server.ts'
import { type SmtpMailerOptions, smtpMailer } from './smtp-mailer.ts'

const ID = '019470f0-0000-7000-8000-000000000001'

const aMail = (overrides: Partial<RenderedEmail> = {}): RenderedEmail => ({
  channel: 'email',
  to: 'ann@example.com',
  from: { name: 'Meridian', address: null },
  subject: '123 456 is your Meridian code',
  text: 'Your code:\n\n123 456\n\n-- \nMeridian · auth.example.com\n',
  html: '<!doctype html><p lang="de">123456 – größer &amp; schöner</p>',
  locale: 'de',
  ...overrides,
})

const setUp = async (t: TestContext, behaviour?: Behaviour, options: Partial<SmtpMailerOptions> = {}) => {
  const server = await startMailServer(behaviour)
  t.after(server.close)
  const mailer = smtpMailer({
    url: server.url,
    from: 'Accounts <login@meridian.example>',
    production: false,
    ...options,
  })
  return { server, mailer }
}

const faultOf = async (sending: Promise<void>): Promise<DeliveryError> => {
  try {
    await sending
  } catch (error) {
    assert.ok(error instanceof DeliveryError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the mail was taken' })
}

describe('a mail by SMTP', () => {
  it('arrives as text and HTML, in its language, with headers that keep robots quiet', async (t) => {
    const { server, mailer } = await setUp(t)
    await mailer.send(aMail(), ID)
    const [received] = server.received
    assert.ok(received)
    assert.equal(received.from, 'login@meridian.example')
    assert.deepEqual(received.to, ['ann@example.com'])
    const { mail } = received
    assert.deepEqual(mail.from, { name: 'Meridian', address: 'login@meridian.example' })
    assert.equal(mail.subject, '123 456 is your Meridian code')
    assert.equal(mail.text?.trimEnd(), aMail().text.trimEnd())
    assert.equal(mail.html?.trim(), aMail().html)
    assert.equal(mail.messageId, `<${ID}@meridian.example>`)
    const headers = new Map(mail.headers.map(({ key, value }) => [key, value]))
    assert.equal(headers.get('auto-submitted'), 'auto-generated')
    assert.equal(headers.get('content-language'), 'de')
    assert.equal(headers.get('x-mailer'), undefined)
    assert.equal(headers.get('list-unsubscribe'), undefined)
    assert.match(headers.get('content-type') ?? '', /^multipart\/alternative/)
  })

  it('carries its picture inside, beside the HTML that shows it and under its Content-ID', async (t) => {
    const { server, mailer } = await setUp(t)
    const bytes = Buffer.from('89504e470d0a1a0a', 'hex')
    const picture = { cid: 'mark@portico.invalid', base64: bytes.toString('base64'), width: 36, height: 36, alt: '' }
    const html = '<!doctype html><p><img src="cid:mark@portico.invalid" alt="">Hello</p>'
    await mailer.send(aMail({ html, picture }), ID)
    const mail = server.received[0]?.mail
    assert.equal(mail?.html?.trim(), html)
    const [part, ...more] = mail?.attachments ?? []
    assert.deepEqual(more, [])
    assert.deepEqual(
      [part?.mimeType, part?.contentId, part?.disposition],
      ['image/png', '<mark@portico.invalid>', 'inline'],
    )
    assert.deepEqual(Buffer.from(part?.content as ArrayBuffer), bytes)
    const headers = new Map(mail?.headers.map(({ key, value }) => [key, value]))
    assert.match(headers.get('content-type') ?? '', /^multipart\/alternative/)
  })

  it('has the same Message-ID at every attempt', async (t) => {
    const { server, mailer } = await setUp(t)
    await mailer.send(aMail(), ID)
    await mailer.send(aMail(), ID)
    assert.equal(server.received[0]?.mail.messageId, server.received[1]?.mail.messageId)
  })

  it('carries names and subjects of any script, and no header of their own making', async (t) => {
    const { server, mailer } = await setUp(t)
    const from = { name: 'متجر "Öl" <eve@evil.example>,', address: 'shop@meridian.example' }
    await mailer.send(aMail({ from, subject: '123\u00a0456 هو رمزك\r\nBcc: eve@evil.example' }), ID)
    const [received] = server.received
    assert.deepEqual(received?.to, ['ann@example.com'])
    assert.deepEqual(received?.mail.from, { name: 'متجر "Öl" <eve@evil.example>,', address: 'shop@meridian.example' })
    assert.equal(received?.mail.bcc, undefined)
    assert.ok(received?.mail.subject?.startsWith('123\u00a0456 هو رمزك'))
  })

  it('reads no file and fetches no address that its content names', async (t) => {
    const { server, mailer } = await setUp(t)
    await mailer.send(aMail({ html: '<img src="file:///etc/passwd"><img src="http://127.0.0.1:1/x">' }), ID)
    assert.deepEqual(server.received[0]?.mail.attachments, [])
  })

  it('signs in where the address holds a user, percent-encoded', async (t) => {
    const seen: unknown[] = []
    const { server } = await setUp(t, {
      options: {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: ({ username, password }, _session, done) => {
          seen.push([username, password])
          done(null, { user: username })
        },
      },
    })
    const mailer = smtpMailer({
      url: `smtp://login%40meridian.example:p%2Fw%3A@127.0.0.1:${server.port}`,
      from: 'login@meridian.example',
      production: true,
    })
    await mailer.send(aMail(), ID)
    assert.deepEqual(seen, [['login@meridian.example', 'p/w:']])
  })

  it('uses STARTTLS where it is offered', async (t) => {
    const { server, mailer } = await setUp(t)
    await mailer.send(aMail(), ID)
    assert.equal(server.received[0]?.isEncrypted, true)
  })

  it('does not leave unencrypted for another machine in production', async (t) => {
    const { server } = await setUp(t, { options: { disabledCommands: ['STARTTLS'] } })
    // The same machine, but written so that it does not count as loopback.
    const url = `smtp://[::ffff:127.0.0.1]:${server.port}`
    const production = smtpMailer({ url, from: 'login@meridian.example', production: true })
    assert.equal((await faultOf(production.send(aMail(), ID))).fault, 'transport')
    const development = smtpMailer({ url, from: 'login@meridian.example', production: false })
    await development.send(aMail(), ID)
    assert.equal(server.received.length, 1)
  })
})

describe('a mail that SMTP does not take', () => {
  for (const [title, responseCode, fault] of [
    ['is given up when there is no such recipient (550)', 550, 'permanent'],
    ['is tried again when the mailbox is full or busy (452)', 452, 'message'],
    ['is nobody in particular, when the server is about to close (421)', 421, 'transport'],
  ] as const) {
    it(title, async (t) => {
      const { mailer } = await setUp(t, {
        onRecipient: (address) => {
          throw smtpReply(responseCode, `5.1.1 <${address}> not here, call +49 1511234567`)
        },
      })
      const error = await faultOf(mailer.send(aMail(), ID))
      assert.equal(error.fault, fault)
      assert.match(error.message, new RegExp(String(responseCode)))
      assert.doesNotMatch(error.message, /ann@|1511234567/, 'a log line names nobody')
    })
  }

  it('is given up when its content is refused (554)', async (t) => {
    const { mailer } = await setUp(t, {
      beforeAccepting: () => {
        throw smtpReply(554, 'looks like spam')
      },
    })
    assert.equal((await faultOf(mailer.send(aMail(), ID))).fault, 'permanent')
  })

  it('waits for the transport when nobody listens', async (t) => {
    const { server, mailer } = await setUp(t)
    await server.close()
    assert.equal((await faultOf(mailer.send(aMail(), ID))).fault, 'transport')
  })

  it('waits for the transport when the server shows a certificate we have no reason to trust', async (t) => {
    const { server } = await setUp(t)
    const url = `smtp://[::ffff:127.0.0.1]:${server.port}`
    const mailer = smtpMailer({ url, from: 'a@b.example', production: true })
    assert.equal((await faultOf(mailer.send(aMail(), ID))).fault, 'transport')
  })

  it('waits for the transport when the server refuses our password', async (t) => {
    const { server } = await setUp(t, {
      options: {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) => done(smtpReply(535, 'no')),
      },
    })
    const mailer = smtpMailer({
      url: `smtp://a:b@127.0.0.1:${server.port}`,
      from: 'a@b.example',
      production: false,
    })
    assert.equal((await faultOf(mailer.send(aMail(), ID))).fault, 'transport')
  })

  it('is broken off when the server takes too long, and is not accepted afterwards', async (t) => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { server, mailer } = await setUp(t, { onRecipient: () => held }, { totalTimeoutMs: 100 })
    assert.equal((await faultOf(mailer.send(aMail(), ID))).fault, 'message')
    release()
    await server.close()
    assert.deepEqual(server.received, [])
  })
})

describe('the address of a mail server', () => {
  it('comes with a sender that is one address', () => {
    for (const from of ['Meridian', 'a@b.example, c@d.example', '<>', 'x <a@b.example\r\nBcc: e@f.example>']) {
      assert.throws(() => smtpMailer({ url: 'smtp://127.0.0.1', from, production: false }), /sender of mail/)
    }
  })

  for (const url of ['mail.example.com', 'https://mail.example.com', 'smtp://', 'smtp://:25']) {
    it(`is not ${url}, and the error tells no password`, () => {
      assert.throws(() => smtpMailer({ url, from: 'a@b.example', production: false }), /must look like smtp:\/\//)
    })
  }
})
