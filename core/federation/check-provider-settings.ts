import { z } from 'zod'
import { GroupName } from '../groups/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { ok, type Result, type SettingsProblem } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { isKnownAttribute } from '../users/index.ts'
import { knownProvider, unknownProvider } from './known-providers/index.ts'
import { type AskedWord, filledSettings, unfitWords } from './known-providers/known-provider.ts'
import { ProviderSettings } from './provider-settings.ts'

const Known = z.looseObject({ known: z.string(), clientId: z.string().min(1).max(512) })

/** Words of a known provider's own, apart from settings; what both have (`{issuer}`) is a word. */
const splitWords = (given: Readonly<Record<string, unknown>>, asked: Readonly<Record<string, AskedWord>>) => {
  const entries = Object.entries(given)
  const words = entries.filter(([name]) => Object.hasOwn(asked, name))
  return {
    words: Object.fromEntries(words.map(([name, value]) => [name, String(value)])),
    rest: Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(asked, name))),
  }
}

/** `{ known: 'google', clientId, … }` becomes full settings; everything else stays as it was given. */
const expanded = (given: unknown): Result<unknown> => {
  if (typeof given !== 'object' || given === null || !('known' in given)) return ok(given)
  const parsed = parseSettings(Known, given)
  if (!parsed.ok) return parsed
  const { known: key, ...others } = parsed.value
  const known = knownProvider(key)
  if (known === null) return unknownProvider(key)
  const { words, rest } = splitWords(others, known.asks)
  const unfit = unfitWords(known, words)
  if (unfit.length > 0)
    return settingsRefused(unfit.map((path) => ({ path, message: `${known.name} needs ${known.asks[path]?.words}` })))
  return ok(filledSettings(known, { logo: known.key, ...rest, clientId: others.clientId }, words))
}

const mappingProblems = ({ settings }: Pick<Pool, 'settings'>, provider: ProviderSettings): SettingsProblem[] => {
  const { attributeMapping, requiredAttributes } = provider
  const ofMapping = Object.keys(attributeMapping).flatMap((name): SettingsProblem[] => {
    const path = `attributeMapping.${name}`
    if (!isKnownAttribute(settings, name)) return [{ path, message: 'no such attribute in this pool' }]
    const isImmutable = Object.hasOwn(settings.attributes, name) && settings.attributes[name]?.mutable === false
    return isImmutable ? [{ path, message: 'cannot change, and is mapped at every sign-in' }] : []
  })
  const ofRequired = requiredAttributes.flatMap((name, at) =>
    Object.hasOwn(attributeMapping, name)
      ? []
      : [{ path: `requiredAttributes.${at}`, message: 'is mapped from nothing, and nobody would get in' }],
  )
  return [...ofMapping, ...ofRequired]
}

const groupProblems = ({ groupRules }: ProviderSettings): SettingsProblem[] =>
  groupRules.flatMap(({ group }, at) =>
    GroupName.safeParse(group).success
      ? []
      : [{ path: `groupRules.${at}.group`, message: 'letters, digits and signs, no blanks' }],
  )

/**
 * Settings of a provider against their schema and against their pool; those of a known provider filled in. Fails with
 * `settings-refused`, all problems at once.
 */
export const checkProviderSettings = (pool: Pick<Pool, 'settings'>, given: unknown): Result<ProviderSettings> => {
  const whole = expanded(given)
  if (!whole.ok) return whole
  const parsed = parseSettings(ProviderSettings, whole.value)
  if (!parsed.ok) return parsed
  const problems = [...mappingProblems(pool, parsed.value), ...groupProblems(parsed.value)]
  return problems.length === 0 ? parsed : settingsRefused(problems)
}

/** Whether providers of these settings are given a secret: a client secret, a private key, a password. */
export const hasSecret = (settings: ProviderSettings): boolean =>
  settings.kind === 'ldap' ? settings.bind.mode === 'searchThenBind' : settings.kind !== 'saml'
