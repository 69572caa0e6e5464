/** Markup that was escaped on the way in; anything else is text. */
export class Markup {
  readonly html: string
  constructor(html: string) {
    this.html = html
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

type Part = Markup | string | number | null | readonly Markup[]

const rendered = (part: Part): string => {
  if (part === null) return ''
  if (part instanceof Markup) return part.html
  if (typeof part === 'object') return part.map(({ html }) => html).join('')
  return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** Template tag: escapes every value put in, except markup made by this tag. */
export const html = (texts: TemplateStringsArray, ...parts: Part[]): Markup =>
  new Markup(texts.map((text, index) => text + rendered(parts[index] ?? null)).join(''))
