import { labelOf, waysIn } from '../federation/index.ts'
import { sendsFirstCodes } from '../flows/index.ts'
import type { UserWithPassword } from '../users/ports.ts'
import type { AccountContent } from './account-view.ts'
import { ownDirectory } from './change-own-password.ts'
import type { Doer } from './doer.ts'
import type { AccountPorts } from './ports.ts'

export interface OwnSignIn extends Pick<Extract<AccountContent, { page: 'overview' }>, 'by' | 'providers'> {
  /** Passkeys that begin a sign-in. */
  passkeys: number
  /** Whether factors of here are asked for after it. */
  asksForMore: boolean
}

/**
 * By what a person comes in: their password, here or at their directory; else what is sent to them; else their providers alone.
 * A profile that a provider made is reached by no code: it has no sign-in name here.
 */
export const ownSignIn =
  (ports: AccountPorts) =>
  async (doer: Doer, found: UserWithPassword): Promise<OwnSignIn> => {
    const { pool } = doer
    const [ways, all, directory] = await Promise.all([
      waysIn(ports)(pool, found),
      ports.providers.list(pool.id),
      ownDirectory(ports, doer, found),
    ])
    const connected = new Set(ways.identities.map(({ provider }) => provider))
    const leading = all.filter(({ name }) => connected.has(name) && ways.providers.includes(name))
    const providers = leading.map(labelOf)
    const common = { providers, passkeys: ways.passkeys, asksForMore: true }
    if (ways.hasPassword || directory !== null) return { ...common, by: 'password' }
    if (found.user.status !== 'EXTERNAL_PROVIDER' && sendsFirstCodes(pool.settings)) return { ...common, by: 'code' }
    if (providers.length === 0) return { ...common, by: 'nothing' }
    return {
      ...common,
      by: 'provider',
      asksForMore: leading.some(({ settings }) => settings.secondFactor === 'as-pool'),
    }
  }
