import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { bodyRefusal, formFields, MAX_FORM_BYTES, readForm } from './form-body.ts'

const FORM = 'application/x-www-form-urlencoded'
const request = (headers: Record<string, string>, chunks: string[] = []): IncomingMessage =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), { headers }) as unknown as IncomingMessage
const headers = (length: number | string, type = FORM) => ({ 'content-length': String(length), 'content-type': type })

describe('a form post', () => {
  it('is refused before a byte is read: without a length, too large, or not a form', () => {
    assert.equal(bodyRefusal(request({ 'content-type': FORM })), 411)
    assert.equal(bodyRefusal(request({ 'transfer-encoding': 'chunked', 'content-type': FORM })), 411)
    assert.equal(bodyRefusal(request(headers('abc'))), 411)
    assert.equal(bodyRefusal(request(headers(MAX_FORM_BYTES + 1))), 413)
    assert.equal(bodyRefusal(request(headers('1e9'))), 413)
    for (const type of [
      'application/json',
      'multipart/form-data; boundary=x',
      'text/plain',
      '',
      `${FORM}x`,
      `x/y; ${FORM}`,
    ])
      assert.equal(bodyRefusal(request(headers(3, type))), 415, type)
  })

  it('is taken with the type in any case and with a charset', () => {
    for (const type of [FORM, FORM.toUpperCase(), `${FORM}; charset=UTF-8`, ` ${FORM} ;x=y`])
      assert.equal(bodyRefusal(request(headers(3, type))), null, type)
    assert.equal(bodyRefusal(request({ 'content-length': '0' })), null)
    assert.equal(bodyRefusal(request(headers(MAX_FORM_BYTES))), null)
  })

  it('with a zero character, plain or encoded, cannot be read', async () => {
    for (const text of ['a=\0', 'a%00=1', 'a=1&b=%00'])
      assert.deepEqual(await readForm(request(headers(text.length), [text])), { ok: false, status: 400 })
  })

  it('is read to its limit and not further, whatever length was promised', async () => {
    assert.deepEqual(await readForm(request(headers(7), ['a=1', '&b=2'])), { ok: true, text: 'a=1&b=2' })
    const flood = Array.from({ length: 100 }, () => 'x'.repeat(1024))
    assert.deepEqual(await readForm(request(headers(10), flood)), { ok: false, status: 413 })
    assert.deepEqual(await readForm(request({})), { ok: false, status: 411 })
  })
})

describe('the fields of a form', () => {
  it('are texts, and lists where a name comes again', () => {
    assert.deepEqual(formFields('a=1&b=&a=2&c&a=%C3%A9+x'), { a: ['1', '2', 'é x'], b: '', c: '' })
    assert.deepEqual(formFields(''), {})
  })

  it('may be called like parts of a prototype and stay fields', () => {
    const fields = formFields('__proto__=a&__proto__=b&constructor=c&toString=d&hasOwnProperty=e')
    assert.equal(Object.getPrototypeOf(fields), Object.prototype)
    assert.deepEqual(Object.entries(fields), [
      ['__proto__', ['a', 'b']],
      ['constructor', 'c'],
      ['toString', 'd'],
      ['hasOwnProperty', 'e'],
    ])
    assert.equal(({} as Record<string, unknown>).a, undefined)
  })

  it('that come as often as a body can hold are read once each', () => {
    const fields = formFields('a&'.repeat(MAX_FORM_BYTES / 2))
    assert.equal(fields.a?.length, MAX_FORM_BYTES / 2)
  })
})
