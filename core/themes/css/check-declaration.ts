import { type CssNode, type Declaration, generate } from 'css-tree'
import type { Subject } from './check-selector.ts'
import { isCognitoClass } from './class-names.ts'
import { type CssNote, noteAt, problem } from './css-note.ts'
import { propertyRule } from './properties.ts'
import { tokenRule } from './tokens.ts'

/**
 * Checks one declaration against everything its rule selects; on success gives its text, written from the tree.
 * The strictest subject decides: `.logo-customizable, .label-customizable { opacity: .8 }` is refused.
 */
export const checkDeclaration = (
  node: Declaration,
  subjects: readonly Subject[],
  warn: (note: CssNote) => void,
): { ok: true; text: string } | { ok: false; note: CssNote } => {
  if (node.important) {
    const refused = problem('important', '!important would override what keeps the page usable', 'remove it')
    return { ok: false, note: noteAt(node, refused) }
  }
  const isCustom = node.property.startsWith('--')
  const name = isCustom ? node.property : node.property.toLowerCase()
  if (node.value.type !== 'Value') {
    return { ok: false, note: noteAt(node, problem('syntax', 'this value cannot be read')) }
  }
  const value = node.value
  const nodes: CssNode[] = value.children.toArray()
  const context = {
    isCognito: subjects.every(({ classes }) => classes.length > 0 && classes.every(isCognitoClass)),
    warn: (at: CssNode, found: Parameters<typeof noteAt>[1]) => warn(noteAt(at, found)),
  }
  for (const subject of subjects) {
    const rule = isCustom ? tokenRule(name, subject.isRoot) : propertyRule(name, subject)
    if ('refused' in rule) return { ok: false, note: noteAt(node, rule.refused) }
    const found = rule.grammar(nodes, context)
    if (found) return { ok: false, note: noteAt(found.node ?? node, found.problem) }
  }
  return { ok: true, text: `${name}:${generate(value)}` }
}
