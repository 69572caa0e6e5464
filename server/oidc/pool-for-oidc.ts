import type { KoaContext, Payload } from 'oidc-provider'
import type { pgArtifacts } from '#adapters/postgres/pg-artifacts.ts'
import type { pgProtocolClients } from '#adapters/postgres/pg-token-reads.ts'
import type { EventLog } from '#core/events/index.ts'
import type { ProviderReader } from '#core/federation/ports.ts'
import type { ConsentStore, OpenFlow } from '#core/flows/index.ts'
import type { SigningKey } from '#core/keys/index.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import type { ResourceServer } from '#core/pools/ports.ts'
import type { Clock, KeyedHash, Random, RequestContext } from '#core/shared/ports.ts'
import type { TokenAccounts } from '#core/tokens/index.ts'
import type { Triggers } from '#core/triggers/index.ts'
import type { Config } from '../config.ts'
import type { TokenSigner } from './token-signer.ts'

/** A pool at one version of its settings, with everything its provider is built from. */
export interface PoolForOidc {
  pool: Pool
  /** `{PUBLIC_ORIGIN}/{poolId}`, for ever. */
  issuer: string
  /** Path prefix of pages and endpoints. */
  base: string
  keys: readonly SigningKey[]
  signer: TokenSigner
  resourceServers: readonly ResourceServer[]
}

/** Pages the library wants drawn. Each writes the answer through the context. */
export interface ProtocolPages {
  protocolError(ctx: KoaContext, pool: PoolForOidc, out: Payload, error: Error): Promise<void>
  formPost(ctx: KoaContext, pool: PoolForOidc, action: string, fields: Payload): Promise<void>
}

export interface OidcDeps {
  config: Config
  clients: ReturnType<typeof pgProtocolClients>
  accounts: TokenAccounts
  artifacts: ReturnType<typeof pgArtifacts>
  consents: ConsentStore
  providers: Pick<ProviderReader, 'list'>
  events: EventLog
  triggers: Triggers
  clock: Clock
  random: Random
  hashes: KeyedHash
  cookieKeys: readonly string[]
  pages: ProtocolPages
  openFlow(input: OpenFlow): Promise<{ secret: string }>
  contextOf(req: KoaContext['req']): RequestContext
  /** Something broke: logs it, and says with which status to answer. */
  onTrouble(requestId: string, error: Error): 500 | 503
}
