import { tokenize, tokenTypes } from 'css-tree'
import { type CssNote, type CssProblem, problem } from './css-note.ts'

/** Rules inside one `@media`, no further. */
const MAX_BRACES = 2
/** `:not(.x)` and colour functions need one. */
const MAX_PARENS = 3

const T = tokenTypes
const OPENS: Readonly<Record<number, string>> = {
  [T.LeftCurlyBracket]: '}',
  [T.LeftParenthesis]: ')',
  [T.Function]: ')',
  [T.LeftSquareBracket]: ']',
}
const CLOSES: Readonly<Record<number, string>> = {
  [T.RightCurlyBracket]: '}',
  [T.RightParenthesis]: ')',
  [T.RightSquareBracket]: ']',
}

/** What no token of a stylesheet may be or contain, wherever it stands. */
const refusedToken = (type: number, text: string): CssProblem | null => {
  if (type === T.Comment) return text.endsWith('*/') ? null : problem('syntax', 'the comment is not closed', 'add */')
  if (type === T.Url || type === T.BadUrl) {
    return problem('url', 'a stylesheet may not load anything', 'upload images as the theme’s logo or favicon')
  }
  if (type === T.BadString) return problem('syntax', 'the string is not closed on its line')
  if (type === T.String && (text.length < 2 || text.at(-1) !== text[0])) {
    return problem('syntax', 'the string is not closed')
  }
  if (text.includes('\\')) return problem('escape', 'escapes are not needed here', 'write the character itself')
  if (type === T.CDO || type === T.CDC || text.includes('<')) {
    return problem('markup', '"<" and HTML comments have no meaning in a stylesheet')
  }
  return null
}

// The characters a stylesheet has no use for and a terminal or a log might act on.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this pattern is for
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]/

const place = (source: string, offset: number): { line: number; column: number } => {
  const before = source.slice(0, offset).split(/\r\n|[\n\r\f]/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/**
 * Reads the stylesheet as tokens before any tree is built: what is refused here (escapes, markup, url(), unbalanced or
 * deep brackets) can neither confuse the parser nor exhaust its stack. Stops at the first finding.
 */
export const scanTokens = (source: string): CssNote | null => {
  const control = CONTROL.exec(source)
  if (control) {
    return { ...place(source, control.index), ...problem('control-character', 'control characters are not allowed') }
  }
  const open: { closes: string; at: number }[] = []
  let found: { problem: CssProblem; at: number } | null = null
  tokenize(source, (type, start, end) => {
    if (found) return
    const refused = refusedToken(type, source.slice(start, end))
    if (refused) {
      found = { problem: refused, at: start }
      return
    }
    const closes = OPENS[type]
    if (closes !== undefined) {
      open.push({ closes, at: start })
      const braces = open.filter((bracket) => bracket.closes === '}').length
      if (braces > MAX_BRACES || open.length - braces > MAX_PARENS) {
        found = { at: start, problem: problem('nesting', 'rules may stand inside one @media, and nothing deeper') }
      }
      return
    }
    const closed = CLOSES[type]
    if (closed !== undefined && open.pop()?.closes !== closed) {
      found = { at: start, problem: problem('unbalanced', `this "${closed}" closes nothing`, 'remove it') }
    }
  })
  const unclosed = open.at(-1)
  if (!found && unclosed) {
    found = { at: unclosed.at, problem: problem('unbalanced', `"${unclosed.closes}" is missing`, 'close the bracket') }
  }
  // The callback's assignment is invisible to the compiler's flow analysis.
  const result = found as { problem: CssProblem; at: number } | null
  return result && { ...place(source, result.at), ...result.problem }
}
