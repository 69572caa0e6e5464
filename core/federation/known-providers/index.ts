import type { Result } from '../../shared/result.ts'
import { nearestWord, settingsRefused } from '../../shared/settings/index.ts'
import { AMAZON } from './amazon.ts'
import { APPLE } from './apple.ts'
import { DISCORD } from './discord.ts'
import { FACEBOOK } from './facebook.ts'
import { GITHUB } from './github.ts'
import { GITLAB } from './gitlab.ts'
import { GOOGLE } from './google.ts'
import type { KnownProvider } from './known-provider.ts'
import { LINKEDIN } from './linkedin.ts'
import { MICROSOFT } from './microsoft.ts'
import { X } from './x.ts'

/** In the order in which they are offered to somebody who sets a pool up. */
export const KNOWN_PROVIDERS: readonly KnownProvider[] = [
  ...[GOOGLE, MICROSOFT, APPLE, FACEBOOK, AMAZON],
  ...[GITHUB, LINKEDIN, DISCORD, GITLAB, X],
]

export const knownProvider = (key: string): KnownProvider | null =>
  KNOWN_PROVIDERS.find((known) => known.key === key) ?? null

/** `settings-refused` for a key that no known provider has, with the one that was meant, or all there are. */
export const unknownProvider = (key: string): Result<never> => {
  const keys = KNOWN_PROVIDERS.map((known) => known.key)
  const meant = nearestWord(key, keys)
  const hint = meant === null ? `; there are ${keys.join(', ')}` : `; did you mean ${meant}?`
  return settingsRefused([{ path: 'known', message: `no such known provider${hint}` }])
}
