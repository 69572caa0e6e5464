import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BUDGETS } from './budgets.ts'
import { networkOf } from './network.ts'

describe('the network an address is counted under', () => {
  it('is "unknown" for everything that cannot be read, and never nothing', () => {
    for (const ip of [
      null,
      '',
      'localhost',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1.2.3.4:80',
      '1.2.3.4, 5.6.7.8',
      '0x7f.1',
      '::ffff:1.2.3',
      ':::1',
      'fe80::1::2',
      '[::1]',
      'a'.repeat(1e5),
    ])
      assert.equal(networkOf(ip), 'unknown', String(ip).slice(0, 40))
  })

  it('is the address itself for IPv4, however it is written', () => {
    for (const ip of [
      '203.0.113.7',
      '::ffff:203.0.113.7',
      '::FFFF:203.0.113.7',
      '::ffff:cb00:7107',
      '0:0:0:0:0:ffff:203.0.113.7',
      '0:0:0:0:0:ffff:cb00:7107',
    ])
      assert.equal(networkOf(ip), '203.0.113.7', ip)
  })

  it('is the /64 for IPv6: every spelling and every host of it is one', () => {
    for (const ip of [
      '2001:db8:0:1::1',
      '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
      '2001:DB8:0:1:0:0:0:9',
      '2001:db8:0:1::1%eth0',
      '2001:db8:0:1:0:0:198.51.100.1',
    ])
      assert.equal(networkOf(ip), '2001:db8:0:1::/64', ip)
    for (const [ip, network] of [
      ['::1', '0:0:0:0::/64'],
      ['::', '0:0:0:0::/64'],
      ['2001:db8::', '2001:db8:0:0::/64'],
      ['1:2:3:4:5:6:7:8', '1:2:3:4::/64'],
      ['1::8', '1:0:0:0::/64'],
      ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
      ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
    ] as const)
      assert.equal(networkOf(ip), network, ip)
  })

  it('differs where the first 64 bits differ', () => {
    assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:2::1'))
  })
})

describe('the budgets', () => {
  it('are stricter for one person in one network than for the person, and than for the network', () => {
    const pair = BUDGETS['sign-in.account-network']
    for (const wider of [BUDGETS['sign-in.account'], BUDGETS['sign-in.network']]) {
      assert.ok(pair.limit < wider.limit)
      assert.equal(pair.windowSeconds, wider.windowSeconds)
    }
  })

  it('leave a guesser of six digits less than one chance in ten thousand an hour', () => {
    for (const name of ['code.sign-up', 'code.recovery', 'code.verify-account'] as const) {
      const { limit, windowSeconds } = BUDGETS[name]
      const liveCodes = 3
      assert.ok((limit * liveCodes * 3600) / windowSeconds / 1e6 < 1e-4, name)
    }
  })
})
