import { type CssNode, type Dimension, type FunctionNode, lexer, type NumberNode } from 'css-tree'
import { type CssProblem, problem } from './css-note.ts'

/** What a value check may know and do besides looking at its node. */
export interface ValueContext {
  /** Every selector of the rule ends at a Cognito class: documented values outside our bounds are raised, not refused. */
  isCognito: boolean
  warn: (node: CssNode, found: CssProblem) => void
}

/** `true`: accepted. `false`: not this kind. A problem: this kind, but refused. */
type Verdict = boolean | CssProblem
export type Kind = (node: CssNode, context: ValueContext) => Verdict
/** A whole value; null means accepted. */
export type Grammar = (
  nodes: readonly CssNode[],
  context: ValueContext,
) => { node: CssNode | null; problem: CssProblem } | null

const NUMBER = /^[+-]?(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})$/
const numberOf = (text: string): number | null => (NUMBER.test(text) ? Number(text) : null)

const COLOUR_FUNCTIONS = /^(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)$/
const SYSTEM_COLOURS =
  /^(?:canvas|canvastext|linktext|buttonface|buttontext|buttonborder|field|fieldtext|highlight|highlighttext|graytext|mark|marktext)$/

const checkColourFunction = (node: FunctionNode): CssProblem | null => {
  for (const part of node.children.toArray()) {
    const plain =
      ((part.type === 'Number' || part.type === 'Percentage') && numberOf(part.value) !== null) ||
      (part.type === 'Dimension' && part.unit.toLowerCase() === 'deg' && numberOf(part.value) !== null) ||
      (part.type === 'Operator' && (part.value.trim() === ',' || part.value.trim() === '/')) ||
      (part.type === 'Identifier' && part.name.toLowerCase() === 'none')
    if (!plain) return problem('value', 'a colour is made of plain numbers here', 'write it as #rrggbb')
  }
  return lexer.matchType('color', node).error === null ? null : problem('value', 'this is not a colour')
}

/** True when the colour, already known to be one, lets something shine through. */
const isTranslucent = (node: CssNode): boolean => {
  if (node.type === 'Hash')
    return (node.value.length === 4 && !/f$/i.test(node.value)) || (node.value.length === 8 && !/ff$/i.test(node.value))
  if (node.type === 'Identifier') return node.name.toLowerCase() === 'transparent'
  if (node.type !== 'Function') return false
  const parts = node.children.toArray()
  const slash = parts.findIndex((part) => part.type === 'Operator' && part.value.trim() === '/')
  const commas = parts.filter((part) => part.type === 'Operator' && part.value.trim() === ',').length
  const alpha = slash >= 0 ? parts[slash + 1] : commas === 3 ? parts.at(-1) : undefined
  if (alpha === undefined) return false
  if (alpha.type === 'Number') return Number(alpha.value) < 1
  if (alpha.type === 'Percentage') return Number(alpha.value) < 100
  return true
}

/** @param opaque text that shines through cannot be read, so it has to be given without transparency */
export const colour =
  ({ opaque = false } = {}): Kind =>
  (node) => {
    if (node.type === 'Hash') {
      if (!/^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(node.value))
        return problem('value', 'this is not a colour')
    } else if (node.type === 'Identifier') {
      const name = node.name.toLowerCase()
      const known =
        name === 'currentcolor' || SYSTEM_COLOURS.test(name) || lexer.matchType('color', node).error === null
      if (!known) return false
      node.name = name
    } else if (node.type === 'Function' && COLOUR_FUNCTIONS.test(node.name.toLowerCase())) {
      const refused = checkColourFunction(node)
      if (refused) return refused
    } else return false
    return opaque && isTranslucent(node)
      ? problem('opaque', 'this colour has to be opaque, so that it can be read')
      : true
  }

export const words =
  (...allowed: readonly string[]): Kind =>
  (node) => {
    if (node.type !== 'Identifier' || !allowed.includes(node.name.toLowerCase())) return false
    node.name = node.name.toLowerCase()
    return true
  }

const PX: Readonly<Record<string, number>> = { px: 1, rem: 16, em: 16 }

interface LengthRule {
  /** Bounds in px; 1rem and 1em count as 16. */
  least: number
  most: number
  units?: readonly ('px' | 'rem' | 'em')[]
  /** For Cognito's classes: a smaller value becomes the least one, with a warning. */
  raises?: boolean
  /** For Cognito's classes: smaller values pass with a warning down to this. */
  toleratesFrom?: number
}

const lengthProblem = ({ least, most, units = ['px', 'rem', 'em'] }: LengthRule): CssProblem =>
  problem('bounds', `a length from ${least}px to ${most}px, in ${units.join(', ')}, belongs here`)

export const length = (rule: LengthRule): Kind => {
  const { least, most, units = ['px', 'rem', 'em'], raises, toleratesFrom } = rule
  return (node, { isCognito, warn }) => {
    if (node.type === 'Number' && numberOf(node.value) === 0) return least <= 0 ? true : lengthProblem(rule)
    if (node.type !== 'Dimension') return false
    const unit = node.unit.toLowerCase()
    const value = numberOf(node.value)
    if (value === null || !(units as readonly string[]).includes(unit)) return lengthProblem(rule)
    node.unit = unit
    const px = value * (PX[unit] ?? 0)
    if (px > most) return lengthProblem(rule)
    if (px >= least) return true
    if (isCognito && raises && px >= 0) {
      warn(node, problem('raised', `${node.value}${unit} is too small to read; ${least}px is used`, `write ${least}px`))
      Object.assign(node, { value: String(least), unit: 'px' } satisfies Partial<Dimension>)
      return true
    }
    if (isCognito && toleratesFrom !== undefined && px >= toleratesFrom) {
      warn(node, problem('bounds', `${node.value}${unit} is a small target for a finger`, `write ${least}px or more`))
      return true
    }
    return lengthProblem(rule)
  }
}

const within = (node: CssNode, type: 'Number' | 'Percentage', least: number, most: number, unit: string): Verdict => {
  if (node.type !== type) return false
  const value = numberOf((node as NumberNode).value)
  if (value !== null && value >= least && value <= most) return true
  return problem('bounds', `a number from ${least}${unit} to ${most}${unit} belongs here`)
}

export const percent =
  (least: number, most: number): Kind =>
  (node) =>
    within(node, 'Percentage', least, most, '%')

export const number =
  (least: number, most: number): Kind =>
  (node) =>
    within(node, 'Number', least, most, '')

export const milliseconds =
  (most: number): Kind =>
  (node) => {
    if (node.type !== 'Dimension' || !/^m?s$/i.test(node.unit)) return false
    const value = numberOf(node.value)
    const ms = value === null ? Number.NaN : value * (node.unit.toLowerCase() === 's' ? 1000 : 1)
    return ms >= 0 && ms <= most ? true : problem('bounds', `a time of at most ${most}ms belongs here`)
  }

/** `var(--portico-…)` of the named tokens, without a fallback: the tokens are always set. */
export const token =
  (...names: readonly string[]): Kind =>
  (node) => {
    if (node.type !== 'Function' || node.name.toLowerCase() !== 'var') return false
    const only = node.children.size === 1 ? node.children.first : null
    if (only?.type !== 'Identifier') {
      return problem('variable', 'var() takes the name of a token and nothing else', 'leave the fallback out')
    }
    if (!only.name.startsWith('--portico-')) {
      return problem('variable', `"${only.name}" is not a token of the theme`, 'use a --portico-… token')
    }
    return names.includes(only.name.slice('--portico-'.length))
      ? true
      : problem('variable', `"${only.name}" does not fit here`)
  }

/** The first verdict that recognises the node. */
export const anyOf =
  (...kinds: readonly Kind[]): Kind =>
  (node, context) => {
    for (const kind of kinds) {
      const verdict = kind(node, context)
      if (verdict !== false) return verdict
    }
    return false
  }

const LOADS = /^(?:url|src|image|image-set|-webkit-image-set|cross-fade|element|paint|.*-gradient)$/

const misfit = (node: CssNode): CssProblem => {
  if (node.type === 'Url')
    return problem('url', 'a stylesheet may not load anything', 'upload images as the theme’s logo or favicon')
  if (node.type !== 'Function') return problem('value', 'this value does not belong here')
  const name = node.name.toLowerCase()
  return LOADS.test(name)
    ? problem('url', `${name}() could load from elsewhere`, 'upload images as the theme’s logo or favicon')
    : problem('function', `${name}() is not on the list`, 'write the value itself')
}

const judge = (kind: Kind, node: CssNode, context: ValueContext): ReturnType<Grammar> => {
  const verdict = kind(node, context)
  if (verdict === true) return null
  return { node, problem: verdict === false ? misfit(node) : verdict }
}

/** From one to `most` values of the kind, separated by spaces. */
export const list =
  (most: number, kind: Kind): Grammar =>
  (nodes, context) => {
    if (nodes.length === 0) return { node: null, problem: problem('value', 'a value is missing') }
    for (const node of nodes) {
      const refused = judge(kind, node, context)
      if (refused) return refused
    }
    const extra = nodes[most]
    return extra === undefined ? null : { node: extra, problem: problem('value', 'there is one value too many') }
  }

export const one = (kind: Kind): Grammar => list(1, kind)

/** A shorthand: each part at most once (or as often as said), in any order. */
export const parts =
  (...slots: readonly { kind: Kind; most?: number }[]): Grammar =>
  (nodes, context) => {
    if (nodes.length === 0) return { node: null, problem: problem('value', 'a value is missing') }
    const used = slots.map(() => 0)
    for (const node of nodes) {
      let verdict: Verdict = false
      for (const [at, { kind, most = 1 }] of slots.entries()) {
        if ((used[at] ?? 0) >= most) continue
        verdict = kind(node, context)
        if (verdict === false) continue
        used[at] = (used[at] ?? 0) + 1
        break
      }
      if (verdict === false) return { node, problem: misfit(node) }
      if (verdict !== true) return { node, problem: verdict }
    }
    return null
  }

/** Comma-separated repetitions of a grammar. */
export const commas =
  (most: number, grammar: Grammar): Grammar =>
  (nodes, context) => {
    const groups: CssNode[][] = [[]]
    for (const node of nodes) {
      if (node.type === 'Operator' && node.value.trim() === ',') groups.push([])
      else groups.at(-1)?.push(node)
    }
    if (groups.length > most)
      return { node: nodes[0] ?? null, problem: problem('value', `at most ${most} belong here`) }
    for (const group of groups) {
      const refused = grammar(group, context)
      if (refused) return refused
    }
    return null
  }
