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
