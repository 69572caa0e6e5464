import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseEnv } from 'node:util'
import { ConfigSchema, readConfig } from '#server/config.ts'

const example = parseEnv(readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8'))

describe('the example of settings', () => {
  it('names every setting and no other', () => {
    assert.deepEqual(Object.keys(example).sort(), Object.keys(ConfigSchema.shape).sort())
  })

  it('holds no secret', () => {
    for (const [name, value] of Object.entries(example))
      if (/SECRET|TOKEN|DATABASE_URL|SMTP_URL/.test(name)) assert.equal(value, '', name)
  })

  it('changes nothing when it is used as it is', () => {
    assert.deepEqual(readConfig(example), readConfig({}))
  })
})
