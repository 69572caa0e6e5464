import { z } from 'zod'
import { newEvent } from '../events/index.ts'
import type { PoolReader } from '../pools/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Alongside } from '../shared/alongside.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { checkProviderSettings, hasSecret } from './check-provider-settings.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ProviderStore } from './ports.ts'
import { signsPeopleIn } from './provider-common.ts'
import type { ProviderSettings } from './provider-settings.ts'

export interface ManageProvidersPorts {
  pools: PoolReader
  providers: ProviderStore
  random: Random
  clock: Clock
}

export interface CreateProvider {
  poolId: string
  /** As given; parsed here. `{ known: 'google', clientId }` for a known provider, with the words it asks for. */
  settings: unknown
  /** Client secret, or private key (PKCS #8, PEM). */
  secret?: string
  by: Administrator
}

export interface ChangeProvider {
  poolId: string
  name: string
  /** As they shall be from now on; absent: as they are. */
  settings?: unknown
  /** Absent: the one there is. */
  secret?: string
  by: Administrator
}

/** An RSA key of 16,384 bits is 13 KB of PEM. */
const Secret = z.string().min(1).max(20_000)

const eventOf = (
  { random, clock }: Pick<ManageProvidersPorts, 'random' | 'clock'>,
  { poolId, by }: { poolId: string; by: Administrator },
  provider: string,
  act: 'create' | 'change' | 'enable' | 'disable' | 'delete',
): Alongside => ({
  events: [
    newEvent(random, clock.now(), {
      poolId,
      type: 'provider.changed',
      outcome: 'success',
      context: by.context,
      detail: { act, by: by.name, provider },
    }),
  ],
})

const checkSecret = (settings: ProviderSettings, secret: string | undefined): Result<void> => {
  if (secret === undefined) return ok(undefined)
  if (!hasSecret(settings)) return settingsRefused([{ path: 'secret', message: 'a provider of this kind has none' }])
  const parsed = parseSettings(Secret, secret, 'secret')
  return parsed.ok ? ok(undefined) : parsed
}

/** A new provider. Fails with `pool-unknown`, `settings-refused` or `already-exists`. */
export const createProvider =
  (ports: ManageProvidersPorts) =>
  async (input: CreateProvider): Promise<Result<IdentityProvider>> => {
    const { poolId, secret } = input
    const pool = await ports.pools.find(poolId)
    if (pool === null) return fail('pool-unknown')
    const checked = checkProviderSettings(pool, input.settings)
    if (!checked.ok) return checked
    const settings = checked.value
    if (hasSecret(settings) && secret === undefined) return settingsRefused([{ path: 'secret', message: 'is needed' }])
    const fits = checkSecret(settings, secret)
    if (!fits.ok) return fits
    const now = ports.clock.now()
    const provider = { poolId, name: settings.name, settings, createdAt: now, updatedAt: now }
    const created = await ports.providers.create(
      provider,
      secret ?? null,
      eventOf(ports, input, settings.name, 'create'),
    )
    return created.ok ? ok(provider) : created
  }

const actOf = (from: ProviderSettings, to: ProviderSettings) =>
  from.enabled === to.enabled ? 'change' : to.enabled ? 'enable' : 'disable'

/**
 * Replaces settings or secret. Name and kind stay: identities and user names are told apart by them. Once nobody is to sign in by
 * it any more, nothing is honoured that its people were given before (attack 26).
 *
 * Fails with `pool-unknown`, `provider-unknown`, `settings-refused`, or `already-exists` for an identifier.
 */
export const changeProvider =
  (ports: ManageProvidersPorts) =>
  async (input: ChangeProvider): Promise<Result<IdentityProvider>> => {
    const { poolId, name, secret } = input
    const [pool, present] = [await ports.pools.find(poolId), await ports.providers.find(poolId, name)]
    if (pool === null) return fail('pool-unknown')
    if (present === null) return fail('provider-unknown')
    const checked = checkProviderSettings(pool, input.settings ?? present.settings)
    if (!checked.ok) return checked
    const settings = checked.value
    const fixed = (['name', 'kind'] as const).filter((each) => settings[each] !== present.settings[each])
    if (fixed.length > 0)
      return settingsRefused(fixed.map((path) => ({ path, message: 'cannot change; create another provider' })))
    const fits = checkSecret(settings, secret)
    if (!fits.ok) return fits
    const now = ports.clock.now()
    // What is made from the settings is remembered by this moment: of two changes at once each has its own.
    const updatedAt = new Date(Math.max(now.getTime(), present.updatedAt.getTime() + 1))
    const provider = { ...present, settings, updatedAt }
    const changed = await ports.providers.change(
      provider,
      secret,
      eventOf(ports, input, name, actOf(present.settings, settings)),
      signsPeopleIn(present.settings) && !signsPeopleIn(settings) ? now : undefined,
    )
    return changed.ok ? ok(provider) : changed
  }

/**
 * The provider goes with all identities at it; the people stay, and nothing is honoured that they were given before (attack 26).
 * Fails with `provider-unknown`.
 */
export const deleteProvider =
  (ports: Pick<ManageProvidersPorts, 'providers' | 'random' | 'clock'>) =>
  (input: { poolId: string; name: string; by: Administrator }): Promise<Result<void>> =>
    ports.providers.delete(input.poolId, input.name, eventOf(ports, input, input.name, 'delete'))

/** A provider by its name; letter case is no difference, since no two differ in it alone. Fails with `provider-unknown`. */
export const findProvider =
  ({ providers }: { providers: Pick<ProviderStore, 'find' | 'list'> }) =>
  async (poolId: string, name: string): Promise<Result<IdentityProvider>> => {
    const exact = await providers.find(poolId, name)
    const found =
      exact ?? (await providers.list(poolId)).find((each) => each.name.toLowerCase() === name.toLowerCase()) ?? null
    return found === null ? fail('provider-unknown') : ok(found)
  }
