import type { ReceivedMessage } from '#adapters/saml-idp/received.ts'
import type { AppClient } from '#core/clients/client-settings.ts'
import type { AssertionIds } from '#core/federation/ports.ts'
import type { PairwiseSecrets, SamlKeys } from '#core/keys/index.ts'
import type { SamlAppSettings } from '#core/saml-idp/index.ts'
import { refuseApp, type SamlApps } from '#core/saml-idp/index.ts'
import type { KeyedHash, Sealer } from '#core/shared/ports.ts'
import { ok, type Result } from '#core/shared/result.ts'
import type { endSession } from '../oidc/end-session.ts'
import type { OidcDeps } from '../oidc/pool-for-oidc.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import type { HostedPages } from '../pages.ts'

export interface SamlRoom {
  deps: OidcDeps
  pages: HostedPages
  secrets: Sealer & KeyedHash
  apps: SamlApps
  /** Ids of requests, once each. */
  ids: AssertionIds
  keys: SamlKeys
  names: PairwiseSecrets
  end: ReturnType<typeof endSession>
}

/** A client with what makes it a service provider. */
export interface SamlClient {
  client: AppClient
  saml: SamlAppSettings
}

/** An enabled SAML client by its id; null: there is none. */
export const samlClient = async (
  { deps }: Pick<SamlRoom, 'deps'>,
  { pool }: PoolRuntime,
  clientId: string,
): Promise<SamlClient | null> => {
  const client = (await deps.clients.find(pool.id, clientId))?.client
  return client?.settings.saml === undefined ? null : { client, saml: client.settings.saml }
}

/** The client that a message claims to be from. Fails with `saml-request-refused`. */
export const claimedClient = async (
  room: SamlRoom,
  runtime: PoolRuntime,
  issuer: string,
): Promise<Result<SamlClient>> => {
  const id = await room.apps.findByEntityId(runtime.pool.id, issuer)
  const found = id === null ? null : await samlClient(room, runtime, id)
  return found === null ? refuseApp('app-unknown') : ok(found)
}

/** An xs:ID begins with a letter or an underscore. 160 random bits, as SAML 2.0 Core §1.3.4 recommends. */
export const newMessageId = ({ deps }: Pick<SamlRoom, 'deps'>): string =>
  `_${Buffer.from(deps.random.bytes(20)).toString('hex')}`

/** RelayState as it came; null: none came. It goes back unchanged and is never an address to go to (attack 11). */
export const relayStateOf = ({ parameters }: ReceivedMessage): string | null => parameters.RelayState ?? null
