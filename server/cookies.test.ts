import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { flowCookieName, readCookie } from './cookies.ts'

describe('a cookie of a request', () => {
  it('is found by its exact name', () => {
    assert.equal(readCookie('a=1; portico_flow=two; b=3', 'portico_flow'), 'two')
    assert.equal(readCookie('portico_flow=a=b==', 'portico_flow'), 'a=b==')
    assert.equal(readCookie(' portico_flow = padded ', 'portico_flow'), 'padded')
    assert.equal(readCookie('portico_flow=', 'portico_flow'), '')
    for (const header of [
      undefined,
      '',
      'xportico_flow=1',
      'portico_flowx=1',
      'PORTICO_FLOW=1',
      '__Secure-portico_flow=1',
    ])
      assert.equal(readCookie(header, 'portico_flow'), undefined, header)
  })

  it('is the first of several: the one with the longest path, which browsers send first', () => {
    assert.equal(readCookie('portico_flow=journey; portico_flow=elsewhere', 'portico_flow'), 'journey')
  })

  it('is absent from a header that makes no sense, which is no error', () => {
    for (const header of [
      ';;;',
      '=;=',
      '=portico_flow',
      'portico_flow',
      '\0\u0001',
      '%00=%00',
      'a'.repeat(1e5),
      '; '.repeat(1e4),
    ])
      assert.equal(readCookie(header, 'portico_flow'), undefined)
  })

  it('is named so that browsers keep it to https where there is https', () => {
    assert.equal(flowCookieName({ isSecure: true }), '__Secure-portico_flow')
    assert.equal(flowCookieName({ isSecure: false }), 'portico_flow')
  })
})
