import { type Atrule, type CssNode, generate } from 'css-tree'
import { type CssProblem, problem } from './css-note.ts'

const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  'prefers-color-scheme': ['light', 'dark'],
  'prefers-contrast': ['more', 'less', 'no-preference', 'custom'],
  'prefers-reduced-motion': ['reduce', 'no-preference'],
  orientation: ['portrait', 'landscape'],
}
const WIDTHS: readonly string[] = ['min-width', 'max-width']

const refused = (reason: string): CssProblem =>
  problem('media-query', reason, `use (${[...Object.keys(KEYWORDS), ...WIDTHS].join('), (')}), joined by "and"`)

const checkFeature = (node: CssNode): CssProblem | null => {
  if (node.type !== 'Feature') return refused('this media condition is not on the list')
  const name = node.name.toLowerCase()
  node.name = name
  const value = node.value as CssNode | null
  const words = KEYWORDS[name]
  if (words) {
    if (value?.type !== 'Identifier' || !words.includes(value.name.toLowerCase())) {
      return refused(`(${name}) takes ${words.join(', ')}`)
    }
    value.name = value.name.toLowerCase()
    return null
  }
  if (!WIDTHS.includes(name)) return refused(`(${name}) is not on the list`)
  const isLength =
    value?.type === 'Dimension' && /^(?:px|rem|em)$/i.test(value.unit) && /^\d{1,4}(?:\.\d{1,3})?$/.test(value.value)
  return isLength ? null : refused(`(${name}) takes a length in px, rem or em`)
}

/** Checks the condition of an `@media`; on success gives its text, written from the tree. */
export const checkMedia = (rule: Atrule): { ok: true; text: string } | { ok: false; problem: CssProblem } => {
  const list = rule.prelude?.type === 'AtrulePrelude' ? rule.prelude.children.first : null
  if (list?.type !== 'MediaQueryList') return { ok: false, problem: refused('@media needs a condition') }
  for (const query of list.children.toArray()) {
    if (query.type !== 'MediaQuery' || query.modifier !== null) {
      return { ok: false, problem: refused('"not" and "only" are not supported') }
    }
    if (query.mediaType !== null && !/^(?:screen|print|all)$/i.test(query.mediaType)) {
      return { ok: false, problem: refused(`"${query.mediaType}" is not on the list`) }
    }
    const parts = query.condition?.type === 'Condition' ? query.condition.children.toArray() : []
    for (const part of parts) {
      if (part.type === 'Identifier' && part.name.toLowerCase() === 'and') continue
      const found = checkFeature(part)
      if (found) return { ok: false, problem: found }
    }
  }
  return { ok: true, text: generate(list) }
}
