import {
  attributesOf,
  type Element,
  everyElement,
  isElement,
  type Node,
  parseHtml,
  tidy,
  wordsOf,
} from './html-tree.ts'

/** A control that takes part in a form's submission (HTML §4.10.21.4). */
export interface FormControl {
  name: string
  type: string
  /** What is sent when nothing is typed; for boxes and options, what is sent when chosen. */
  value: string
  /** Chosen as the page arrived: ticked box, selected option, anything typed or hidden. */
  chosen: boolean
  attributes: Readonly<Record<string, string>>
}

/** A button that submits, with what it changes about the submission. */
export interface SubmitButton {
  label: string
  name: string | null
  value: string
  action: string | null
  method: string | null
}

export interface HtmlForm {
  action: string | null
  method: 'get' | 'post'
  controls: readonly FormControl[]
  buttons: readonly SubmitButton[]
}

export interface HtmlLink {
  href: string
  label: string
}

/** What a person without scripts can see and use on a page. */
export interface HtmlPage {
  title: string
  lang: string | null
  dir: string | null
  /** Words of the body, blanks collapsed; no scripts, no styles. */
  text: string
  forms: readonly HtmlForm[]
  links: readonly HtmlLink[]
  /** Target of an immediate meta refresh. */
  refresh: string | null
  /** `src` of every script that has one, and '' for every inline one. */
  scripts: readonly string[]
}

const NEVER_SENT = new Set(['submit', 'button', 'reset', 'image', 'file'])

const ownerOf = (element: Element, forms: readonly Element[]): Element | null => {
  const named = attributesOf(element).form
  if (named !== undefined) return forms.find((form) => attributesOf(form).id === named) ?? null
  let at: Node | null = element
  while (at && !(isElement(at) && at.tagName === 'form')) at = 'parentNode' in at ? at.parentNode : null
  return at as Element | null
}

const isDisabled = (element: Element): boolean => {
  let at: Node | null = element
  while (at) {
    if (isElement(at) && (at === element || at.tagName === 'fieldset') && 'disabled' in attributesOf(at)) return true
    at = 'parentNode' in at ? at.parentNode : null
  }
  return false
}

const controlsOf = (element: Element): FormControl[] => {
  const attributes = attributesOf(element)
  const { name } = attributes
  if (name === undefined || name === '' || isDisabled(element)) return []
  if (element.tagName === 'textarea')
    return [{ name, type: 'textarea', value: wordsOf(element), chosen: true, attributes }]
  if (element.tagName === 'select') {
    const options = everyElement(element).filter(({ tagName }) => tagName === 'option')
    const marked = options.findIndex((option) => 'selected' in attributesOf(option))
    return options.map((option, index) => ({
      name,
      type: 'option',
      value: attributesOf(option).value ?? tidy(wordsOf(option)),
      chosen: index === Math.max(marked, 0),
      attributes,
    }))
  }
  if (element.tagName !== 'input') return []
  const type = (attributes.type ?? 'text').toLowerCase()
  if (NEVER_SENT.has(type)) return []
  const isBox = type === 'checkbox' || type === 'radio'
  return [
    {
      name,
      type,
      value: attributes.value ?? (isBox ? 'on' : ''),
      chosen: !isBox || 'checked' in attributes,
      attributes,
    },
  ]
}

const buttonOf = (element: Element): SubmitButton[] => {
  const attributes = attributesOf(element)
  const type = (attributes.type ?? (element.tagName === 'button' ? 'submit' : 'text')).toLowerCase()
  if (type !== 'submit' || isDisabled(element)) return []
  return [
    {
      label: element.tagName === 'button' ? tidy(wordsOf(element)) : (attributes.value ?? ''),
      name: attributes.name ?? null,
      value: attributes.value ?? '',
      action: attributes.formaction ?? null,
      method: attributes.formmethod ?? null,
    },
  ]
}

/** Reads a page the way a browser with scripts switched off does. */
export const readHtml = (html: string): HtmlPage => {
  const document = parseHtml(html)
  const all = everyElement(document)
  const tagged = (tag: string) => all.filter(({ tagName }) => tagName === tag)
  const formElements = tagged('form')
  const forms = formElements.map((form): HtmlForm => {
    const mine = all.filter((element) => element !== form && ownerOf(element, formElements) === form)
    const { action, method } = attributesOf(form)
    return {
      action: action ?? null,
      method: method?.toLowerCase() === 'post' ? 'post' : 'get',
      controls: mine.flatMap(controlsOf),
      buttons: mine.filter(({ tagName }) => tagName === 'button' || tagName === 'input').flatMap(buttonOf),
    }
  })
  const refresh = tagged('meta')
    .map(attributesOf)
    .filter((meta) => meta['http-equiv']?.toLowerCase() === 'refresh')
    .map((meta) => /^\s*0\s*[;,]\s*url\s*=\s*['"]?(.+?)['"]?\s*$/i.exec(meta.content ?? '')?.[1])
    .find((target) => target !== undefined)
  const [root] = tagged('html')
  const rootAttributes = root ? attributesOf(root) : {}
  return {
    title: tidy(
      tagged('title')
        .flatMap((title) => title.childNodes.map(wordsOf))
        .join(''),
    ),
    lang: rootAttributes.lang ?? null,
    dir: rootAttributes.dir ?? null,
    text: tidy(tagged('body').map(wordsOf).join(' ')),
    forms,
    links: tagged('a').flatMap((link) => {
      const { href } = attributesOf(link)
      return href === undefined
        ? []
        : [{ href, label: tidy(wordsOf(link)) || (attributesOf(link)['aria-label'] ?? '') }]
    }),
    refresh: refresh ?? null,
    scripts: tagged('script').map((script) => attributesOf(script).src ?? ''),
  }
}
