import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ldapSettings } from '#tests/support/ldap/providers.ts'
import { isSendable, readLogin } from './login-name.ts'

const read = (typed: string, change: object = {}) =>
  readLogin(typed, ldapSettings({ servers: ['ldaps://dc1.corp.example'], ...change }))

describe('what people type as their name', () => {
  it('is nobody’s when it is empty, too long, or holds what no name does', () => {
    for (const typed of ['', ' ', 'x'.repeat(257), 'a\0', 'a\u001b[1m', '\udc00']) assert.equal(read(typed), null)
    assert.equal(read(' Jörg '), 'Jörg')
  })

  it('loses the domain of its network, and no other', () => {
    const corp = { netbiosDomain: 'CORP' }
    assert.equal(read('corp\\ann', corp), 'ann')
    assert.equal(read('other\\ann', corp), 'other\\ann')
    assert.equal(read('corp\\', corp), null)
    assert.equal(read('corp\\ann'), 'corp\\ann')
  })

  it('loses a domain that leads here, and no other', () => {
    const strips = { stripsDomain: true }
    assert.equal(read('ann@Corp.Example', strips), 'ann')
    assert.equal(read('ann@corp.example.evil.example', strips), 'ann@corp.example.evil.example')
    assert.equal(read('ann@other@corp.example', strips), 'ann@other')
    assert.equal(read('@corp.example', strips), '@corp.example')
    assert.equal(read('ann@corp.example'), 'ann@corp.example')
  })
})

describe('a password that may be sent', () => {
  it('is not empty, has no NUL, and has its limit in bytes', () => {
    for (const password of ['', '\0', 'a\0', 'ü'.repeat(513)]) assert.ok(!isSendable(password))
    for (const password of [' ', 'ü'.repeat(512)]) assert.ok(isSendable(password))
  })
})
