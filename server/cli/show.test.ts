import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { details, differenceLine, table } from './show.ts'

describe('what the command line shows', () => {
  it('shows values that would move the cursor or paint the terminal, and does not obey them', () => {
    const shown = [...table(['NAME'], [['Ann\u001b[31m\u202eee\r\n']]), ...details({ name: '\u001b]0;x\u0007' })].join(
      '',
    )
    assert.equal(/\p{Cc}|\p{Cf}/u.test(shown), false)
    assert.match(shown, /Ann\\u001b\[31m\\u202eee/)
  })
  it('keeps columns in step, whatever the alphabet', () => {
    assert.deepEqual(
      table(
        ['ID', 'NAME'],
        [
          ['1', 'Ann'],
          ['100', null],
        ],
      ),
      ['ID   NAME', '1    Ann', '100  -'],
    )
    assert.deepEqual(
      table(
        ['A', 'B'],
        [
          ['é', 'x'],
          ['😀😀', 'y'],
        ],
      ),
      ['A   B', 'é   x', '😀😀  y'],
    )
  })
  it('names settings by their paths', () => {
    assert.deepEqual(details({ id: 'x', session: { maxMinutes: 5 }, links: {}, scopes: [] }), [
      'id                  x',
      'session.maxMinutes  5',
      'links               -',
      'scopes              -',
    ])
  })
  it('tells what was, what will be, and what goes back to its default', () => {
    assert.equal(differenceLine({ path: 'owner', from: 'Ann', to: 'Bo' }), 'owner: Ann → Bo')
    assert.equal(differenceLine({ path: 'owner', from: 'Ann', to: undefined }), 'owner: Ann → (default)')
    assert.equal(differenceLine({ path: 'owner', from: undefined, to: 'Bo' }), 'owner: Bo')
  })
  it('tells long texts apart by their beginning and a fingerprint', () => {
    const certificate = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`
    const [from, to] = [certificate('MIIB'), certificate('MIIC')]
    const line = differenceLine({ path: 'ca', from, to })
    assert.match(
      line,
      /^ca: (-----BEGIN CERTIFICATE-----… \(\d+ characters, SHA-256 [0-9a-f]{16}…\)) → (?!\1)-----BEGIN/,
    )
    assert.equal(/MII/.test(line), false)
    assert.equal(/MII/.test(differenceLine({ path: 'saml', from: undefined, to: { certificates: [from] } })), false)
    const metadata = differenceLine({
      path: 'metadataXml',
      from: undefined,
      to: `<EntityDescriptor ${'x'.repeat(9000)}`,
    })
    assert.ok(metadata.length < 120, metadata)
    const address = `https://id.corp.example/${'a'.repeat(60)}`
    assert.equal(differenceLine({ path: 'issuer', from: undefined, to: address }), `issuer: ${address}`)
  })
})
