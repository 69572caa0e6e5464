import { type DefaultTreeAdapterTypes, parse } from 'parse5'

export type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

const UNSEEN = new Set(['script', 'style', 'template', 'head', 'title'])
const INLINE = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'code',
  'em',
  'i',
  'kbd',
  'mark',
  'small',
  'span',
  'strong',
  'time',
])

/** A document as a browser with scripts switched off reads it. */
export const parseHtml = (html: string): Node => parse(html, { scriptingEnabled: false })

export const isElement = (node: Node): node is Element => 'tagName' in node

export const attributesOf = (element: Element): Record<string, string> =>
  Object.fromEntries(element.attrs.map(({ name, value }) => [name, value]))

/** Words that a person sees, blanks as they stand; what begins a line of its own is set off by one. */
export const wordsOf = (node: Node): string => {
  if (node.nodeName === '#text' && 'value' in node) return node.value
  if (!('childNodes' in node)) return ''
  const inside = () => node.childNodes.map(wordsOf).join('')
  if (!isElement(node) || INLINE.has(node.tagName)) return inside()
  return UNSEEN.has(node.tagName) ? '' : ` ${inside()} `
}

export const tidy = (words: string): string => words.replace(/\s+/g, ' ').trim()

/** All elements below a node, in the order of the document. */
export const everyElement = (root: Node): Element[] =>
  'childNodes' in root
    ? root.childNodes.flatMap((child) => (isElement(child) ? [child, ...everyElement(child)] : everyElement(child)))
    : []
