import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readClaim } from './read-claim.ts'
import { safeDescription } from './safe-description.ts'

describe('reading a claim', () => {
  const claims = { a: { b: [{ c: 1 }] }, 'a.b': 'named', 'https://x.example/role': 'crew', none: null }

  it('takes the claim of this very name before what the dots lead to', () => {
    assert.equal(readClaim(claims, 'a.b'), 'named')
    assert.equal(readClaim(claims, 'a.b.0.c'), 1)
    assert.equal(readClaim(claims, 'https://x.example/role'), 'crew')
    assert.equal(readClaim(claims, 'none'), null)
  })

  it('finds nothing where there is nothing, and nothing that every object has', () => {
    for (const path of ['', '.', 'a..b', 'a.b.1.c', 'a.b.length', 'a.b.-1', 'constructor', '__proto__', 'a.toString'])
      assert.equal(readClaim(claims, path), undefined, path)
  })

  it('stops before it is led astray', () => assert.equal(readClaim(claims, 'a.'.repeat(5000)), undefined))
})

describe('repeating what another server says', () => {
  it('keeps it printable, on one line, and short', () => {
    assert.equal(safeDescription('access_denied', ' she\r\nsaid\u001b[31m no ✗ '), 'access_denied: shesaid[31m no')
    assert.equal(safeDescription('x'.repeat(500)).length, 200)
  })

  it('says nothing of what is no text', () => {
    assert.equal(safeDescription(undefined, null, 7, {}, '', '✗'), '')
    assert.equal(safeDescription(undefined, 'only this'), 'only this')
  })
})
