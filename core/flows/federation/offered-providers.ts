import type { AppClient } from '../../clients/client-settings.ts'
import type { IdentityProvider } from '../../federation/identity-provider.ts'
import { providerFor } from '../../federation/index.ts'

/** How Cognito's `SupportedIdentityProviders` and `identity_provider` call the pool's own accounts. */
export const LOCAL_ACCOUNTS = 'COGNITO'

type OfClient = Pick<AppClient, 'settings'>

const offers = ({ settings }: OfClient, name: string): boolean => settings.identityProviders?.includes(name) ?? true

/** Whether people of an app may have an account of the pool itself. */
export const hasLocalAccounts = (client: OfClient): boolean => offers(client, LOCAL_ACCOUNTS)

/** What a journey may leave for: to sign in, or to connect to an account that is proven. */
export type Purpose = 'sign-in' | 'connect'

/** Whether a journey of the app may leave for a provider, and come back from it. Asked both times (attacks 26, 62). */
export const isOffered = (client: OfClient, { settings, name }: IdentityProvider, purpose: Purpose): boolean =>
  settings.enabled && offers(client, name) && (purpose === 'connect' || !settings.linkOnly)

/** A directory is asked here, by the ordinary form; the others send the browser elsewhere. */
export const isDirectory = ({ settings }: IdentityProvider): boolean => settings.kind === 'ldap'

/** Providers on the pages of an app, in their order; the one that this browser took last is the first. */
export const offeredProviders = (
  client: OfClient,
  providers: readonly IdentityProvider[],
  lastUsed: string | null = null,
): readonly IdentityProvider[] => {
  const offered = providers.filter((provider) => !isDirectory(provider) && isOffered(client, provider, 'sign-in'))
  const last = offered.filter(({ name }) => name === lastUsed)
  return [...last, ...offered.filter(({ name }) => name !== lastUsed)]
}

/** The provider of the app that a typed name or an `idp_identifier` leads to; null: none. */
export const providerOfWord = (
  client: OfClient,
  providers: readonly IdentityProvider[],
  word: string,
): IdentityProvider | null => {
  const offered = offeredProviders(client, providers)
  const found = providerFor(
    offered.map(({ settings }) => settings),
    word,
  )
  return offered.find(({ name }) => name === found?.name) ?? null
}
