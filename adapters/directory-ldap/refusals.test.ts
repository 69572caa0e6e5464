import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { providerCommon } from '#core/federation/provider-common.ts'
import { forTheLog, LDAP_REFUSALS, refuse } from './refusals.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/federation-ldap.md'), 'utf8')

describe('the page about directories', () => {
  it('lists every setting of a directory, and no other', () => {
    const [, section = ''] = /^## Settings$([\s\S]*?)^\| \| /m.exec(page) ?? []
    const listed = [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    )
    const own = Object.keys(LdapProviderSettings.shape).filter((name) => !Object.hasOwn(providerCommon, name))
    assert.deepEqual(listed.toSorted(), own.toSorted())
  })

  it('has examples that can be used', () => {
    for (const [, example = ''] of page.matchAll(/```json\n([\s\S]*?)```/g))
      assert.deepEqual(LdapProviderSettings.safeParse(JSON.parse(example)).error?.issues ?? [], [])
  })
})

describe('the reasons for which a directory signs nobody in', () => {
  it('are all explained to operators, and no others', () => {
    const [, section = ''] = /^## Reasons$([\s\S]*?)^## /m.exec(page) ?? []
    const listed = [...section.matchAll(/^\| `([a-z0-9-]+)` \| `([a-z-]+)` \| (.+) \|$/gm)].map(
      ([, reason, code, means]) => [reason, { code, means }],
    )
    assert.deepEqual(Object.fromEntries(listed), LDAP_REFUSALS)
  })

  it('carry what the other side wrote as one short printable line', () => {
    assert.equal(forTheLog('a\nforged line\u001b[31m\u202e'), 'a forged line [31m')
    const failure = refuse('service-refused', 'x'.repeat(5000))
    assert.equal(!failure.ok && failure.failure.because?.length, 'service-refused: '.length + 160)
  })
})
