import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { forTheLog, refuse, SAML_REFUSALS } from './refusals.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/federation-saml.md'), 'utf8')

describe('the reasons for refusing what a SAML provider sends', () => {
  it('are all explained to operators, and no others', () => {
    const [, section = ''] = /^## Reasons for a refusal$([\s\S]*?)^## /m.exec(page) ?? []
    const [, ...listed] = [...section.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \|$/gm)].map(([, one, means]) => [
      one,
      means,
    ])
    assert.deepEqual(Object.fromEntries(listed), SAML_REFUSALS)
  })

  it('carry what the other side wrote as one short printable line', () => {
    assert.equal(forTheLog('a\nforged line\u001b[31m\u202e'), 'a forged line [31m')
    const failure = refuse('issuer-mismatch', 'x'.repeat(5000))
    assert.equal(!failure.ok && failure.failure.because?.length, 'issuer-mismatch: '.length + 160)
  })
})
