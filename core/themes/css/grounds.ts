import { type CssNode, parse } from 'css-tree'
import { namedColour } from './named-colours.ts'

/** Opaque colours, `#rrggbb`, that a stylesheet gives to what carries text it does not colour. */
export interface Grounds {
  page: string | null
  banner: string | null
  /** True when the sheet says itself what changes in the dark. */
  knowsDark: boolean
}

const PAGE = new Set(['.background-customizable', '.portico-page'])
const BANNER = new Set(['.banner-customizable', '.portico-rail'])

const opaqueHex = (node: CssNode | null): string | null => {
  if (node?.type === 'Identifier') return namedColour(node.name.toLowerCase())
  if (node?.type === 'Hash') {
    const digits = node.value.length <= 4 ? [...node.value].map((digit) => digit + digit).join('') : node.value
    return digits.length === 6 || /ff$/i.test(digits) ? `#${digits.slice(0, 6).toLowerCase()}` : null
  }
  if (node?.type === 'Function' && /^rgba?$/i.test(node.name)) {
    const channels = node.children.toArray().filter((part) => part.type === 'Number')
    if (channels.length !== 3 || node.children.some((part) => part.type === 'Percentage')) return null
    const two = (value: string): string =>
      Math.min(255, Math.max(0, Math.round(Number(value))))
        .toString(16)
        .padStart(2, '0')
    return `#${channels.map((part) => two(part.value)).join('')}`
  }
  return null
}

/**
 * Reads from a compiled stylesheet what its author could not finish: Cognito's classes let people colour the banner and
 * the page, but neither the words on them nor their look in the dark. Colours in other notations are left alone.
 */
export const groundsOf = (compiled: string): Grounds => {
  const grounds: Grounds = { page: null, banner: null, knowsDark: false }
  if (compiled === '') return grounds
  const sheet = parse(compiled, { parseRulePrelude: false, parseAtrulePrelude: false })
  if (sheet.type !== 'StyleSheet') return grounds
  for (const rule of sheet.children.toArray()) {
    if (rule.type === 'Atrule' && rule.prelude?.type === 'Raw' && rule.prelude.value.includes('prefers-color-scheme')) {
      grounds.knowsDark = true
    }
    if (rule.type !== 'Rule' || rule.prelude.type !== 'Raw') continue
    const selectors = rule.prelude.value.split(',')
    for (const declaration of rule.block.children.toArray()) {
      if (declaration.type !== 'Declaration' || !/^background(?:-color)?$/.test(declaration.property)) continue
      const value = declaration.value.type === 'Value' ? declaration.value.children.first : null
      if (selectors.some((selector) => PAGE.has(selector))) grounds.page = opaqueHex(value)
      if (selectors.some((selector) => BANNER.has(selector))) grounds.banner = opaqueHex(value)
    }
  }
  return grounds
}
