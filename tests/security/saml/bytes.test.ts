// Attacks 69 and 74: documents that parsers read differently, or that are made to exhaust them.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { refusesAll } from '#tests/support/saml/adversary.ts'
import { honestResponse } from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'

const withPrologue = (prologue: string) => () => `${prologue}${honestResponse()}`
const withNameId = (nameId: string) => () => honestResponse({ nameId })
const ENTITIES = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`).join('')

refusesAll('SAML documents that are more than elements and text', [
  {
    title: 'a comment that cuts the NameID short',
    because: 'xml-comment',
    response: withNameId('ann@fjord-books.example<!---->.attacker.example'),
  },
  {
    title: 'a processing instruction inside the NameID',
    because: 'xml-processing-instruction',
    response: withNameId('ann@fjord-books.example<?x?>.attacker.example'),
  },
  {
    title: 'a CDATA section inside the NameID',
    because: 'xml-cdata',
    response: withNameId('<![CDATA[ann@fjord-books.example]]>'),
  },
  { title: 'a document type', because: 'xml-dtd', response: withPrologue('<!DOCTYPE x>') },
  {
    title: 'an external entity',
    because: 'xml-dtd',
    response: withPrologue('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
  },
  { title: 'an entity bomb', because: 'xml-dtd', response: withPrologue(`<!DOCTYPE x [<!ENTITY e0 "x">${ENTITIES}]>`) },
  { title: 'an entity nobody declared', because: 'xml-entity', response: withNameId('&nbsp;ann') },
  { title: 'a character that XML forbids, as a reference', because: 'xml-malformed', response: withNameId('ann&#0;') },
  {
    title: 'a style sheet before the document',
    because: 'xml-processing-instruction',
    response: withPrologue('<?xml-stylesheet href="x"?>'),
  },
  { title: 'a comment before the document', because: 'xml-comment', response: withPrologue('<!-- -->') },
])

refusesAll('SAML documents that are not well-formed', [
  { title: 'text behind the document', because: 'xml-malformed', response: () => `${honestResponse()}x` },
  { title: 'a second document behind the first', because: 'xml-malformed', response: () => `${honestResponse()}<x/>` },
  {
    title: 'an attribute twice',
    because: 'xml-malformed',
    response: () => honestResponse().replace(' ID=', ' ID="_x" ID='),
  },
  {
    title: 'an attribute twice under two prefixes',
    because: 'xml-malformed',
    response: () => honestResponse().replace(' ID=', ' xmlns:a="urn:x" xmlns:b="urn:x" a:y="1" b:y="2" ID='),
  },
  {
    title: 'an attribute without quotes',
    because: 'xml-malformed',
    response: () => honestResponse().replace(/ Version="2.0"/, ' Version=2.0'),
  },
  { title: 'a prefix nobody declared', because: 'xml-malformed', response: withNameId('<y:x></y:x>') },
  {
    title: 'a prefix of XML itself declared anew',
    because: 'xml-malformed',
    response: () => honestResponse().replace(' ID=', ' xmlns:xml="urn:x" ID='),
  },
  { title: 'tags that overlap', because: 'xml-malformed', response: withNameId('<saml:a><saml:b></saml:a></saml:b>') },
  {
    title: 'half of a pair of characters',
    because: 'message-encoding',
    response: () => Buffer.from([0x3c, 0x78, 0xed, 0xa0, 0x80, 0x3e]),
  },
  { title: 'Latin-1', because: 'message-encoding', response: () => Buffer.from('<x>é</x>', 'latin1') },
  { title: 'UTF-16', because: 'xml-malformed', response: () => Buffer.from(honestResponse(), 'utf16le') },
  { title: 'another root', because: 'wrong-message', response: () => '<x/>' },
  {
    title: 'version 1.1',
    because: 'wrong-message',
    response: () => honestResponse().replace('Version="2.0"', 'Version="1.1"'),
  },
])

refusesAll('SAML messages that are too much', [
  { title: 'nothing', because: 'message-missing', response: () => ({ field: '' }) },
  { title: 'no base64', because: 'message-encoding', response: () => ({ field: '%%%' }) },
  {
    title: 'a million spaces and then no base64',
    because: 'message-too-large',
    response: () => ({ field: `AAAA${' '.repeat(1_000_000)}!` }),
  },
  {
    title: 'deflated, as only queries are',
    because: 'message-encoding',
    response: () => deflateRawSync(honestResponse()),
  },
  {
    title: 'three hundred thousand characters',
    because: 'message-too-large',
    response: withNameId('x'.repeat(300_000)),
  },
  {
    title: 'a thousand elements inside one another',
    because: 'xml-too-complex',
    response: withNameId('<a>'.repeat(1000) + '</a>'.repeat(1000)),
  },
  {
    title: 'two hundred names of elements',
    because: 'xml-too-complex',
    response: withNameId(Array.from({ length: 200 }, (_, at) => `<a${at}/>`).join('')),
  },
  {
    title: 'a hundred attributes of one element',
    because: 'xml-too-complex',
    response: withNameId(`<a${Array.from({ length: 100 }, (_, at) => ` b${at}=""`).join('')}/>`),
  },
  {
    title: 'a thousand elements beside one another',
    because: 'xml-too-complex',
    response: withNameId('<a/>'.repeat(1_100)),
  },
])

describe('SAML documents that are unusual and right', () => {
  const finish = async (xml: string) => outcome(await testProvider().provider.finish(posted(xml), REMEMBERED))

  it('are accepted: a declaration, single quotes, short tags, line breaks in tags, characters by number', async () => {
    assert.equal(await finish(`<?xml version="1.0" encoding="UTF-8"?>\n${honestResponse()}\n`), 'accepted')
    assert.equal(await finish(honestResponse().replace('Version="2.0"', "\n  Version = '2.0'")), 'accepted')
    const short = honestResponse().replace(/<samlp:StatusCode ([^>]*)><\/samlp:StatusCode>/, '<samlp:StatusCode $1/>')
    assert.equal(await finish(short), 'accepted')
    assert.equal(await finish(honestResponse().replace('ann@fjord', '&#x61;nn@fjord')), 'accepted')
  })
})
