import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { guardedLookup } from './guarded-lookup.ts'

const answering =
  (...addresses: string[]) =>
  async () =>
    addresses
const reasonOf = async (look: ReturnType<typeof guardedLookup>, host: string) => {
  const found = await look(host)
  return found.ok ? null : found.failure.because
}

describe('where a connection to a configured host may go', () => {
  it('is nowhere private, unless the deployment opens its networks', async () => {
    const resolve = answering('10.0.0.5')
    assert.equal(await reasonOf(guardedLookup({ resolve }), 'dc1.corp.example'), 'the host leads to a private address')
    assert.equal(await reasonOf(guardedLookup({ resolve, allowPrivate: true }), 'dc1.corp.example'), null)
  })

  it('is never where a cloud keeps its credentials, nor anywhere else beside a good address', async () => {
    for (const address of ['169.254.169.254', 'fd00:ec2::254'])
      assert.match(
        (await reasonOf(guardedLookup({ resolve: answering('8.8.8.8', address), allowPrivate: true }), 'a.example')) ??
          '',
        /metadata|reserved/,
      )
  })

  it('is checked for addresses in numbers, and for whatever a resolver makes of odd spellings', async () => {
    const look = guardedLookup({ resolve: answering('127.0.0.1') })
    for (const host of ['127.0.0.1', '::1', '2130706433', '0x7f.1'])
      assert.equal(await reasonOf(look, host), 'the host leads to a private address', host)
  })

  it('is told when a name has no address', async () => {
    const nowhere = async () => Promise.reject(new Error('ENOTFOUND'))
    assert.equal(await reasonOf(guardedLookup({ resolve: nowhere }), 'a.example'), 'the host name has no address')
    assert.equal(await reasonOf(guardedLookup({ resolve: answering() }), 'a.example'), 'the host name has no address')
  })
})
