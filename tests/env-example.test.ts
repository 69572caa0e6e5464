import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ConfigSchema } from '#server/config.ts'

const lines = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8').split('\n')
const shown = lines.flatMap((line) => {
  const match = /^#?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line)
  return match ? [{ name: match[1] ?? '', value: match[2] ?? '' }] : []
})

describe('the example of settings', () => {
  it('names every setting, in the order of the schema, and no other', () => {
    assert.deepEqual(
      shown.map(({ name }) => name),
      Object.keys(ConfigSchema.shape),
    )
  })

  it('shows the defaults, and no secret', () => {
    for (const { name, value } of shown) {
      const schema = ConfigSchema.shape[name as keyof typeof ConfigSchema.shape]
      const { data } = schema.safeParse(undefined)
      assert.equal(value, data === undefined ? '' : String(data), name)
    }
  })

  it('changes nothing when it is used as it is', () => {
    for (const line of lines) assert.match(line, /^(#|$)/)
  })
})
