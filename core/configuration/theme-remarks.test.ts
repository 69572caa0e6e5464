import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keepThemes } from '#core/themes/index.ts'
import { loadShippedThemes } from '#server/theme-library.ts'
import { memoryAdministration } from '#tests/support/memory/administration.ts'
import { ConfigurationFile } from './configuration-file.ts'
import { isFault, type ThemeRemark, themeRemarks } from './theme-remarks.ts'

const FILES: Readonly<Record<string, string>> = {
  'bent.css': '.portico-title {\n  color: #123456\n}\n.inputField-customizable {\n  height: 34px\n}',
}

const setup = () => {
  const world = memoryAdministration()
  const { random, clock } = world.ports
  const materials = {
    secret: async () => null,
    text: async (file: string) => FILES[file] ?? null,
    picture: async () => null,
    shippedThemes: async () => loadShippedThemes(),
  }
  const themes = keepThemes({ themes: world.looks, random, clock }, { name: 'test', context: null })
  const remark = (pool: object) =>
    themeRemarks({ admin: world.admin, materials, themes })(
      ConfigurationFile.parse({ pools: [{ name: 'Shop', ...pool }] }),
    )
  return { ...world, themes, remark }
}

const aClient = (theme: object) => ({
  name: 'Web',
  settings: { type: 'public', callbackUrls: ['https://shop.example/cb'] },
  theme,
})
const summary = (remarks: readonly ThemeRemark[]) => remarks.map(({ about, pool, client }) => [about, pool, client])

describe('remarks on looks', () => {
  it('are none on a look that is as it should be, or on no look', async () => {
    const { remark } = setup()
    assert.deepEqual(await remark({}), [])
    assert.deepEqual(await remark({ theme: { settings: { hue: 'petrol' } }, clients: [aClient({})] }), [])
  })

  it('name a pair of colours that cannot be read, its ratio and what it needs', async () => {
    const { remark } = setup()
    const remarks = await remark({ theme: { settings: { colors: { light: { ink: '#bbbbbb' } } } } })
    const [first] = remarks
    assert.ok(first?.about === 'contrast')
    assert.deepEqual([first.mode, first.of, first.least], ['light', 'ink', 4.5])
    assert.ok(first.ratio < 4.5)
    assert.ok(remarks.every(isFault))
  })

  it('judge a page that is never dark by day alone', async () => {
    const { remark } = setup()
    const colors = { dark: { ink: '#222222' } }
    assert.notDeepEqual(await remark({ theme: { settings: { colors } } }), [])
    assert.deepEqual(await remark({ theme: { settings: { colors, colorMode: 'light' } } }), [])
  })

  it('tell what became of a brand colour, which is no fault', async () => {
    const { remark } = setup()
    const remarks = await remark({ theme: { settings: { brand: '#ffcc00' } } })
    assert.ok(remarks.some((each) => each.about === 'brand' && each.mode === 'light' && each.given === '#ffcc00'))
    assert.deepEqual(remarks.filter(isFault), [])
  })

  it('name the place of CSS that was accepted in another form', async () => {
    const { remark } = setup()
    const [note, ...more] = await remark({ theme: { css: { file: 'bent.css' } } })
    assert.ok(note?.about === 'css')
    assert.deepEqual([note.file, note.line, note.column, note.rule, more.length], ['bent.css', 5, 11, 'bounds', 0])
    assert.equal(isFault(note), true)
  })

  it('see a client’s look over its pool’s, as the file says it, or else as it is kept', async () => {
    const { remark, themes, makePool } = setup()
    const grey = { settings: { colors: { light: { ground: '#999999', field: '#999999' } } } }
    const pale = aClient({ settings: { colors: { light: { 'ink-soft': '#888888' } } } })
    const inFile = summary(await remark({ theme: grey, clients: [pale] }))
    assert.ok(inFile.some(([, , client]) => client === 'Web'))
    const alone = summary(await remark({ clients: [pale] })).length
    const { id } = await makePool({}, 'Shop')
    await themes.put(id, '', { ...grey, cssSource: null, css: null, images: [] })
    assert.ok(summary(await remark({ clients: [pale] })).length > alone)
  })
})
