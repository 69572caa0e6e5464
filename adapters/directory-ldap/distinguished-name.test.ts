import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { escapeNameValue, firstValueOf, looksLikeName, nameKey } from './distinguished-name.ts'

describe('a value within a distinguished name', () => {
  it('stays one value, whatever it holds', () => {
    assert.equal(escapeNameValue('ann,ou=admins'), 'ann\\2cou\\3dadmins')
    assert.equal(escapeNameValue(' #ann+"x"\\<;>\0'), '\\20\\23ann\\2b\\22x\\22\\5c\\3c\\3b\\3e\\00')
    assert.equal(escapeNameValue('Jörg 🙂'), 'Jörg\\20🙂')
  })

  it('is read as what it stood for', () => {
    for (const value of ['Sales, North', '#1', 'a+b', 'Jörg', '"x"', 'a\\b', '🙂'])
      assert.equal(firstValueOf(`CN=${escapeNameValue(value)},OU=Groups`), value)
    assert.equal(firstValueOf('CN=Sales\\, North,OU=Groups'), 'Sales, North')
    assert.equal(firstValueOf('cn=J\\C3\\B6rg+sn=x,dc=y'), 'Jörg')
    for (const name of ['', 'Sales', 'CN=', ',']) assert.equal(firstValueOf(name), null, name)
  })

  it('makes the same name in any case and with any space around its commas', () => {
    assert.equal(nameKey('CN=All , OU=Groups'), nameKey('cn=all,ou=groups'))
    assert.notEqual(nameKey('cn=all,ou=a'), nameKey('cn=all,ou=b'))
  })

  it('tells a name from what a bind would take for something else', () => {
    for (const name of ['', 'EXTERNAL', 'PLAIN', 'ann', '=x']) assert.ok(!looksLikeName(name), name)
    assert.ok(looksLikeName('2.5.4.3=ann,dc=x'))
  })
})
