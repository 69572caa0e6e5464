import { attributesOf, type Element, everyElement, isElement, type Node, parseHtml } from './html-tree.ts'

/** Titles of pages with an error begin with the word for it. */
const SAYS_ERROR = /^(?:Error|Fehler|خطأ):/

/** A field that no person is to meet: for password managers. */
const isOutOfSight = (input: Element): boolean => attributesOf(input)['aria-hidden'] === 'true'

const textOf = (node: Node): string => {
  if (node.nodeName === '#text' && 'value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

const classesOf = (element: Element): string[] => (attributesOf(element).class ?? '').split(/\s+/)

const isLabelled = (input: Element, all: readonly Element[]): boolean => {
  const { id } = attributesOf(input)
  for (let at: Node | null = input.parentNode; at; at = 'parentNode' in at ? at.parentNode : null) {
    if (isElement(at) && at.tagName === 'label') return true
  }
  return all.some((element) => element.tagName === 'label' && attributesOf(element).for === (id ?? ''))
}

/** What follows an element among the children of its parent. */
const laterSiblings = (element: Element): Element[] => {
  const siblings = (element.parentNode?.childNodes ?? []).filter(isElement)
  return siblings.slice(siblings.indexOf(element) + 1)
}

/**
 * What every hosted page must have whatever it says, as far as its HTML tells without a browser.
 *
 * Answers with what is wrong, in words.
 */
export const faultsOf = (html: string, lang: string): string[] => {
  const wrong: string[] = []
  const check = (isRight: boolean, text: string) => {
    if (!isRight) wrong.push(text)
  }
  const all = everyElement(parseHtml(html))
  const tagged = (...tags: string[]) => all.filter(({ tagName }) => tags.includes(tagName))
  const ids = all.flatMap((element) => attributesOf(element).id ?? [])
  const byId = (id: string) => all.find((element) => attributesOf(element).id === id)

  check(
    tagged('html').every((root) => attributesOf(root).lang === lang) && tagged('html').length === 1,
    `is in ${lang}`,
  )
  check(tagged('h1').length === 1, 'one h1')
  check(ids.length === new Set(ids).size, 'ids are unique')
  check(
    all.every((element) => !('style' in attributesOf(element))),
    'no style attribute',
  )
  check(
    all
      .filter((element) => classesOf(element).includes('portico-host'))
      .every((host) => textOf(host).endsWith('.example')),
    'the end of the host name',
  )

  const summary = all.find((element) => classesOf(element).includes('portico-summary'))
  const title = tagged('title').map(textOf).join('')
  check((summary !== undefined) === SAYS_ERROR.test(title), 'the title says whether there is an error')
  if (summary) {
    check('autofocus' in attributesOf(summary), 'the summary takes the focus')
    const headings = laterSiblings(summary).filter(({ tagName }) => tagName === 'h1')
    check(headings.length === 1, 'the summary stands above the heading')
    for (const link of everyElement(summary).filter(({ tagName }) => tagName === 'a')) {
      const { href = '' } = attributesOf(link)
      check(href.startsWith('#') && byId(href.slice(1)) !== undefined, 'the summary links to a field')
    }
  }

  for (const form of tagged('form')) {
    const { method = 'get', novalidate } = attributesOf(form)
    const isOurs = method.toLowerCase() === 'post' && novalidate !== undefined
    check(isOurs, 'forms post, and leave judging to the server')
  }

  for (const input of tagged('input', 'select').filter((each) => attributesOf(each).type !== 'hidden')) {
    const { name, placeholder, 'aria-describedby': describedBy = '', 'aria-invalid': invalid } = attributesOf(input)
    check(isLabelled(input, all) || isOutOfSight(input), `a label for ${name}`)
    check(!placeholder, 'no placeholder')
    const described = describedBy.split(' ').filter(Boolean).map(byId)
    check(!described.includes(undefined), `descriptions of ${name} exist`)
    check(invalid === undefined || invalid === 'true', 'aria-invalid is true or absent')
    const beside = described.at(-1)
    if (invalid !== undefined && beside !== undefined) {
      const isSame = summary !== undefined && textOf(summary).includes(textOf(beside))
      check(isSame, 'the same words in the summary and by the field')
    }
  }

  for (const part of [...all.filter((element) => 'src' in attributesOf(element)), ...tagged('link')]) {
    const { src, href } = attributesOf(part)
    const address = src ?? href
    check(address === undefined || /^\/(?!\/)/.test(address), `${address} is ours`)
  }
  return wrong
}
