/** Rules of the stylesheet's source that no tool checks for us. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type CssNode, parse, walk } from 'css-tree'

const sheets = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.css'))
  .map((name) => ({ name, text: readFileSync(`${import.meta.dirname}/${name}`, 'utf8') }))

/** `margin-left`, `top`, `min-width`; not `line-height`. */
const PHYSICAL = /^(?:[a-z-]+-)?(?:left|right|top|bottom)(?:-|$)|^(?:min-|max-)?(?:width|height)$/

const declarations = (text: string) => {
  const found: { property: string; value: string; isImportant: boolean }[] = []
  walk(parse(text, { parseValue: false }), (node: CssNode) => {
    if (node.type !== 'Declaration') return
    const value = node.value.type === 'Raw' ? node.value.value : ''
    found.push({ property: node.property, value, isImportant: node.important !== false })
  })
  return found
}

describe('the stylesheet of the pages', () => {
  it('knows no left and no right: one sheet serves both directions', () => {
    for (const { name, text } of sheets) {
      for (const { property, value } of declarations(text)) {
        assert.doesNotMatch(property, PHYSICAL, `${name}: ${property}`)
        assert.doesNotMatch(value, /^(?:left|right)$/, `${name}: ${property}: ${value}`)
      }
    }
  })

  it('declares its layers once, the guard first, and pools and clients last', () => {
    const order = '@layer guard, theme, base, components, utilities, pool, client;'
    assert.equal(sheets.filter(({ text }) => text.includes(order)).length, 1)
  })

  it('guards with !important alone, and uses it nowhere else', () => {
    for (const { name, text } of sheets) {
      for (const { property, isImportant } of declarations(text)) {
        assert.equal(isImportant, name === 'guard.css', `${name}: ${property}`)
      }
    }
  })

  it('takes no address from elsewhere', () => {
    for (const { name, text } of sheets) assert.doesNotMatch(text, /https?:|\/\/[a-z]/i, name)
  })
})
