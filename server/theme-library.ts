import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { PageTheme } from '#core/flows/flow-view.ts'
import {
  compileCss,
  type LoadedTheme,
  mailColours,
  resolveTheme,
  ShippedTheme,
  type StoredTheme,
  type ThemeLogo,
  ThemeSettings,
  themeStylesheet,
} from '#core/themes/index.ts'
import type { ThemeRow, ThemeStore } from '#core/themes/ports.ts'

/** The folder of shipped themes: one folder each, `theme.json` and perhaps a stylesheet. */
const THEMES = join(import.meta.dirname, '../themes')

/** Reads and checks every shipped theme; a broken one stops the start. */
export const loadShippedThemes = (folder: string = THEMES): ReadonlyMap<string, LoadedTheme> =>
  new Map(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => {
        const theme = ShippedTheme.parse(JSON.parse(readFileSync(join(folder, entry.name, 'theme.json'), 'utf8')))
        const source = readdirSync(join(folder, entry.name))
          .filter((file) => file.endsWith('.css'))
          .map((file) => readFileSync(join(folder, entry.name, file), 'utf8'))
          .join('\n')
        const compiled = compileCss(source)
        if (!compiled.ok)
          throw new Error(
            `themes/${entry.name}: ${compiled.rejections.map((each) => `${each.line}:${each.column} ${each.reason}`).join('; ')}`,
          )
        return [entry.name, { theme, css: compiled.css }]
      }),
  )

export interface LookOfPage {
  page: PageTheme
  css: string
  hash: string
  mail: { rail: string; onRail: string; logo: ThemeLogo | null }
}

const stored = (row: ThemeRow | null): StoredTheme | null =>
  row === null
    ? null
    : { settings: ThemeSettings.parse(row.settings), cssSource: row.cssSource ?? '', css: row.css ?? '' }

/** Looks, resolved value by value — shipped, pool, client — once per version of a pool. */
export const themeLibrary = (shipped: ReadonlyMap<string, LoadedTheme>, themes: ThemeStore) => {
  const looks = new LRUCache<string, Promise<LookOfPage>>({ max: 5_000 })

  const resolve = async (poolId: string, base: string, clientId: string): Promise<LookOfPage> => {
    const [pool, client] = await Promise.all([
      themes.find(poolId, ''),
      clientId === '' ? null : themes.find(poolId, clientId),
    ])
    const theme = resolveTheme({ poolId, shipped, pool: stored(pool), client: stored(client) })
    const sheet = themeStylesheet(theme)
    const image = (asset: string) => `${base}/_image/${asset}`
    return {
      css: sheet.css,
      hash: sheet.hash,
      mail: { ...mailColours(theme), logo: theme.logo },
      page: {
        stylesheet: `${base}/_theme/${clientId === '' ? 'pool' : clientId}/${sheet.hash}.css`,
        logo:
          theme.logo === null
            ? null
            : {
                src: image(theme.logo.asset),
                darkSrc: theme.logoDark === null ? null : image(theme.logoDark.asset),
                alt: theme.logo.alt,
              },
        favicon: theme.favicon === null ? `${base}/_image/seal-icon.svg` : image(theme.favicon.asset),
        layout: theme.layout,
        colorMode: theme.colorMode,
        sealFigure: `${base}/_image/seal-figure.svg`,
        sealMark: `${base}/_image/seal-mark.svg`,
        themeColor: sheet.themeColor,
      },
    }
  }

  return {
    /** The look of a client's pages; `version` is the pool's, which every change of a theme bumps. */
    look(poolId: string, version: number, base: string, clientId: string | null): Promise<LookOfPage> {
      const key = `${poolId}|${version}|${clientId ?? ''}`
      const known = looks.get(key)
      if (known !== undefined) return known
      const look = resolve(poolId, base, clientId ?? '')
      looks.set(key, look)
      look.catch(() => looks.delete(key))
      return look
    },
  }
}
export type ThemeLibrary = ReturnType<typeof themeLibrary>
