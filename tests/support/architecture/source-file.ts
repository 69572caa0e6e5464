import { dirname, join } from 'node:path/posix'
import { parseSync } from 'oxc-parser'

export interface Import {
  /** As written: "#core/shared/result.ts", "./flow.ts", "node:crypto". */
  specifier: string
  /** Path from the root of the checkout, or the package's name. */
  target: string
  isPackage: boolean
  /** Gone once types are stripped: `import type`, or nothing but `type` names. */
  isTypeOnly: boolean
  /** What is imported by name, types left out where there are values; "*" for everything, by `import()` or for its effects. */
  names: readonly string[]
}

export interface SourceFile {
  /** From the root of the checkout, with slashes: "core/flows/flow.ts". */
  path: string
  lines: number
  imports: readonly Import[]
  /** The program without its comments. */
  code: string
}

const targetOf = (from: string, specifier: string): Pick<Import, 'target' | 'isPackage'> => {
  if (specifier.startsWith('#')) return { target: specifier.slice(1), isPackage: false }
  if (specifier.startsWith('.')) return { target: join(dirname(from), specifier), isPackage: false }
  const parts = specifier.split('/')
  return { target: parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/'), isPackage: true }
}

const blank = (text: string, { start, end }: { start: number; end: number }): string =>
  text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)

/** Reads a file's imports, re-exports and `import()` calls. Throws when the file is no valid program. */
export const readSource = (path: string, text: string): SourceFile => {
  const { module, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const found: Pick<Import, 'specifier' | 'isTypeOnly' | 'names'>[] = []
  for (const { moduleRequest, entries } of module.staticImports) {
    const isTypeOnly = entries.length > 0 && entries.every(({ isType }) => isType)
    const values = entries.filter(({ isType }) => !isType)
    const names = (values.length > 0 ? values : entries).map(({ importName }) => importName.name ?? '*')
    found.push({ specifier: moduleRequest.value, isTypeOnly, names: names.length > 0 ? names : ['*'] })
  }
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, importName, isType } of entries)
      if (moduleRequest)
        found.push({ specifier: moduleRequest.value, isTypeOnly: isType, names: [importName.name ?? '*'] })
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    if (literal?.[2]) found.push({ specifier: literal[2], isTypeOnly: false, names: ['*'] })
  }
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: found.map((one) => ({ ...one, ...targetOf(path, one.specifier) })),
    code: comments.reduce(blank, text),
  }
}
