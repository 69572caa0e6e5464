import type { BrandAdjustment, ContrastFinding, CssNote, ThemeSettings } from '../themes/index.ts'
import { compileCss, resolveTheme, ThemeSettings as Settings } from '../themes/index.ts'
import type { ConfigurationFile, DeclaredPool, ThemeInFile } from './configuration-file.ts'
import type { ApplyPorts } from './step.ts'

/** What there is to say about a look that may be kept all the same. */
export type ThemeRemark = {
  pool: string
  /** Name of the client whose look it is; null: the pool's own. */
  client: string | null
} & (
  | ({ about: 'contrast' } & ContrastFinding)
  | ({ about: 'brand' } & BrandAdjustment)
  | ({ about: 'css'; file: string } & CssNote)
)

/** Whether strict use refuses it. An adjusted brand colour is news and no fault: words on it can be read. */
export const isFault = ({ about }: ThemeRemark): boolean => about !== 'brand'

interface Layers {
  poolId: string
  pool: ThemeSettings | null
  /** The client's own; null for the look of a pool. */
  client: ThemeSettings | null
}

/** Looks of a file as they would be shown: pairs of colours that fail WCAG AA, brand colours moved, CSS that was bent. */
export const themeRemarks =
  ({ admin, materials, themes }: ApplyPorts) =>
  async (file: ConfigurationFile): Promise<readonly ThemeRemark[]> => {
    const shipped = await materials.shippedThemes()

    const remarksOn = async (
      declared: ThemeInFile,
      of: Pick<ThemeRemark, 'pool' | 'client'>,
      { poolId, pool, client }: Layers,
    ): Promise<ThemeRemark[]> => {
      const source = declared.css === undefined ? null : await materials.text(declared.css.file)
      const compiled = compileCss(source ?? '')
      const sheet = (settings: ThemeSettings | null, isOwn: boolean) =>
        settings === null ? null : { settings, cssSource: null, css: isOwn && compiled.ok ? compiled.css : null }
      const look = resolveTheme({
        poolId,
        shipped,
        pool: sheet(pool, client === null),
        client: sheet(client, client !== null),
      })
      // A page that is never dark is judged by day alone.
      const isShown = ({ mode }: { mode: 'light' | 'dark' }) => look.colorMode === 'auto' || look.colorMode === mode
      const warnings = compiled.ok ? compiled.warnings : []
      return [
        ...look.findings.filter(isShown).map((finding) => ({ ...of, about: 'contrast' as const, ...finding })),
        ...look.adjustments.filter(isShown).map((adjusted) => ({ ...of, about: 'brand' as const, ...adjusted })),
        ...warnings.map((note) => ({ ...of, about: 'css' as const, file: declared.css?.file ?? '', ...note })),
      ]
    }

    const ofPool = async (declared: DeclaredPool): Promise<ThemeRemark[]> => {
      const found = await admin.pools.find(declared.id ?? declared.name)
      const poolId = found.ok ? found.value.id : (declared.id ?? '')
      const kept = found.ok ? await themes.find(poolId, '') : null
      const pool = declared.theme?.settings ?? (kept === null ? null : Settings.parse(kept.settings))
      const remarks = declared.theme
        ? await remarksOn(declared.theme, { pool: declared.name, client: null }, { poolId, pool, client: null })
        : []
      for (const { name, theme } of declared.clients) {
        if (theme === undefined) continue
        const layers = { poolId, pool, client: theme.settings }
        remarks.push(...(await remarksOn(theme, { pool: declared.name, client: name }, layers)))
      }
      return remarks
    }

    const remarks: ThemeRemark[] = []
    for (const pool of file.pools) remarks.push(...(await ofPool(pool)))
    return remarks
  }
