import { checkProviderSettings, hasSecret, type IdentityProvider } from '../federation/index.ts'
import type { Result, SettingsProblem } from '../shared/result.ts'
import type { DeclaredPool, DeclaredProvider } from './configuration-file.ts'
import { differences } from './differences.ts'
import type { Materials } from './ports.ts'
import { type ApplyPorts, idOf, type PoolHandle, quietly, type Step } from './step.ts'

const HIDDEN = '(secret)'

type Texts = DeclaredProvider['files']

/** For texts that are not read yet. */
const STAND_INS: Required<Texts> = { metadataXml: '-', ca: '-----BEGIN CERTIFICATE-----' }
/** How the file calls the place of a text. */
const PLACES: Required<Texts> = { metadataXml: 'metadataFile', ca: 'ca' }
const isText = (path: string): path is keyof Texts => Object.hasOwn(PLACES, path)

/** Settings as the pool will have them, the files that they name read. Fails as `checkProviderSettings` does. */
const declaredSettings = (
  pool: Pick<DeclaredPool, 'settings'>,
  { files, settings }: DeclaredProvider,
  texts: Texts = STAND_INS,
): ReturnType<typeof checkProviderSettings> => {
  const read = Object.keys(files).filter(isText)
  return checkProviderSettings(pool, { ...settings, ...Object.fromEntries(read.map((name) => [name, texts[name]])) })
}

const textsOf = async (materials: Pick<Materials, 'text'>, { files }: DeclaredProvider) => {
  const texts: Texts = {}
  const missing: (keyof Texts)[] = []
  for (const [name, file] of Object.entries(files) as [keyof Texts, string][]) {
    const text = await materials.text(file)
    if (text === null) missing.push(name)
    else texts[name] = text
  }
  return { texts, missing }
}

/** Files of a provider that are not there, or do not hold what they should; paths as in the file. */
export const fileProblems = async (
  materials: Pick<Materials, 'text'>,
  pool: DeclaredPool,
  declared: DeclaredProvider,
): Promise<SettingsProblem[]> => {
  const { texts, missing } = await textsOf(materials, declared)
  if (missing.length > 0) return missing.map((name) => ({ path: PLACES[name], message: 'the file is not there' }))
  const checked = declaredSettings(pool, declared, texts)
  if (checked.ok) return []
  return (checked.failure.problems ?? []).flatMap(({ path, message }) =>
    isText(path) && declared.files[path] !== undefined ? [{ path: PLACES[path], message }] : [],
  )
}

/** What the file says of providers that cannot be true. Files that it names are read later: here any text will do. */
export const providerProblems = (pool: DeclaredPool, path: string): SettingsProblem[] => {
  const names = new Map<string, number>()
  return pool.identityProviders.flatMap((declared, at) => {
    const here = `${path}.identityProviders.${at}`
    const checked = declaredSettings(pool, declared)
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
    const checked = declaredSettings(pool, declared)
    return checked.ok ? [{ name: checked.value.name }] : []
  })

const settingsNow = async (materials: Materials, pool: DeclaredPool, declared: DeclaredProvider) => {
  const checked = declaredSettings(pool, declared, (await textsOf(materials, declared)).texts)
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
