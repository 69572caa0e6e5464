import type { CssNode } from 'css-tree'

/** Why something in a stylesheet was refused or remarked on. Stable: an editor may key on it. */
export type CssRule =
  | 'too-large'
  | 'too-many-rules'
  | 'syntax'
  | 'unbalanced'
  | 'nesting'
  | 'escape'
  | 'markup'
  | 'control-character'
  | 'url'
  | 'at-rule'
  | 'media-query'
  | 'selector-element'
  | 'selector-id'
  | 'selector-universal'
  | 'selector-attribute'
  | 'selector-class'
  | 'selector-pseudo'
  | 'selector-combinator'
  | 'selector-length'
  | 'important'
  | 'property-moves'
  | 'property-hides'
  | 'property-loads'
  | 'property-unknown'
  | 'property-place'
  | 'function'
  | 'variable'
  | 'token'
  | 'value'
  | 'bounds'
  | 'opaque'
  | 'focus-ring'
  | 'raised'

/** A remark on one place of a stylesheet. Lines and columns count from 1. */
export interface CssNote {
  line: number
  column: number
  rule: CssRule
  reason: string
  /** What to write instead; null when nothing of the kind is possible. */
  suggestion: string | null
}

/** A note before its place is known. */
export type CssProblem = Omit<CssNote, 'line' | 'column'>

export const problem = (rule: CssRule, reason: string, suggestion: string | null = null): CssProblem => ({
  rule,
  reason,
  suggestion,
})

export const noteAt = (node: CssNode, { rule, reason, suggestion }: CssProblem): CssNote => ({
  line: node.loc?.start.line ?? 1,
  column: node.loc?.start.column ?? 1,
  rule,
  reason,
  suggestion,
})
