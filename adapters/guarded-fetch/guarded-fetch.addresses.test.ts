// Attack 13: server-side requests to addresses that somebody else chose, in every spelling there is.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkTarget } from './check-address.ts'
import { whyUnreachable } from './reachable-address.ts'

const PRIVATE = [
  ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
  ...['::1', '0:0:0:0:0:0:0:1', 'fc00::1', 'fd12:3456::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1'],
  ...['64:ff9b::7f00:1', '64:ff9b::10.0.0.1'],
]
const NEVER = [
  ...['169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254'],
  ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '64:ff9b::169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
  ...['0.0.0.0', '0.1.2.3', '::', '::127.0.0.1', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  ...['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1', '100::1', '5f00::1'],
  // Tunnels lead to any IPv4 address; NAT64 of a site's own prefix cannot be read.
  ...['2002:7f00:1::', '2002:a9fe:a9fe::', '2001:0:7f00:1::', '64:ff9b:1::7f00:1', '::ffff:0:127.0.0.1'],
]
const PUBLIC = ['1.1.1.1', '93.184.215.14', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '64:ff9b::1.1.1.1']

describe('addresses that may be called', () => {
  for (const address of PUBLIC) it(`allows ${address}`, () => assert.equal(whyUnreachable(address, false), null))

  for (const address of PRIVATE) {
    it(`refuses ${address} unless the deployment opts in`, () => {
      assert.equal(whyUnreachable(address, false), 'a private address')
      assert.equal(whyUnreachable(address, true), null)
    })
  }

  for (const address of NEVER) {
    it(`refuses ${address} even where private addresses are allowed`, () => {
      assert.notEqual(whyUnreachable(address, true), null)
      assert.notEqual(whyUnreachable(address, false), null)
    })
  }

  it('refuses what is no address', () => assert.equal(whyUnreachable('0x7f.1', true), 'not an address'))
})

describe('hosts that may be called', () => {
  const nobody = async () => assert.fail('a literal address is not looked up')
  const refusedFor = (url: string, found: readonly string[] | null = null) =>
    checkTarget(url, {
      allowPrivate: false,
      allowHttp: false,
      resolve: found === null ? nobody : async () => found,
    }).then(
      () => null,
      (error: Error) => error.message,
    )

  const SPELLINGS = [
    ...['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '0x7f.0.0.1', '0177.0.0.1', '127.1', '127.0.1'],
    ...['127.0.0.1.', '%31%32%37.0.0.1', '１２７.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]'],
  ]
  for (const host of SPELLINGS) {
    it(`knows ${host} for this machine`, async () =>
      assert.equal(await refusedFor(`https://${host}/`), 'the host leads to a private address'))
  }

  it('knows 2852039166 for a metadata service', async () =>
    assert.equal(await refusedFor('https://2852039166/'), 'the host leads to a reserved address'))

  it('refuses a name that leads inside', async () =>
    assert.equal(await refusedFor('https://localhost/', ['::1']), 'the host leads to a private address'))

  it('refuses a name that leads outside and inside, whichever comes first', async () => {
    for (const found of [
      ['1.1.1.1', '10.0.0.1'],
      ['10.0.0.1', '1.1.1.1'],
      ['2606:4700::1111', '::ffff:10.0.0.1'],
    ])
      assert.equal(await refusedFor('https://two.example/', found), 'the host leads to a private address')
  })

  it('refuses a name without address, and one with a hundred', async () => {
    assert.equal(await refusedFor('https://none.example/', []), 'the host name has no address')
    const many = Array.from({ length: 100 }, (_, index) => `1.1.1.${index}`)
    assert.equal(await refusedFor('https://many.example/', many), 'the host name has too many addresses')
  })

  it('refuses what is not https, carries credentials, or cannot be read', async () => {
    assert.equal(await refusedFor('http://idp.example/'), 'the address is not https')
    for (const url of ['file:///etc/passwd', 'gopher://idp.example/', 'data:text/plain,x'])
      assert.equal(await refusedFor(url), 'the address is not https')
    assert.equal(await refusedFor('https://idp.example@10.0.0.1/'), 'the address carries credentials')
    assert.equal(await refusedFor('https://'), 'the address cannot be read')
    assert.equal(await refusedFor('https://1.2.3.4.5/'), 'the address cannot be read')
  })

  it('keeps every address it has checked', async () => {
    const resolve = async () => ['1.1.1.1', '2606:4700::1111']
    const { addresses } = await checkTarget('https://two.example/x', { allowPrivate: false, allowHttp: false, resolve })
    assert.deepEqual(addresses, [
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
  })
})
