import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { carrierOf, providerOf } from './passkey-providers.ts'
import { mayRelyOn, relyingPartyOf, verificationOf } from './passkeys.ts'

const BASE = 'https://auth.shop.example.com/eu-local-1_AbCdEfGhI'

describe('where passkeys work', () => {
  it('is the host of the pool’s address, without its port, for pages of that origin', () => {
    assert.deepEqual(relyingPartyOf({}, 'http://localhost:4380/pool', 'Shop'), {
      id: 'localhost',
      name: 'Shop',
      origin: 'http://localhost:4380',
    })
  })

  it('is a wider domain where the pool chose one that the host belongs to', () => {
    assert.equal(relyingPartyOf({ relyingPartyId: 'example.com' }, BASE, 'Shop')?.id, 'example.com')
  })

  it('is nowhere once the host no longer belongs to that domain', () => {
    assert.equal(relyingPartyOf({ relyingPartyId: 'example.org' }, BASE, 'Shop'), null)
  })

  it('is no look-alike, no part of a label and no bare ending', () => {
    for (const id of ['xample.com', 'hop.example.com', 'com', 'x.auth.shop.example.com', '.example.com', '']) {
      assert.equal(mayRelyOn('auth.shop.example.com', id), false, id)
    }
    for (const id of ['auth.shop.example.com', 'shop.example.com', 'example.com']) {
      assert.equal(mayRelyOn('auth.shop.example.com', id), true, id)
    }
  })
})

describe('face, finger or PIN', () => {
  const preferred = { userVerification: 'preferred' as const }
  const at = 0

  it('is demanded where the passkey alone stands for two factors', () => {
    assert.equal(verificationOf(preferred, { needsTwoFactors: true, proofs: [] }), 'required')
    assert.equal(verificationOf(preferred, { needsTwoFactors: true, proofs: [{ method: 'email', at }] }), 'required')
  })

  it('is left to the pool after a password, and where one factor is enough', () => {
    const proofs = [{ method: 'password' as const, at }]
    assert.equal(verificationOf(preferred, { needsTwoFactors: true, proofs }), 'preferred')
    assert.equal(verificationOf(preferred, { needsTwoFactors: false, proofs: [] }), 'preferred')
    assert.equal(verificationOf({ userVerification: 'required' }, { needsTwoFactors: true, proofs }), 'required')
  })
})

describe('the keeper of a passkey', () => {
  it('is known by its model, and by nothing that a model may be called', () => {
    assert.equal(providerOf({ aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd' }), 'Apple Passwords')
    for (const aaguid of ['00000000-0000-0000-0000-000000000000', '__proto__', 'constructor', '']) {
      assert.equal(providerOf({ aaguid }), null, aaguid)
    }
  })

  it('is the device or the key that carries it, where the model is unknown', () => {
    assert.equal(carrierOf({ transports: ['hybrid', 'internal'] }), 'device')
    assert.equal(carrierOf({ transports: ['usb', 'nfc'] }), 'key')
    assert.equal(carrierOf({ transports: [] }), null)
  })
})
