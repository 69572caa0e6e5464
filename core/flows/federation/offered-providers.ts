import type { AppClient } from '../../clients/client-settings.ts'
import type { IdentityProvider } from '../../federation/identity-provider.ts'
import { type Directory, isDirectory, providerFor, signsPeopleIn } from '../../federation/index.ts'
import type { User } from '../../users/ports.ts'
import type { Flow } from '../flow.ts'

/** How Cognito's `SupportedIdentityProviders` and `identity_provider` call the pool's own accounts. */
export const LOCAL_ACCOUNTS = 'COGNITO'

type OfClient = Pick<AppClient, 'settings'>

const offers = ({ settings }: OfClient, name: string): boolean => settings.identityProviders?.includes(name) ?? true

/** Whether people of an app may have an account of the pool itself. */
export const hasLocalAccounts = (client: OfClient): boolean => offers(client, LOCAL_ACCOUNTS)

/**
 * Whether an account of the pool itself may come in by a journey: the app takes such accounts, or this one is to be proven for an
 * identity that is offered to it. Pages leave the others out, and so must every post (attack 59).
 */
export const takesAccount = (
  { client, flow }: { client: OfClient; flow: Pick<Flow, 'state'> },
  { sub }: Pick<User, 'sub'>,
): boolean => hasLocalAccounts(client) || flow.state.identity?.offeredTo?.sub === sub

/** What a journey may leave for: to sign in, or to connect to an account that is proven. */
export type Purpose = 'sign-in' | 'connect'

/** Whether a journey of the app may leave for a provider, and come back from it. Asked both times (attacks 26, 62). */
export const isOffered = (client: OfClient, { settings, name }: IdentityProvider, purpose: Purpose): boolean =>
  offers(client, name) && (purpose === 'connect' ? settings.enabled : signsPeopleIn(settings))

/** Directories that people of an app may sign in by, in the order of the pool. */
export const offeredDirectories = (client: OfClient, providers: readonly IdentityProvider[]): readonly Directory[] =>
  providers.filter((provider) => isDirectory(provider)).filter((provider) => isOffered(client, provider, 'sign-in'))

/** Whether there is a form for names and passwords on the app's pages, and not the buttons alone. */
export const asksForNames = (client: OfClient, providers: readonly IdentityProvider[]): boolean =>
  hasLocalAccounts(client) || offeredDirectories(client, providers).length > 0

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

/** The provider of the app, directories among them, that a typed name or an `idp_identifier` leads to; null: none. */
export const providerOfWord = (
  client: OfClient,
  providers: readonly IdentityProvider[],
  word: string,
): IdentityProvider | null => {
  const offered = providers.filter((provider) => isOffered(client, provider, 'sign-in'))
  const found = providerFor(
    offered.map(({ settings }) => settings),
    word,
  )
  return offered.find(({ name }) => name === found?.name) ?? null
}
