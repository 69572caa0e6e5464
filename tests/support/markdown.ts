/** A page of the documentation, as far as tests look at it. */
export interface MarkdownPage {
  text: string
  /** Anchors of its headings, as forges make them. */
  headings: readonly string[]
  /** Links within the project; the target is "" for the page itself. */
  links: readonly { target: string; anchor: string | null }[]
  /** What stands below a heading, up to the next of its level or higher. Throws when there is none. */
  sectionOf(heading: string): string
  /** Contents of the fenced blocks in a language. */
  codeOf(language: string): readonly string[]
}

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')

export const readMarkdown = (text: string): MarkdownPage => {
  const lines = text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/^#/gm, ' #')).split('\n')
  const heads = lines.flatMap((line, at) => {
    const [, marks, title] = /^(#{1,6}) (.+)$/.exec(line) ?? []
    return marks === undefined || title === undefined ? [] : [{ at, level: marks.length, title }]
  })
  return {
    text,
    headings: heads.map(({ title }) => anchorOf(title)),
    links: [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, address = '']) => {
      if (/^[a-z]+:/.test(address)) return []
      const [target = '', anchor = null] = address.split('#')
      return [{ target, anchor }]
    }),
    sectionOf(heading) {
      const index = heads.findIndex(({ title }) => title === heading)
      const head = heads[index]
      if (head === undefined) throw new Error(`there is no section "${heading}"`)
      const next = heads.slice(index + 1).find(({ level }) => level <= head.level)
      return lines.slice(head.at + 1, next?.at).join('\n')
    },
    codeOf: (language) =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code),
  }
}

/** Names in code in the first column of the tables whose first head this is. */
export const namesIn = (section: string, firstHead: string): string[] => {
  const tables = section.split(/\n\s*\n/).filter((block) => block.trimStart().startsWith(`| ${firstHead} |`))
  return tables.flatMap((table) =>
    table
      .trim()
      .split('\n')
      .slice(2)
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)),
  )
}

/** What follows a command wherever it is written: in blocks with their continued lines, or between backticks. */
export const commandLines = (text: string, command: string): string[] =>
  text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => line.split(command).slice(1))
    .map((rest) => rest.split('`')[0] ?? '')

/** The words a shell would make of a line: quotes joined, comments and redirections left out. */
export const wordsOf = (line: string): string[] => {
  const words: string[] = []
  for (const [whole] of line.matchAll(/(?:"[^"]*"|'[^']*'|<[^<>]+>|[^\s"'<>])+|[<>]/g)) {
    // What follows is the shell's, or a person's.
    if (whole.startsWith('#') || whole === '<' || whole === '>') break
    words.push(whole.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single))
  }
  return words
}
