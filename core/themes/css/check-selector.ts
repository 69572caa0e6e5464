import { type AttributeSelector, type CssNode, generate, type PseudoClassSelector, type Selector } from 'css-tree'
import { isKnownClass, nearestClass } from './class-names.ts'
import { type CssNote, type CssProblem, noteAt, problem } from './css-note.ts'

/** Deeper selectors are never needed with one class on every part, and cost the browser time. */
const MAX_COMPOUNDS = 4

/** What a declaration may depend on: the last compound of a selector. */
export interface Subject {
  classes: readonly string[]
  isRoot: boolean
  /** `before`, `after`, `placeholder`; null: the element itself. */
  pseudoElement: string | null
}

const PSEUDO_CLASSES: ReadonlySet<string> = new Set([
  'hover',
  'focus',
  'focus-visible',
  'active',
  'disabled',
  'checked',
  'first-child',
  'last-child',
])
const PSEUDO_ELEMENTS: ReadonlySet<string> = new Set(['before', 'after', 'placeholder'])

const classProblem = (name: string): CssProblem => {
  const near = nearestClass(name)
  return problem('selector-class', `".${name}" is not a class of the hosted pages`, near && `did you mean .${near}?`)
}

/** `[dir=…]` anywhere, `body[data-page=…]`, `:root[data-color-mode=…]`: closed sets that hold nothing a person typed. */
const ATTRIBUTES: Readonly<Record<string, { on: 'body' | 'root' | null; value: RegExp }>> = {
  dir: { on: null, value: /^(?:ltr|rtl)$/ },
  'data-page': { on: 'body', value: /^[a-z]+(?:-[a-z]+)*$/ },
  'data-color-mode': { on: 'root', value: /^(?:light|dark|auto)$/ },
}

const checkAttribute = (node: AttributeSelector, carrier: 'body' | 'root' | null): CssProblem | null => {
  const refused = problem(
    'selector-attribute',
    'attribute selectors can read what people type, letter by letter',
    'use a class, body[data-page=…] or [dir=…]',
  )
  const rule = ATTRIBUTES[node.name.name.toLowerCase()]
  if (!rule || node.flags !== null || rule.on !== carrier) return refused
  if (node.matcher === null) return node.name.name.toLowerCase() === 'dir' ? null : refused
  if (node.matcher !== '=' || node.value === null) return refused
  const value = node.value.type === 'String' ? node.value.value : node.value.name
  if (!rule.value.test(value)) return refused
  node.name.name = node.name.name.toLowerCase()
  // One spelling, without quotes: the pattern above makes every accepted value an identifier.
  node.value = { type: 'Identifier', name: value }
  return null
}

const checkNot = (node: PseudoClassSelector): CssProblem | null => {
  const list = node.children?.first
  const onlyClasses =
    list?.type === 'SelectorList' &&
    list.children
      .toArray()
      .every(
        (selector) =>
          selector.type === 'Selector' &&
          selector.children.size === 1 &&
          selector.children.first?.type === 'ClassSelector' &&
          isKnownClass(selector.children.first.name),
      )
  return onlyClasses ? null : problem('selector-pseudo', ':not() takes only classes of the hosted pages')
}

/** Checks one compound (`.portico-input:focus`) and says what it selects. */
const checkCompound = (nodes: readonly CssNode[]): { refused: CssNote } | { subject: Subject } => {
  const classes: string[] = []
  let pseudoElement: string | null = null
  let anchored = false
  const first = nodes[0]
  const isBody = first?.type === 'TypeSelector' && first.name.toLowerCase() === 'body'
  const isRoot = first?.type === 'PseudoClassSelector' && first.name.toLowerCase() === 'root'
  const carrier = isBody ? 'body' : isRoot ? 'root' : null

  const check = (node: CssNode, at: number): CssProblem | null => {
    if (pseudoElement !== null) return problem('selector-pseudo', 'nothing may follow a pseudo-element')
    switch (node.type) {
      case 'ClassSelector':
        if (!isKnownClass(node.name)) return classProblem(node.name)
        classes.push(node.name)
        anchored = true
        return null
      case 'AttributeSelector': {
        anchored = true
        return checkAttribute(node, carrier)
      }
      case 'PseudoClassSelector': {
        const name = node.name.toLowerCase()
        node.name = name
        if (name === 'root' && at === 0 && node.children === null) {
          anchored = true
          return null
        }
        if (name === 'not' && node.children !== null) return checkNot(node)
        if (PSEUDO_CLASSES.has(name) && node.children === null) return null
        return problem(
          'selector-pseudo',
          `":${name}" is not on the list`,
          `use one of :${[...PSEUDO_CLASSES].join(' :')}`,
        )
      }
      case 'PseudoElementSelector': {
        const name = node.name.toLowerCase()
        node.name = name
        if (!PSEUDO_ELEMENTS.has(name) || node.children !== null) {
          return problem('selector-pseudo', `"::${name}" is not on the list`, 'use ::before, ::after or ::placeholder')
        }
        pseudoElement = name
        return null
      }
      case 'TypeSelector': {
        if (isBody && at === 0 && nodes.some((other) => other.type === 'AttributeSelector')) {
          ;(node as { name: string }).name = 'body'
          return null
        }
        return node.name === '*'
          ? problem('selector-universal', '"*" would reach what must stay as it is', 'name the class')
          : problem('selector-element', `the element "${node.name}" is not selected by name`, 'use a class')
      }
      case 'IdSelector':
        return problem('selector-id', 'ids are not part of the public names', 'use a class')
      case 'NestingSelector':
        return problem('nesting', 'nested rules are not supported', 'write the selector in full')
      default:
        return problem('syntax', 'this is not a selector')
    }
  }

  for (const [at, node] of nodes.entries()) {
    const refused = check(node, at)
    if (refused) return { refused: noteAt(node, refused) }
  }
  if (!anchored && first) {
    return { refused: noteAt(first, problem('selector-class', 'a state needs a class to stand on', 'name the class')) }
  }
  return { subject: { classes, isRoot, pseudoElement } }
}

/** Checks one selector of a rule; on success gives its text, written from the tree, and what it selects. */
export const checkSelector = (
  selector: Selector,
): { ok: true; text: string; subject: Subject } | { ok: false; note: CssNote } => {
  const compounds: CssNode[][] = [[]]
  for (const node of selector.children.toArray()) {
    if (node.type !== 'Combinator') {
      compounds.at(-1)?.push(node)
      continue
    }
    if (node.name !== ' ' && node.name !== '>') {
      const refused = problem('selector-combinator', `"${node.name}" is not supported`, 'use a space or >')
      return { ok: false, note: noteAt(node, refused) }
    }
    compounds.push([])
  }
  if (compounds.length > MAX_COMPOUNDS) {
    const refused = problem('selector-length', `a selector has at most ${MAX_COMPOUNDS} parts`)
    return { ok: false, note: noteAt(selector, refused) }
  }
  let subject: Subject | null = null
  for (const [at, compound] of compounds.entries()) {
    const checked = checkCompound(compound)
    if ('refused' in checked) return { ok: false, note: checked.refused }
    if (checked.subject.pseudoElement !== null && at < compounds.length - 1) {
      return { ok: false, note: noteAt(selector, problem('selector-pseudo', 'nothing may follow a pseudo-element')) }
    }
    subject = checked.subject
  }
  if (!subject) return { ok: false, note: noteAt(selector, problem('syntax', 'a selector is missing')) }
  return { ok: true, text: generate(selector), subject }
}
