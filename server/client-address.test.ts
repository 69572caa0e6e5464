import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, it } from 'node:test'
import { clientAddress } from './client-address.ts'

const request = (remoteAddress: string | undefined, forwarded?: string | string[]): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: {
      ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
      forwarded: 'for=192.0.2.99',
      'x-real-ip': '192.0.2.99',
      'cf-connecting-ip': '192.0.2.99',
    },
  }) as unknown as IncomingMessage

const behind = (TRUSTED_PROXY_HOPS: number, TRUSTED_PROXY_NETWORKS = '') =>
  clientAddress({ TRUSTED_PROXY_HOPS, TRUSTED_PROXY_NETWORKS })

describe('the address a request comes from', () => {
  it('is the peer’s without a proxy, whatever headers say', () => {
    for (const forwarded of [undefined, '192.0.2.1', ['192.0.2.1', '192.0.2.2'], 'garbage'])
      assert.equal(behind(0)(request('203.0.113.7', forwarded)), '203.0.113.7')
    assert.equal(behind(0)(request('::ffff:203.0.113.7')), '203.0.113.7')
    assert.equal(behind(0)(request(undefined)), null)
  })

  it('is the one so many hops back, counted from the right: what stands further left anyone can write', () => {
    const chain = '6.6.6.6, 192.0.2.1, 192.0.2.2'
    assert.equal(behind(1)(request('10.0.0.1', chain)), '192.0.2.2')
    assert.equal(behind(2)(request('10.0.0.1', chain)), '192.0.2.1')
    assert.equal(behind(1)(request('10.0.0.1', ['6.6.6.6', '192.0.2.2'])), '192.0.2.2')
    assert.equal(behind(1)(request('10.0.0.1', ' 2001:db8::1 ')), '2001:db8::1')
    assert.equal(behind(1)(request('10.0.0.1', '::ffff:192.0.2.2')), '192.0.2.2')
  })

  it('is nobody’s when the proxy’s header is absent, too short or unreadable: never the peer’s, never a pass', () => {
    for (const forwarded of [
      undefined,
      '',
      ',',
      'unknown',
      '_hidden',
      '192.0.2.1:4711',
      '[2001:db8::1]',
      '999.1.1.1',
      'for=192.0.2.1',
    ])
      assert.equal(behind(1)(request('10.0.0.1', forwarded)), null, String(forwarded))
    assert.equal(behind(3)(request('10.0.0.1', '192.0.2.1, 192.0.2.2')), null)
  })

  it('is the peer’s when the peer is not one of the trusted networks', () => {
    const address = behind(1, '10.0.0.0/8, 2001:db8:ffff::/48, 192.168.1.5')
    for (const [peer, expected] of [
      ['10.1.2.3', '192.0.2.1'],
      ['::ffff:10.1.2.3', '192.0.2.1'],
      ['2001:db8:ffff::7', '192.0.2.1'],
      ['192.168.1.5', '192.0.2.1'],
      ['192.168.1.6', '192.168.1.6'],
      ['11.0.0.1', '11.0.0.1'],
      ['2001:db8::7', '2001:db8::7'],
    ] as const)
      assert.equal(address(request(peer, '192.0.2.1')), expected, peer)
  })
})
