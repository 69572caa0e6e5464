import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { SAML_APP_REFUSALS } from './refusals.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/federation-saml-idp.md'), 'utf8')

describe('the reasons for refusing what a service provider sends', () => {
  it('are all explained to operators, and no others', () => {
    const [, section = ''] = /^## Reasons for a refusal$([\s\S]*?)^## /m.exec(page) ?? []
    const listed = [...section.matchAll(/^\| `([a-z0-9-]+)` \| (.+) \|$/gm)].map(([, one, means]) => [one, means])
    assert.deepEqual(Object.fromEntries(listed), SAML_APP_REFUSALS)
  })
})
