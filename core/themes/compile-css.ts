import { type Atrule, type CssNode, type Declaration, parse, type Rule } from 'css-tree'
import { checkDeclaration } from './css/check-declaration.ts'
import { checkMedia } from './css/check-media.ts'
import { checkSelector, type Subject } from './css/check-selector.ts'
import { type CssNote, noteAt, problem } from './css/css-note.ts'
import { scanTokens } from './css/scan-tokens.ts'

export const MAX_CSS_BYTES = 64 * 1024
const MAX_RULES = 500
const MAX_SELECTORS = 32
/** A list longer than this helps nobody; the rest shows after the first are mended. */
const MAX_NOTES = 100

export type CompiledCss = { ok: true; css: string; warnings: CssNote[] } | { ok: false; rejections: CssNote[] }

interface Compilation {
  rejections: CssNote[]
  warnings: CssNote[]
  rules: number
}

const AT_RULES: Readonly<Record<string, string>> = {
  import: '@import would pull in rules nobody has checked',
  'font-face': '@font-face could tell, by what it loads, which letters are on the page',
}

const compileRule = (rule: Rule, state: Compilation): string => {
  state.rules++
  if (rule.prelude.type !== 'SelectorList') {
    state.rejections.push(noteAt(rule, problem('syntax', 'this selector cannot be read')))
    return ''
  }
  const selectors = rule.prelude.children.toArray()
  if (selectors.length > MAX_SELECTORS) {
    const refused = problem('selector-length', `a rule has at most ${MAX_SELECTORS} selectors`, 'split the rule')
    state.rejections.push(noteAt(rule, refused))
    return ''
  }
  const texts: string[] = []
  const subjects: Subject[] = []
  for (const selector of selectors) {
    const checked =
      selector.type === 'Selector'
        ? checkSelector(selector)
        : { ok: false as const, note: noteAt(selector, problem('syntax', 'this is not a selector')) }
    if (checked.ok) {
      texts.push(checked.text)
      subjects.push(checked.subject)
    } else state.rejections.push(checked.note)
  }
  // What the rule selects is unknown, so its declarations cannot be judged; one finding is enough.
  if (texts.length < selectors.length) return ''

  const declarations: string[] = []
  for (const node of rule.block.children.toArray()) {
    // A second semicolon is untidy and nothing else.
    if (node.type === 'Raw' && /^[;\s]*$/.test(node.value)) continue
    const declared = compileDeclaration(node, subjects, state)
    if (declared !== null) declarations.push(declared)
  }
  return declarations.length === 0 ? '' : `${texts.join(',')}{${declarations.join(';')}}`
}

const compileDeclaration = (node: CssNode, subjects: readonly Subject[], state: Compilation): string | null => {
  if (node.type !== 'Declaration') {
    const isRule = node.type === 'Rule' || node.type === 'Atrule'
    const refused = isRule
      ? problem('nesting', 'nested rules are not supported', 'write the selector in full')
      : problem('syntax', 'this is not a declaration')
    state.rejections.push(noteAt(node, refused))
    return null
  }
  const checked = checkDeclaration(node as Declaration, subjects, (note) => state.warnings.push(note))
  if (checked.ok) return checked.text
  state.rejections.push(checked.note)
  return null
}

const compileAtrule = (rule: Atrule, state: Compilation): string => {
  const name = rule.name.toLowerCase()
  if (name !== 'media' || rule.block === null) {
    const reason = AT_RULES[name] ?? `@${name} is not on the list`
    state.rejections.push(noteAt(rule, problem('at-rule', reason, name === 'media' ? null : 'only @media is')))
    return ''
  }
  const media = checkMedia(rule)
  if (!media.ok) {
    state.rejections.push(noteAt(rule, media.problem))
    return ''
  }
  const inner = rule.block.children.toArray().map((node) => {
    if (node.type === 'Rule') return compileRule(node, state)
    const refused =
      node.type === 'Atrule'
        ? problem('nesting', 'at-rules do not stand inside one another', 'join the conditions with "and"')
        : problem('syntax', 'only rules stand inside @media')
    state.rejections.push(noteAt(node, refused))
    return ''
  })
  const css = inner.join('')
  return css === '' ? '' : `@media ${media.text}{${css}}`
}

/** Null when there was more wrong than anyone will read: every further error would cost the parser a copy of the source. */
const readSheet = (source: string, state: Compilation): CssNode | null => {
  const enough = new Error('enough')
  try {
    return parse(source, {
      positions: true,
      parseCustomProperty: true,
      onParseError: ({ message, line, column }) => {
        state.rejections.push({ line, column, ...problem('syntax', message) })
        if (state.rejections.length >= MAX_NOTES) throw enough
      },
    })
  } catch (error) {
    // Whatever else the parser may stumble over is refused like any other text it cannot read.
    if (error !== enough) state.rejections.push({ line: 1, column: 1, ...problem('syntax', 'this cannot be read') })
    return null
  }
}

const refuse = (note: CssNote): CompiledCss => ({ ok: false, rejections: [note] })

/**
 * Turns a stylesheet somebody wrote into one the hosted pages may carry, or says place by place why not.
 *
 * Everything is an allow-list: selectors, at-rules, properties, functions, units and ranges. The output is written from
 * the checked tree, never copied from the source, so nothing that was not understood can be in it; compiling it again
 * gives the same text. Values that are documented for Cognito's classes but lie outside our bounds are raised or
 * tolerated, with a warning. Never throws for input.
 */
export const compileCss = (source: string): CompiledCss => {
  const bytes = Buffer.byteLength(source)
  if (bytes > MAX_CSS_BYTES) {
    return refuse({
      line: 1,
      column: 1,
      ...problem('too-large', `the stylesheet has ${bytes} bytes; ${MAX_CSS_BYTES} are the most`),
    })
  }
  const scanned = scanTokens(source)
  if (scanned) return refuse(scanned)

  const state: Compilation = { rejections: [], warnings: [], rules: 0 }
  const sheet = readSheet(source, state)
  // The parser goes on after an error; what it then believes to have read is not worth judging.
  if (state.rejections.length > 0) return { ok: false, rejections: state.rejections.slice(0, MAX_NOTES) }
  if (sheet?.type !== 'StyleSheet')
    return refuse({ line: 1, column: 1, ...problem('syntax', 'this is not a stylesheet') })

  const blocks = sheet.children.toArray().map((node) => {
    if (node.type === 'Rule') return compileRule(node, state)
    if (node.type === 'Atrule') return compileAtrule(node, state)
    if (node.type !== 'Comment') state.rejections.push(noteAt(node, problem('syntax', 'only rules stand here')))
    return ''
  })
  if (state.rules > MAX_RULES) {
    state.rejections.unshift(
      noteAt(sheet, problem('too-many-rules', `there are ${state.rules} rules; ${MAX_RULES} are the most`)),
    )
  }
  return state.rejections.length > 0
    ? { ok: false, rejections: state.rejections.slice(0, MAX_NOTES) }
    : { ok: true, css: blocks.join(''), warnings: state.warnings.slice(0, MAX_NOTES) }
}
