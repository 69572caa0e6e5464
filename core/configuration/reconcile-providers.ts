import { checkProviderSettings, hasSecret, type IdentityProvider } from '../federation/index.ts'
import type { Result, SettingsProblem } from '../shared/result.ts'
import type { DeclaredPool, DeclaredProvider } from './configuration-file.ts'
import { differences } from './differences.ts'
import type { Materials } from './ports.ts'
import { type ApplyPorts, idOf, type PoolHandle, quietly, type Step } from './step.ts'

const HIDDEN = '(secret)'

/** Settings as the pool will have them; metadata from a file is text by then. Fails as `checkProviderSettings` does. */
export const declaredSettings = (
  pool: Pick<DeclaredPool, 'settings'>,
  { metadataFile, settings }: DeclaredProvider,
  metadata: string | null,
): ReturnType<typeof checkProviderSettings> =>
  checkProviderSettings(pool, metadataFile === undefined ? settings : { ...settings, metadataXml: metadata })

/** What the file says of providers that cannot be true. Metadata is read later: here any text will do. */
export const providerProblems = (pool: DeclaredPool, path: string): SettingsProblem[] => {
  const names = new Map<string, number>()
  return pool.identityProviders.flatMap((declared, at) => {
    const here = `${path}.identityProviders.${at}`
    const checked = declaredSettings(pool, declared, '-')
    if (!checked.ok) {
      return (checked.failure.problems ?? []).map(({ path: where, message }) => ({
        path: [here, where].filter(Boolean).join('.'),
        message,
      }))
    }
    const name = checked.value.name.toLowerCase()
    const isTwice = names.has(name)
    names.set(name, at)
    const needless = declared.secret !== undefined && !hasSecret(checked.value)
    return [
      ...(isTwice ? [{ path: `${here}.name`, message: 'is there twice' }] : []),
      ...(needless ? [{ path: `${here}.secret`, message: 'a provider of this kind has none' }] : []),
    ]
  })
}

/** Names of the providers a file declares; those whose settings are wrong are told of elsewhere. */
export const namesOfProviders = (pool: DeclaredPool): readonly { name: string }[] =>
  pool.identityProviders.flatMap((declared) => {
    const checked = declaredSettings(pool, declared, '-')
    return checked.ok ? [{ name: checked.value.name }] : []
  })

const settingsNow = async (materials: Materials, pool: DeclaredPool, declared: DeclaredProvider) => {
  const { metadataFile } = declared
  const checked = declaredSettings(
    pool,
    declared,
    metadataFile === undefined ? null : await materials.text(metadataFile),
  )
  // Everything was checked before the first step was planned.
  if (!checked.ok) throw new Error(`an identity provider that was checked is refused: ${checked.failure.because}`)
  return checked.value
}

/** Providers by name. A secret that is not the one there is replaces it; it is never shown. */
export const reconcileProviders = async (
  { admin, materials }: ApplyPorts,
  declared: DeclaredPool,
  handle: PoolHandle,
  prune: boolean,
): Promise<{ put: Step[]; gone: Step[] }> => {
  const present = handle.id === null ? [] : await admin.providers.list(handle.id)
  const about = (name: string) => ({ what: 'identity provider' as const, pool: declared.name, name })
  const isSecretNew = async (found: IdentityProvider | undefined, secret: string | null): Promise<boolean> =>
    secret !== null && (found === undefined || !(await admin.providers.hasSecret(found.poolId, found.name, secret)))

  const toStep = async (provider: DeclaredProvider): Promise<Step> => {
    const settings = await settingsNow(materials, declared, provider)
    const { name } = settings
    const found = present.find((each) => each.name === name)
    const secret = provider.secret === undefined ? null : await materials.secret(provider.secret)
    const changed = [
      ...differences(found?.settings ?? {}, settings),
      ...((await isSecretNew(found, secret)) ? [{ path: 'secret', from: undefined, to: HIDDEN }] : []),
    ]
    const kind = found === undefined ? 'create' : changed.length === 0 ? 'unchanged' : 'update'
    const given = secret === null ? {} : { secret }
    const acts: Readonly<Record<typeof kind, (() => Promise<Result<null>>) | null>> = {
      create: () => quietly(admin.providers.create({ poolId: idOf(handle), settings, ...given })),
      update: () => quietly(admin.providers.change({ poolId: idOf(handle), name, settings, ...given })),
      unchanged: null,
    }
    return { change: { ...about(name), kind, differences: changed }, act: acts[kind] }
  }

  const put = await Promise.all(declared.identityProviders.map(toStep))
  const kept = new Set(put.map(({ change }) => change.name))
  const gone = (prune ? present.filter(({ name }) => !kept.has(name)) : []).map(
    ({ name }): Step => ({
      change: { ...about(name), kind: 'delete', differences: [] },
      act: () => quietly(admin.providers.delete({ poolId: idOf(handle), name })),
    }),
  )
  return { put, gone }
}
