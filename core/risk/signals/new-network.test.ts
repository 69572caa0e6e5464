import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aProfile, riskFacts } from '#tests/support/risk-facts.ts'
import { emptyProfile } from '../profile.ts'
import { newNetwork } from './new-network.ts'

const from = (ip: string | null, profile = aProfile()) => newNetwork(riskFacts({ request: { ip }, profile }))

describe('a new network', () => {
  it('is what every address is that cannot be read, for people without a history too', () => {
    for (const ip of [null, '', 'localhost', '1.2.3', '84.140.7.9, 10.0.0.1', '84.140.7.9:443'])
      for (const profile of [aProfile(), emptyProfile()])
        assert.deepEqual(from(ip, profile), { strength: 1, reason: 'unknownNetwork', params: {} }, String(ip))
  })
  it('says nothing of a person without a history', () => {
    assert.equal(from('9.9.9.9', emptyProfile()), null)
  })
  it('says nothing of another address of the same line, however it is written', () => {
    for (const ip of ['84.140.7.9', '84.140.7.200', '::ffff:84.140.7.1', '::ffff:548c:0701'])
      assert.equal(from(ip), null, ip)
  })
  it('tells in part of another line of the same provider, in full of any other', () => {
    const sameProvider = from('84.140.99.1')?.strength ?? 0
    assert.ok(sameProvider > 0 && sameProvider < 0.5)
    assert.equal(from('9.9.9.9')?.strength, 1)
    assert.equal(from('2003:e1::1')?.strength, 1)
  })
  it('takes the addresses of one IPv6 line for one, privacy addresses included', () => {
    const profile = aProfile(10, { ip: '2003:e1:1:2::1' })
    assert.equal(from('2003:e1:1:ff:a:b:c:d', profile), null)
    const sameProvider = from('2003:e1:9::1', profile)?.strength ?? 0
    assert.ok(sameProvider > 0 && sameProvider < 0.5)
  })
  it('tells little of somebody who comes from somewhere else each time', () => {
    const profile = { ...aProfile(), novelty: { device: 0, network: 1, country: 0 } }
    const strength = from('9.9.9.9', profile)?.strength ?? 0
    assert.ok(strength > 0.1 && strength < 0.4)
  })
})
