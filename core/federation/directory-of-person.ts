import type { LinkedIdentity } from './federated-profile.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { LdapProviderSettings } from './ldap-settings.ts'
import { signsPeopleIn } from './provider-common.ts'

export interface Directory extends IdentityProvider {
  settings: LdapProviderSettings
}

/** A directory is asked here, by the ordinary form; the others send the browser elsewhere. */
export const isDirectory = (provider: IdentityProvider): provider is Directory => provider.settings.kind === 'ldap'

/** Somebody in a directory. */
export interface DirectoryIdentity {
  directory: Directory
  subject: string
  /** The directory made the account. */
  isPrimary: boolean
}

/** How somebody's password is found out about. */
export interface PasswordOwner {
  /** There is one here, of their own or captured. */
  hasPassword: boolean
  identities: readonly Pick<LinkedIdentity, 'provider' | 'subject' | 'isPrimary'>[]
}

/**
 * The directory that has the word about somebody's password; null: that is here, or nowhere. It is the one that made the account,
 * one that is asked for everybody, or, for who has no password here, any. A password that was captured is worth nothing meanwhile:
 * whoever is disabled there must not come in by it. A directory that is switched off has no word.
 */
export const directoryOfPerson = (
  providers: readonly IdentityProvider[],
  { hasPassword, identities }: PasswordOwner,
): DirectoryIdentity | null => {
  for (const { provider: name, subject, isPrimary } of identities) {
    const directory = providers.find((provider) => provider.name === name)
    if (directory === undefined || !isDirectory(directory)) continue
    const asksIt = isPrimary || directory.settings.forEverybody || !hasPassword
    if (asksIt && signsPeopleIn(directory.settings)) return { directory, subject, isPrimary }
  }
  return null
}

/**
 * Whether a directory that is switched on made the account. Whatever the account has here of its own (a captured password, names
 * that came with it) opens nothing meanwhile.
 */
export const isMadeByDirectory = (
  providers: readonly IdentityProvider[],
  identities: PasswordOwner['identities'],
): boolean =>
  directoryOfPerson(providers, { hasPassword: true, identities: identities.filter(({ isPrimary }) => isPrimary) }) !==
  null
