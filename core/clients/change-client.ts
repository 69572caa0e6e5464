import { newEvent } from '../events/index.ts'
import type { ProviderReader } from '../federation/ports.ts'
import type { PoolReader, ResourceServerStore } from '../pools/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, type Result } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { checkClientSettings } from './check-client.ts'
import type { AppClient } from './client-settings.ts'
import { ClientName } from './create-client.ts'
import type { ClientStore } from './ports.ts'
import { checkEntityId } from './saml-client.ts'

export interface ChangeClientPorts {
  pools: PoolReader
  resourceServers: Pick<ResourceServerStore, 'list'>
  clients: ClientStore
  providers: Pick<ProviderReader, 'list'>
  random: Random
  clock: Clock
}

export interface ChangeClient {
  poolId: string
  clientId: string
  name?: string
  /** A disabled client is refused at every use from then on. */
  enabled?: boolean
  /** The settings as they shall be from now on, as given; parsed here. */
  settings?: unknown
  by: Administrator
}

const actOf = ({ enabled, settings, name }: ChangeClient): string =>
  settings !== undefined || name !== undefined ? 'change' : enabled === true ? 'enable' : 'disable'

/**
 * Renames, enables, disables, or replaces settings. Fails with `pool-unknown`, `client-unknown`, `settings-refused` or
 * `already-exists`. A public client never becomes a confidential one, nor the reverse: the apps out there would not know.
 */
export const changeClient =
  ({ pools, resourceServers, clients, providers, random, clock }: ChangeClientPorts) =>
  async (input: ChangeClient): Promise<Result<AppClient>> => {
    const { poolId, clientId, name, enabled, settings, by } = input
    const [pool, client] = [await pools.find(poolId), await clients.find(poolId, clientId)]
    if (pool === null) return fail('pool-unknown')
    if (client === null) return fail('client-unknown')
    if (name !== undefined) {
      const parsedName = parseSettings(ClientName, name, 'name')
      if (!parsedName.ok) return parsedName
    }
    const checked =
      settings === undefined
        ? null
        : checkClientSettings(pool, await resourceServers.list(poolId), await providers.list(poolId), settings)
    if (checked !== null) {
      if (!checked.ok) return checked
      if (checked.value.type !== client.settings.type)
        return settingsRefused([{ path: 'type', message: 'cannot change; create another client' }])
      const entity = await checkEntityId(clients, poolId, checked.value, clientId)
      if (!entity.ok) return entity
    }
    const now = clock.now()
    return clients.update(
      poolId,
      clientId,
      {
        ...(name === undefined ? {} : { name }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(checked === null ? {} : { settings: checked.value }),
        at: now,
      },
      {
        events: [
          newEvent(random, now, {
            poolId,
            type: 'client.changed',
            outcome: 'success',
            clientId,
            context: by.context,
            detail: { act: actOf(input), by: by.name },
          }),
        ],
      },
    )
  }

/** Its tokens and sessions are honoured no more. Fails with `pool-unknown` or `client-unknown`. */
export const deleteClient =
  ({ clients, random, clock }: Pick<ChangeClientPorts, 'clients' | 'random' | 'clock'>) =>
  ({ poolId, clientId, by }: { poolId: string; clientId: string; by: Administrator }): Promise<Result<void>> =>
    clients.delete(poolId, clientId, {
      events: [
        newEvent(random, clock.now(), {
          poolId,
          type: 'client.changed',
          outcome: 'success',
          clientId,
          context: by.context,
          detail: { act: 'delete', by: by.name },
        }),
      ],
    })

/** A client by its id or by its name. Fails with `client-unknown`. */
export const findClient =
  ({ clients }: { clients: Pick<ClientStore, 'find' | 'findByName'> }) =>
  async (poolId: string, idOrName: string): Promise<Result<AppClient>> => {
    const client = (await clients.find(poolId, idOrName)) ?? (await clients.findByName(poolId, idOrName))
    return client === null ? fail('client-unknown') : { ok: true, value: client }
  }
