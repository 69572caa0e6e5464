import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nameThere } from './name-there.ts'

describe('who somebody is at a provider', () => {
  it('is one short line of their own text, whatever the provider put into it', () => {
    assert.equal(nameThere({ name: ' Ann\r\nB\u0000 \u202eexe' }), 'Ann B exe')
    assert.equal(nameThere({ name: '😀'.repeat(200) }), '😀'.repeat(128))
  })

  it('is the first that they would know', () => {
    assert.equal(nameThere({ name: 'Ann', login: 'annx', email: 'ann@example.com' }), 'ann@example.com')
    assert.equal(nameThere({ name: 'Ann', username: 'ann', login: 'annx' }), 'annx')
    assert.equal(nameThere({ email: '\n', preferred_username: 7, name: 'Ann' }), 'Ann')
  })

  it('is nothing where nothing is said', () => {
    assert.equal(nameThere({}), null)
    assert.equal(nameThere({ sub: '4711', email: '', name: ['Ann'] }), null)
  })
})
