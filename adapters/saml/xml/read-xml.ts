import { DOMParser } from '@xmldom/xmldom'
import { ok, type Result } from '#core/shared/result.ts'
import { refuse } from '../refusals.ts'
import { plainTextRefusal, type XmlLimits } from './plain-text.ts'

/**
 * Real responses have some hundred elements of forty names, nested below fifteen deep. What verifying costs grows with the
 * elements, and anybody can post some: a forged response at the limits takes about as much as twenty honest ones.
 */
export const MESSAGE_LIMITS: XmlLimits = { characters: 262_144, depth: 32, elements: 1_000, names: 128, attributes: 64 }
/** Some federations publish everybody in one document; those are asked for one provider at a time. */
export const METADATA_LIMITS: XmlLimits = {
  characters: 1_048_576,
  depth: 32,
  elements: 20_000,
  names: 256,
  attributes: 64,
}

const XMLNS = 'http://www.w3.org/2000/xmlns/'
const XML = 'http://www.w3.org/XML/1998/namespace'

/** All elements of the document, in its order. */
export const everyElement = (root: Element): Element[] => [root, ...Array.from(root.getElementsByTagName('*'))]

const attributesOf = (element: Element): Attr[] => Array.from(element.attributes)

/** Namespaces in XML 1.0 §3, §5: every prefix is declared, none of the two reserved ones is redefined, no name twice. */
const namespacesHold = (element: Element): boolean => {
  if (element.prefix && !element.namespaceURI) return false
  const names = new Set<string>()
  for (const { name, prefix, localName, namespaceURI, value } of attributesOf(element)) {
    const isDeclaration = name === 'xmlns' || prefix === 'xmlns'
    if (isDeclaration && (value === XMLNS || value === XML || /^xmlns:(xml|xmlns)$/.test(name))) return false
    if (prefix === 'xmlns' && value === '') return false
    if (prefix && !namespaceURI) return false
    const expanded = `${namespaceURI ?? ''} ${localName}`
    if (names.has(expanded)) return false
    names.add(expanded)
  }
  return true
}

/** The root element of a document that is plain (see plain-text.ts) and whose namespaces are in order. */
export const readXml = (text: string, limits: XmlLimits): Result<Element> => {
  const refusal = plainTextRefusal(text, limits)
  if (refusal !== null) return refuse(refusal)
  let complaint = false
  const complain = () => {
    complaint = true
  }
  try {
    const parser = new DOMParser({ errorHandler: { warning: complain, error: complain, fatalError: complain } })
    const root = parser.parseFromString(text, 'text/xml')?.documentElement
    if (complaint || !root || !everyElement(root).every(namespacesHold)) return refuse('xml-malformed')
    return ok(root)
  } catch {
    return refuse('xml-malformed')
  }
}

const isElement = (node: Node): node is Element => node.nodeType === 1

export const childrenOf = (element: Element): Element[] => Array.from(element.childNodes).filter(isElement)

export const childrenNamed = (element: Element, namespace: string, name: string): Element[] =>
  childrenOf(element).filter(({ namespaceURI, localName }) => namespaceURI === namespace && localName === name)

/** The child, where there is exactly one; null: none or several. */
export const onlyChild = (element: Element, namespace: string, name: string): Element | null => {
  const found = childrenNamed(element, namespace, name)
  return found.length === 1 ? (found[0] ?? null) : null
}

export const isNamed = (element: Element, namespace: string, name: string): boolean =>
  element.namespaceURI === namespace && element.localName === name

/** Text of an element that holds nothing but text; null: it holds elements. */
export const textOf = (element: Element): string | null =>
  childrenOf(element).length === 0 ? (element.textContent ?? '') : null

/** Null: absent, which an empty value is not. */
export const attributeOf = (element: Element, name: string): string | null =>
  element.hasAttribute(name) ? element.getAttribute(name) : null
