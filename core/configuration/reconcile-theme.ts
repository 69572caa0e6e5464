import { fail, type SettingsProblem } from '../shared/result.ts'
import { compileCss, type ThemeSettings } from '../themes/index.ts'
import type { EncodedPicture, KeptTheme } from '../themes/ports.ts'
import type { ThemeInFile } from './configuration-file.ts'
import { differences } from './differences.ts'
import type { Materials } from './ports.ts'
import { type ApplyPorts, idOf, type PoolHandle, quietly, type Step } from './step.ts'

export interface ReadTheme extends KeptTheme {
  settings: ThemeSettings
}

/** A theme with everything it refers to, or what is wrong with that, by path. */
export const readTheme = async (
  materials: Materials,
  theme: ThemeInFile,
): Promise<{ theme: ReadTheme; problems: SettingsProblem[] }> => {
  const problems: SettingsProblem[] = []
  const images: EncodedPicture[] = []
  const { base } = theme.settings
  if (base !== undefined && !(await materials.shippedThemes()).has(base))
    problems.push({ path: 'settings.base', message: 'no theme of this name is shipped' })
  const imageAt = async (path: string, file: string | undefined): Promise<string | null> => {
    if (file === undefined) return null
    const result = await materials.picture(file)
    if (result?.ok) {
      images.push(result.picture)
      return result.picture.hash
    }
    const reason = result === null ? 'cannot be read' : [result.reason, result.suggestion].filter(Boolean).join('; ')
    problems.push({ path: `${path}.file`, message: reason })
    return null
  }
  const [logo, logoDark, favicon] = [
    await imageAt('logo', theme.logo?.file),
    await imageAt('logoDark', theme.logoDark?.file),
    await imageAt('favicon', theme.favicon?.file),
  ]
  const cssSource = theme.css === undefined ? null : await materials.text(theme.css.file)
  if (theme.css !== undefined && cssSource === null) problems.push({ path: 'css.file', message: 'cannot be read' })
  const compiled = compileCss(cssSource ?? '')
  if (!compiled.ok) {
    problems.push(
      ...compiled.rejections.map((note) => ({
        path: 'css.file',
        message: `${theme.css?.file}:${note.line}:${note.column} ${note.reason}`,
      })),
    )
  }
  const settings: ThemeSettings = {
    ...theme.settings,
    ...(logo === null ? {} : { logo: { asset: logo, alt: theme.logo?.alt ?? '' } }),
    ...(logoDark === null ? {} : { logoDark: { asset: logoDark, alt: theme.logoDark?.alt ?? '' } }),
    ...(favicon === null ? {} : { favicon: { asset: favicon } }),
  }
  return {
    theme: { settings, cssSource, css: cssSource === null || !compiled.ok ? null : compiled.css, images },
    problems,
  }
}

/**
 * The look of a pool, or of one of its clients.
 *
 * @param clientOf the client's id, known once its own step has been taken; null for the pool's own look
 */
export const reconcileTheme = async (
  { materials, themes }: ApplyPorts,
  declared: ThemeInFile,
  about: { pool: string; name: string },
  handle: PoolHandle,
  client: { presentId: string | null; idNow(): Promise<string | null> } | null,
): Promise<Step> => {
  const { theme, problems } = await readTheme(materials, declared)
  const present =
    handle.id === null || (client !== null && client.presentId === null)
      ? null
      : await themes.find(handle.id, client?.presentId ?? '')
  const changed = differences(present === null ? {} : { settings: present.settings, css: present.cssSource }, {
    settings: theme.settings,
    css: theme.cssSource,
  }).map((difference) =>
    difference.path === 'css'
      ? { path: 'css', from: undefined, to: `${theme.cssSource?.length ?? 0} characters` }
      : difference,
  )
  const kind = present === null ? 'create' : changed.length === 0 ? 'unchanged' : 'update'
  return {
    change: { ...about, what: 'theme', kind, differences: changed },
    act:
      kind === 'unchanged'
        ? null
        : async () => {
            if (problems.length > 0) return fail('settings-refused', { problems, because: 'theme' })
            const clientId = client === null ? '' : await client.idNow()
            if (clientId === null) return fail('client-unknown')
            return quietly(themes.put(idOf(handle), clientId, theme))
          },
  }
}
