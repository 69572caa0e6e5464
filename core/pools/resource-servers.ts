import { z } from 'zod'
import { newEvent } from '../events/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { ok, type Result } from '../shared/result.ts'
import { parseSettings } from '../shared/settings/index.ts'
import type { ResourceServer, ResourceServerStore } from './ports.ts'

/** Scopes every pool has. */
export const STANDARD_SCOPES = [
  'openid',
  'email',
  'phone',
  'profile',
  'address',
  'offline_access',
  'aws.cognito.signin.user.admin',
] as const

// RFC 6749 §3.3 scope-token; Cognito leaves the slash to join identifier and scope.
const Identifier = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'printable ASCII without blanks, quotes and backslashes')
const ScopeName = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\x21\x23-\x2e\x30-\x5b\x5d-\x7e]+$/, 'printable ASCII without blanks, quotes, slashes and backslashes')

export const ResourceServerSettings = z
  .strictObject({
    identifier: Identifier,
    name: z.string().min(1).max(256),
    scopes: z
      .array(z.strictObject({ name: ScopeName, description: z.string().min(1).max(256) }))
      .max(100)
      .default([]),
  })
  .superRefine(({ scopes }, context) => {
    const names = scopes.map(({ name }) => name)
    for (const [at, name] of names.entries()) {
      if (names.indexOf(name) !== at)
        context.addIssue({ code: 'custom', path: ['scopes', at, 'name'], message: 'is there twice' })
    }
  })

export interface ResourceServerPorts {
  resourceServers: ResourceServerStore
  random: Random
  clock: Clock
}

/** Creates a resource server or replaces it whole. Fails with `settings-refused` or `pool-unknown`. */
export const putResourceServer =
  ({ resourceServers, random, clock }: ResourceServerPorts) =>
  async ({
    poolId,
    settings,
    by,
  }: {
    poolId: string
    settings: unknown
    by: Administrator
  }): Promise<Result<ResourceServer>> => {
    const parsed = parseSettings(ResourceServerSettings, settings)
    if (!parsed.ok) return parsed
    const server = { poolId, ...parsed.value }
    const detail = { act: 'put-resource-server', identifier: server.identifier, by: by.name }
    const put = await resourceServers.put(server, {
      events: [
        newEvent(random, clock.now(), {
          poolId,
          type: 'pool.changed',
          outcome: 'success',
          context: by.context,
          detail,
        }),
      ],
    })
    return put.ok ? ok(server) : put
  }

/** Its scopes are granted no more; clients that list them keep the rest. Fails with `resource-server-unknown`. */
export const deleteResourceServer =
  ({ resourceServers, random, clock }: ResourceServerPorts) =>
  ({ poolId, identifier, by }: { poolId: string; identifier: string; by: Administrator }): Promise<Result<void>> =>
    resourceServers.delete(poolId, identifier, {
      events: [
        newEvent(random, clock.now(), {
          poolId,
          type: 'pool.changed',
          outcome: 'success',
          context: by.context,
          detail: { act: 'delete-resource-server', identifier, by: by.name },
        }),
      ],
    })
