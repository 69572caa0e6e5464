import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import type { RenderedSms } from '#core/messages/message.ts'
import { DeliveryError } from '#core/shared/delivery-error.ts'
import { type HttpGatewayOptions, httpGateway } from './http-gateway.ts'

const ID = '019470f0-0000-7000-8000-000000000001'
const SMS: RenderedSms = {
  channel: 'sms',
  to: '+4915100000001',
  text: '123456 "é" {to}\n@a.example #123456',
  locale: 'en',
}

interface Request {
  headers: IncomingMessage['headers']
  body: string
}

const setUp = async (
  t: TestContext,
  options: Partial<HttpGatewayOptions> = {},
  answer?: (res: ServerResponse) => void,
) => {
  const requests: Request[] = []
  const server = createServer(async (req, res) => {
    requests.push({ headers: req.headers, body: await text(req) })
    if (answer) answer(res)
    else res.writeHead(202).end('{"ok":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`
  const gateway = httpGateway({
    url,
    format: 'json',
    fields: { to: '{to}', body: '{text}', ref: 'portico-{id}', from: 'Meridian' },
    auth: { kind: 'none' },
    production: true,
    ...options,
  })
  return { gateway, requests, server }
}

const faultOf = async (sending: Promise<void>): Promise<DeliveryError> => {
  try {
    await sending
  } catch (error) {
    assert.ok(error instanceof DeliveryError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'the SMS was taken' })
}

describe('an SMS by HTTP gateway', () => {
  it('is posted as JSON, its text untouched, under the id of the message', async (t) => {
    const { gateway, requests } = await setUp(t)
    await gateway.send(SMS, ID)
    const [request] = requests
    assert.ok(request)
    assert.equal(request.headers['content-type'], 'application/json')
    assert.equal(request.headers['idempotency-key'], ID)
    assert.equal(request.headers.authorization, undefined)
    assert.deepEqual(JSON.parse(request.body), { to: SMS.to, body: SMS.text, ref: `portico-${ID}`, from: 'Meridian' })
  })

  it('is posted as a form, with basic credentials', async (t) => {
    const auth = { kind: 'basic', user: 'u', password: 'p:w' } as const
    const { gateway, requests } = await setUp(t, { format: 'form', auth, idempotencyHeader: 'X-Request-Id' })
    await gateway.send(SMS, ID)
    assert.equal(requests[0]?.headers.authorization, `Basic ${btoa('u:p:w')}`)
    assert.equal(requests[0]?.headers['x-request-id'], ID)
    assert.equal(new URLSearchParams(requests[0]?.body).get('body'), SMS.text)
  })

  it('carries a bearer token', async (t) => {
    const { gateway, requests } = await setUp(t, { auth: { kind: 'bearer', token: 'secret' } })
    await gateway.send(SMS, ID)
    assert.equal(requests[0]?.headers.authorization, 'Bearer secret')
  })

  for (const [status, fault] of [
    [400, 'permanent'],
    [422, 'permanent'],
    [409, 'message'],
    [401, 'transport'],
    [429, 'transport'],
    [503, 'transport'],
  ] as const) {
    it(`answered ${status} is a fault of kind ${fault}`, async (t) => {
      const { gateway } = await setUp(t, {}, (res) => res.writeHead(status).end(SMS.to))
      const error = await faultOf(gateway.send(SMS, ID))
      assert.equal(error.fault, fault)
      assert.equal(error.message, `sms gateway answered ${status}`)
    })
  }

  it('does not follow a redirect, which would carry code and credentials elsewhere', async (t) => {
    const { gateway, requests } = await setUp(t, {}, (res) => res.writeHead(307, { location: '/elsewhere' }).end())
    assert.equal((await faultOf(gateway.send(SMS, ID))).fault, 'transport')
    assert.equal(requests.length, 1)
  })

  it('is broken off when the gateway takes too long', async (t) => {
    const { gateway } = await setUp(t, { totalTimeoutMs: 50 }, () => {})
    assert.equal((await faultOf(gateway.send(SMS, ID))).fault, 'message')
  })

  it('waits for the transport when nobody listens', async (t) => {
    const { gateway, server } = await setUp(t)
    server.close()
    assert.equal((await faultOf(gateway.send(SMS, ID))).fault, 'transport')
  })

  it('is refused at the start with an address or a template that cannot work', () => {
    const right = { url: 'https://sms.example/send', format: 'json', fields: { to: '{to}', text: '{text}' } } as const
    const rest = { auth: { kind: 'none' }, production: true } as const
    httpGateway({ ...right, ...rest })
    assert.throws(() => httpGateway({ ...right, ...rest, url: 'http://sms.example/send' }), /must be https/)
    assert.throws(() => httpGateway({ ...right, ...rest, fields: { to: '{to}' } }), /\{to\} and \{text\}/)
  })
})
