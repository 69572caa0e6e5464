import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MessageParser } from 'ldapts'
import {
  bindAnswer,
  entryAnswer,
  extendedAnswer,
  modifyAnswer,
  moreByCookie,
  policyError,
  reference,
  searchDone,
} from '#tests/support/ldap/answers.ts'
import { ANN, ANN_NAME } from '#tests/support/ldap/lying-directory.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { isResponse } from './response-grammar.ts'

const HONEST: Record<string, Buffer> = {
  'a bind': bindAnswer(1),
  'a refused bind with a password policy': bindAnswer(1, 49, 'data 532', [policyError(0)]),
  'an entry': entryAnswer(2, ANN_NAME, ANN),
  'an entry without attributes': entryAnswer(2, ANN_NAME, {}),
  'an attribute without values': entryAnswer(2, ANN_NAME, { member: [], 'member;range=0-*': ['x'] }),
  'the end of a search': searchDone(300),
  'the end of a page': searchDone(300, 0, [moreByCookie('next')]),
  'a referral': reference(2, 'ldap://other.example/'),
  'a change': modifyAnswer(4, 19, 'rules'),
  'an extended answer': extendedAnswer(0, 52),
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('what counts as an answer of a directory', () => {
  for (const [name, bytes] of Object.entries(HONEST)) it(`${name} does`, () => assert.ok(isResponse(bytes)))

  for (const [name, bytes] of Object.entries({
    nothing: hex(''),
    'an indefinite length': hex('30 80 02 01 01 65 07 0a 01 00 04 00 04 00 00 00'),
    'a length of five bytes': hex('30 85 00 00 00 00 0c 02 01 01 65 07 0a 01 00 04 00 04 00'),
    // The library would look for attributes beyond the end of the message, for ever.
    'attributes that are longer than their message': hex('30 0d 02 01 02 64 08 04 00 30 84 7f ff ff ff'),
    'a list of attributes that is longer than its entry': hex('30 09 02 01 02 64 04 04 00 30 7f'),
    'an attribute that is a text': hex('30 0f 02 01 02 64 0a 04 00 30 06 04 04 04 02 61 61'),
    'bytes after the message': Buffer.concat([searchDone(1), hex('00')]),
    'two messages': Buffer.concat([searchDone(1), searchDone(2)]),
    'an operation that nobody asked for': hex('30 05 02 01 01 68 00'),
    'no operation': hex('30 03 02 01 01'),
    'an empty result': hex('30 05 02 01 01 65 00'),
    'a result of nine bytes': hex('30 14 02 01 01 65 0f 0a 09 00 00 00 00 00 00 00 00 00 04 00 04 00'),
    'an attribute that is called as the name of the entry is kept': entryAnswer(2, ANN_NAME, { dn: ['cn=other'] }),
    'the same in capitals': entryAnswer(2, ANN_NAME, { DN: ['cn=other'] }),
    'an attribute with a name of JavaScript': entryAnswer(2, ANN_NAME, { __proto__x: ['x'] }),
    'a tag of two bytes': hex('3f 30 05 02 01 01 65 00'),
  }))
    it(`${name} does not`, () => assert.ok(!isResponse(bytes)))

  it('one with the long lengths that Active Directory writes does', () => {
    const oid = Buffer.from('1.3.6.1.4.1.1466.20037').toString('hex')
    assert.ok(isResponse(hex(`3084 00000028 020101 7884 0000001f 0a0100 0400 0400 8a16 ${oid}`)))
  })

  it('whatever passes is read by the library to its end', () => {
    const random = seededRandom(4511)
    const samples = Object.values(HONEST)
    let passed = 0
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(random.pick(samples))
      for (let change = random.below(3); change >= 0; change -= 1) bytes[random.below(bytes.length)] = random.below(256)
      if (!isResponse(bytes)) continue
      passed += 1
      const parser = new MessageParser()
      parser.on('error', () => {})
      parser.read(bytes, new Map())
    }
    assert.ok(passed > 1000, `${passed} of 20,000 passed`)
  })
})
