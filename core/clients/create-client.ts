import { z } from 'zod'
import { newEvent } from '../events/index.ts'
import type { ProviderReader } from '../federation/ports.ts'
import type { PoolReader, ResourceServerStore } from '../pools/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import { CLIENT_ID, newClientId, newClientSecret } from '../shared/ids.ts'
import type { Clock, KeyedHash, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { checkClientSettings } from './check-client.ts'
import type { AppClient } from './client-settings.ts'
import type { ClientStore } from './ports.ts'
import { checkEntityId } from './saml-client.ts'

/** Cognito's ClientNameType. */
export const ClientName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{M}\p{N}\s+=,.@_-]+$/u, 'letters, digits, blanks and + = , . @ _ -')

/**
 * A secret somebody else made up: enough of it, and nothing that clients percent-encode differently in Basic credentials.
 */
export const GivenSecret = z
  .string()
  .min(32)
  .max(128)
  .regex(/^[A-Za-z0-9_.~-]+$/, 'letters, digits and _ . ~ -')

export interface CreateClientPorts {
  pools: PoolReader
  resourceServers: Pick<ResourceServerStore, 'list'>
  clients: ClientStore
  providers: Pick<ProviderReader, 'list'>
  hashes: KeyedHash
  random: Random
  clock: Clock
}

export interface CreateClient {
  poolId: string
  name: string
  /** As given; parsed here. */
  settings: unknown
  /** Fixed ones, for configurations that are applied to several installations. */
  id?: string
  secret?: string
  by: Administrator
}

export interface NewClient {
  client: AppClient
  /** Shown this once and kept nowhere. Null: a public client, or a secret that was given. */
  secret: string | null
}

/** How a secret is stored, and found again at the token endpoint. */
export const secretHash = (hashes: KeyedHash, secret: string): string => hashes.of('client-secret', secret)

/** A new app client. Fails with `pool-unknown`, `settings-refused` or `already-exists`. */
export const createClient =
  ({ pools, resourceServers, clients, providers, hashes, random, clock }: CreateClientPorts) =>
  async ({ poolId, name, settings, id, secret: given, by }: CreateClient): Promise<Result<NewClient>> => {
    const pool = await pools.find(poolId)
    if (pool === null) return fail('pool-unknown')
    const parsedName = parseSettings(ClientName, name, 'name')
    if (!parsedName.ok) return parsedName
    if (id !== undefined && !CLIENT_ID.test(id))
      return settingsRefused([{ path: 'id', message: 'must be 26 lower-case letters and digits' }])
    const checked = checkClientSettings(
      pool,
      await resourceServers.list(poolId),
      await providers.list(poolId),
      settings,
    )
    if (!checked.ok) return checked
    const entity = await checkEntityId(clients, poolId, checked.value, null)
    if (!entity.ok) return entity
    const isConfidential = checked.value.type === 'confidential'
    if (given !== undefined) {
      const parsedSecret = isConfidential
        ? parseSettings(GivenSecret, given, 'secret')
        : settingsRefused([{ path: 'secret', message: 'a public client has none' }])
      if (!parsedSecret.ok) return parsedSecret
    }

    const now = clock.now()
    const secret = given ?? (isConfidential ? newClientSecret(random) : null)
    const client: AppClient = {
      poolId,
      id: id ?? newClientId(random),
      name,
      enabled: true,
      settings: checked.value,
      createdAt: now,
      updatedAt: now,
    }
    const created = await clients.create(
      client,
      secret === null ? null : { id: random.uuidAt(now), hash: secretHash(hashes, secret) },
      {
        events: [
          newEvent(random, now, {
            poolId,
            type: 'client.changed',
            outcome: 'success',
            clientId: client.id,
            context: by.context,
            detail: { act: 'create', by: by.name },
          }),
        ],
      },
    )
    return created.ok ? ok({ client: created.value, secret: given === undefined ? secret : null }) : created
  }
