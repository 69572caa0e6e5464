/** Every theme that ships: readable, complete, and in need of no more than an operator's stylesheet may do. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { compileCss, type LoadedTheme, resolveTheme, ShippedTheme, themeStylesheet } from '#core/themes/index.ts'

const FOLDER = import.meta.dirname
const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

const load = (name: string): LoadedTheme => {
  const theme = ShippedTheme.parse(JSON.parse(readFileSync(join(FOLDER, name, 'theme.json'), 'utf8')))
  const sheet = join(FOLDER, name, 'theme.css')
  const compiled = compileCss(existsSync(sheet) ? readFileSync(sheet, 'utf8') : '')
  assert.ok(compiled.ok, JSON.stringify(compiled))
  assert.deepEqual(compiled.warnings, [])
  return { theme, css: compiled.css }
}

describe('shipped themes', () => {
  it('are at least two, and one is the default', () => {
    assert.ok(names.length >= 2)
    assert.ok(names.includes('default'))
  })

  for (const name of names) {
    it(`${name} parses, and its stylesheet passes the compiler that everyone’s must pass`, () => {
      assert.ok(load(name).theme.description.endsWith('.'))
    })

    it(`${name} reads at 4.5:1 or more, in light and dark, for pools of every ink and for a client’s own brand`, () => {
      const shipped = new Map([
        [name, load(name)],
        ['default', load('default')],
      ])
      for (let at = 0; at < 60; at++) {
        for (const brand of [undefined, '#ffcc00', '#777777', '#0b3d91']) {
          const resolved = resolveTheme({
            poolId: `eu-local-1_${at}`,
            shipped,
            pool: { settings: { base: name }, cssSource: null, css: null },
            client: brand === undefined ? null : { settings: { brand }, cssSource: null, css: null },
          })
          assert.deepEqual(resolved.findings, [])
          assert.ok(themeStylesheet(resolved).css.length > 1000)
        }
      }
    })
  }

  it('have a character of their own: no two give the same values', () => {
    const looks = names.map((name) => JSON.stringify(load(name).theme.settings))
    assert.equal(new Set(looks).size, looks.length)
  })
})
