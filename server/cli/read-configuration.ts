import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { ConfigurationFile, checkConfiguration, type Materials, missingMaterials } from '#core/configuration/index.ts'
import type { SettingsProblem } from '#core/shared/result.ts'
import { parseSettings } from '#core/shared/settings/index.ts'
import { withDeclaredMetadata } from './saml-metadata.ts'

/** Something wrong in a file, where it stands. Lines and columns count from 1. */
export interface FileProblem {
  line: number
  column: number
  path: string
  message: string
}

export type ReadConfiguration = { ok: true; file: ConfigurationFile } | { ok: false; problems: readonly FileProblem[] }

/** YAML keys may hold dots; a path is split where the document says so. */
const positionOf = (document: Document, lines: LineCounter, path: string): { line: number; column: number } => {
  let node: unknown = document.contents
  let rest = path
  let offset = 0
  while (isNode(node)) {
    if (node.range) offset = node.range[0]
    if (rest === '') break
    const step = nextNode(node, rest)
    if (step === null) break
    offset = step.offset ?? offset
    node = step.value
    rest = step.rest
    // A key without a value still has a place of its own.
    if (rest === '' || !isNode(node)) break
  }
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

const nextNode = (node: Node, path: string): { value: unknown; rest: string; offset: number | undefined } | null => {
  if (isMap(node)) {
    // The longest key first: `custom:a.b` before `custom:a`.
    const keys = node.items.flatMap((item) =>
      isPair(item) && isScalar(item.key) ? [{ name: String(item.key.value), item }] : [],
    )
    const found = keys
      .filter(({ name }) => path === name || path.startsWith(`${name}.`))
      .sort((a, b) => b.name.length - a.name.length)[0]
    if (found === undefined) return null
    const { key } = found.item
    return {
      value: found.item.value,
      rest: path.slice(found.name.length + 1),
      offset: isScalar(key) ? key.range?.[0] : undefined,
    }
  }
  const [at = '', ...rest] = path.split('.')
  const items = (node as { items?: unknown[] }).items
  const value = /^\d+$/.test(at) ? items?.[Number(at)] : undefined
  return value === undefined
    ? null
    : { value, rest: rest.join('.'), offset: isNode(value) ? value.range?.[0] : undefined }
}

/**
 * Reads a configuration file: form, sense, and what it refers to. All problems at once, each with its place; values are not
 * repeated. What depends on a part that is wrong in form is checked once that is mended.
 */
export const readConfiguration = async (text: string, materials: Materials): Promise<ReadConfiguration> => {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0])
      return { line, column: col, path: '', message }
    })
    return { ok: false, problems }
  }
  const placed = (problems: readonly SettingsProblem[]): ReadConfiguration => ({
    ok: false,
    problems: problems
      .map((problem) => ({ ...positionOf(document, lines, problem.path), ...problem }))
      .sort((a, b) => a.line - b.line || a.column - b.column),
  })
  // Aliases are expanded at most a hundred times, so that a small file cannot become a large one.
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    return placed([{ path: '', message: error instanceof Error ? error.message : 'cannot be unfolded' }])
  }
  const unread = await withDeclaredMetadata(content, materials)
  if (unread.length > 0) return placed(unread)
  const parsed = parseSettings(ConfigurationFile, content)
  if (!parsed.ok) return placed(parsed.failure.problems ?? [])
  const problems = [...checkConfiguration(parsed.value), ...(await missingMaterials(materials, parsed.value))]
  return problems.length > 0 ? placed(problems) : { ok: true, file: parsed.value }
}
