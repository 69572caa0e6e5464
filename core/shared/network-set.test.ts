import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkText, parseIp } from './ip-address.ts'
import { networkSet, parseNetwork, readNetworkList } from './network-set.ts'

describe('an address as a number', () => {
  it('is nothing for what is no address', () => {
    for (const text of [null, '', 'localhost', '1.2.3', '256.1.1.1', '1.2.3.4:80', '[::1]', ':::1', 'a'.repeat(1e5)])
      assert.equal(parseIp(text), null, String(text).slice(0, 20))
  })
  it('is the same for every spelling', () => {
    for (const text of ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8::0.0.0.1', '2001:db8::1%eth0'])
      assert.deepEqual(parseIp(text), { version: 6, value: 0x20010db8000000000000000000000001n }, text)
    for (const text of ['84.140.7.9', '::ffff:84.140.7.9', '::ffff:548c:709', '0:0:0:0:0:FFFF:548c:0709'])
      assert.deepEqual(parseIp(text), { version: 4, value: 0x548c0709n }, text)
    assert.deepEqual(parseIp('::'), { version: 6, value: 0n })
  })
  it('names its network in one spelling', () => {
    const named = (text: string, bits: number) => {
      const address = parseIp(text)
      return address && networkText(address, bits)
    }
    assert.equal(named('84.140.7.9', 24), '84.140.7.0/24')
    assert.equal(named('255.255.255.255', 0), '0.0.0.0/0')
    assert.equal(named('2003:e1:1:2:a:b:c:d', 48), '2003:e1:1:0:0:0:0:0/48')
    assert.equal(named('::ffff:84.140.7.9', 16), '84.140.0.0/16')
  })
})

describe('a set of networks', () => {
  it('takes no network that is none', () => {
    for (const text of [
      '',
      'all',
      '1.2.3.4/33',
      '1.2.3.4/-1',
      '1.2.3.4/a',
      '1.2.3.4/8/8',
      '::/129',
      '::ffff:1.2.3.4/90',
      '/8',
    ])
      assert.equal(parseNetwork(text), null, text)
  })
  it('has what is in one of them, and nothing beside', () => {
    const set = networkSet(
      ['10.0.0.0/8', '192.0.2.7', '2001:db8::/33', '::ffff:198.51.100.0/120', '0.0.0.0/32'].flatMap(
        (text) => parseNetwork(text) ?? [],
      ),
    )
    for (const inside of [
      '10.0.0.0',
      '10.255.255.255',
      '::ffff:10.1.1.1',
      '192.0.2.7',
      '2001:db8:7fff::',
      '198.51.100.255',
      '0.0.0.0',
    ])
      assert.equal(set.has(parseIp(inside)), true, inside)
    for (const outside of [
      '11.0.0.0',
      '9.255.255.255',
      '192.0.2.8',
      '2001:db8:8000::',
      '198.51.101.0',
      '::',
      '::a00:1',
    ])
      assert.equal(set.has(parseIp(outside)), false, outside)
    assert.equal(set.has(null), false)
    assert.equal(networkSet([]).has(parseIp('10.0.0.1')), false)
  })
  it('takes the whole of IPv4 for /0, and nothing of IPv6', () => {
    const set = networkSet([parseNetwork('0.0.0.0/0') ?? assert.fail()])
    assert.equal(set.has(parseIp('203.0.113.7')), true)
    assert.equal(set.has(parseIp('2001:db8::1')), false)
  })
  it('is read from a list as they are published, and says which lines it could not read', () => {
    const { networks, unreadableLines } = readNetworkList(
      '# a list\n192.0.2.0/24 ; SBL1\r\n\n  2001:db8::/32\nexample.com\n192.0.2.0/24\n10.0.0.300',
    )
    assert.equal(networks.size, 2)
    assert.deepEqual(unreadableLines, [5, 7])
    assert.equal(networks.has(parseIp('192.0.2.99')), true)
  })
})
