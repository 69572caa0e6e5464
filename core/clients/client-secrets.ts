import { newEvent } from '../events/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import { newClientSecret } from '../shared/ids.ts'
import type { Clock, KeyedHash, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { parseSettings, settingsRefused } from '../shared/settings/index.ts'
import { GivenSecret, secretHash } from './create-client.ts'
import type { ClientStore } from './ports.ts'

export interface ClientSecretPorts {
  clients: ClientStore
  hashes: KeyedHash
  random: Random
  clock: Clock
}

interface AddSecret {
  poolId: string
  clientId: string
  /** One that was made up elsewhere. */
  secret?: string
  by: Administrator
}

/**
 * A second secret, valid at once beside the first: deploy it, then remove the old one. Shown this once.
 * Fails with `client-unknown`, `settings-refused` for a public client, or `state-refused` when two are live already.
 */
export const addClientSecret =
  ({ clients, hashes, random, clock }: ClientSecretPorts) =>
  async ({
    poolId,
    clientId,
    secret: given,
    by,
  }: AddSecret): Promise<Result<{ id: string; secret: string | null }>> => {
    const client = await clients.find(poolId, clientId)
    if (client === null) return fail('client-unknown')
    if (client.settings.type !== 'confidential')
      return settingsRefused([{ path: 'secret', message: 'a public client has none' }])
    if (given !== undefined) {
      const parsed = parseSettings(GivenSecret, given, 'secret')
      if (!parsed.ok) return parsed
    }
    const now = clock.now()
    const id = random.uuidAt(now)
    const secret = given ?? newClientSecret(random)
    const added = await clients.addSecret(
      poolId,
      clientId,
      { id, hash: secretHash(hashes, secret), createdAt: now },
      {
        events: [
          newEvent(random, now, {
            poolId,
            type: 'client.changed',
            outcome: 'success',
            clientId,
            context: by.context,
            detail: { act: 'add-secret', secret: id, by: by.name },
          }),
        ],
      },
    )
    return added.ok ? ok({ id, secret: given === undefined ? secret : null }) : added
  }

/** The secret stops working at once. Fails with `client-unknown` or `secret-unknown`. */
export const removeClientSecret =
  ({ clients, random, clock }: Omit<ClientSecretPorts, 'hashes'>) =>
  ({
    poolId,
    clientId,
    secretId,
    by,
  }: {
    poolId: string
    clientId: string
    secretId: string
    by: Administrator
  }): Promise<Result<void>> =>
    clients.removeSecret(poolId, clientId, secretId, {
      events: [
        newEvent(random, clock.now(), {
          poolId,
          type: 'client.changed',
          outcome: 'success',
          clientId,
          context: by.context,
          detail: { act: 'remove-secret', secret: secretId, by: by.name },
        }),
      ],
    })
