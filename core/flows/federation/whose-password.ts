import type { AppClient } from '../../clients/client-settings.ts'
import type { IdentityProvider } from '../../federation/identity-provider.ts'
import {
  type Directory,
  directoryOfPerson,
  isDirectory,
  isMadeByDirectory,
  type PasswordOwner,
} from '../../federation/index.ts'
import { parseSignInName } from '../../users/index.ts'
import type { User } from '../../users/ports.ts'
import { type NamedMethod, namedMethods, takesPasswords } from '../first-factors.ts'
import type { JourneyPorts } from '../ports.ts'
import type { StepInput } from '../step-handler.ts'
import { hasLocalAccounts, isOffered, offeredDirectories, providerOfWord } from './offered-providers.ts'

/** Who says whether a password is right. */
export type PasswordHome =
  /** Nobody here: the browser leaves for the provider. */
  | { kind: 'away'; provider: string }
  | { kind: 'directory'; directory: Directory }
  | { kind: 'here' }
  /** Nobody: the app takes none of those who could. */
  | { kind: 'nowhere' }

export interface WhosePassword {
  client: Pick<AppClient, 'settings'>
  /** Of the pool. */
  providers: readonly IdentityProvider[]
  /** People of the pool itself sign in to this app, and by passwords. */
  takesOwn: boolean
  login: string
  /** The account here with that name; null: there is none, or nobody looked. */
  account: PasswordOwner | null
  /** That account is to be proven, so that something may be connected to it. */
  isToBeProven: boolean
}

const within = (client: WhosePassword['client'], directory: Directory): PasswordHome =>
  isOffered(client, directory, 'sign-in') ? { kind: 'directory', directory } : { kind: 'nowhere' }

/**
 * Whose business the password is that comes with a typed name. In this order: an account that is to be proven by a password of its
 * own; the provider or the directory that the name's domain leads to; the directory that has the word about the account of that
 * name; that account's own password; the first directory that is asked for everybody; and, for a name that leads nowhere, this pool.
 */
export const whosePassword = ({
  client,
  providers,
  takesOwn,
  login,
  account,
  isToBeProven,
}: WhosePassword): PasswordHome => {
  const theirs = account === null ? null : directoryOfPerson(providers, account)
  const isOwn = account?.hasPassword === true && theirs === null
  if (isToBeProven && isOwn) return { kind: 'here' }
  const led = providerOfWord(client, providers, login)
  if (led !== null)
    return isDirectory(led) ? { kind: 'directory', directory: led } : { kind: 'away', provider: led.name }
  if (theirs !== null) return within(client, theirs.directory)
  const [everybodys] = offeredDirectories(client, providers).filter(({ settings }) => settings.forEverybody)
  if (takesOwn && (isOwn || everybodys === undefined)) return { kind: 'here' }
  return everybodys === undefined ? { kind: 'nowhere' } : { kind: 'directory', directory: everybodys }
}

/** Whether the pool's own people sign in to the app by passwords. */
export const takesOwnPasswords = ({ client, pool }: Pick<StepInput, 'client' | 'pool'>): boolean =>
  hasLocalAccounts(client) && takesPasswords(pool.settings)

/** What people of an app may begin with after the name, the same for every name that its domain leads nowhere. */
export const methodsOf = (
  { client, pool }: Pick<StepInput, 'client' | 'pool'>,
  providers: readonly IdentityProvider[],
): readonly NamedMethod[] => {
  const directories = offeredDirectories(client, providers)
  const own = hasLocalAccounts(client) || directories.length === 0 ? namedMethods(pool.settings) : []
  const needsPassword = own.length === 0 || directories.some(({ settings }) => settings.forEverybody)
  return needsPassword && !own.includes('password') ? [...own, 'password'] : own
}

/** Read of nobody where there is nobody: as many look-ups for every name. */
const NOBODY = '00000000-0000-4000-8000-000000000000'

/** Whether an account is its directory's: neither a code nor a new password leads around that. As many look-ups for nobody. */
export const isHeldByDirectory = async (
  { federation: { providers, identities } }: Pick<JourneyPorts, 'federation'>,
  poolId: string,
  user: Pick<User, 'sub'> | null,
): Promise<boolean> => {
  const known = await providers.list(poolId)
  if (!known.some((provider) => isDirectory(provider) && provider.settings.enabled)) return false
  return isMadeByDirectory(known, await identities.list(poolId, user?.sub ?? NOBODY))
}

/** Reads whose business the password of a typed name is. Pools without directories cost no look-up. */
export const passwordHome = async (
  { users, federation: { providers, identities } }: Pick<JourneyPorts, 'users' | 'federation'>,
  input: Pick<StepInput, 'client' | 'pool' | 'flow'>,
  login: string,
): Promise<PasswordHome> => {
  const { client, pool, flow } = input
  const known = await providers.list(pool.id)
  const offeredTo = flow.state.identity?.offeredTo ?? null
  const asked = { client, providers: known, takesOwn: takesOwnPasswords(input), login }
  const looks = offeredTo !== null || known.some((provider) => isDirectory(provider) && provider.settings.enabled)
  if (!looks) return whosePassword({ ...asked, account: null, isToBeProven: false })
  const name = parseSignInName(pool, login)
  const found = name.ok ? await users.findByName(pool.id, name.value.value) : null
  const theirs = await identities.list(pool.id, found?.user.sub ?? NOBODY)
  return whosePassword({
    ...asked,
    account: found === null ? null : { hasPassword: found.password !== null, identities: theirs },
    isToBeProven: found !== null && offeredTo?.sub === found.user.sub,
  })
}
