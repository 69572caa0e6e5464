import type { IncomingHttpHeaders } from 'node:http'
import type { pgProtocolClients } from '#adapters/postgres/pg-token-reads.ts'
import type { answerByLink, FlowStep, JourneyPorts } from '#core/flows/index.ts'
import type { RequestContext } from '#core/shared/ports.ts'
import type { Config } from './config.ts'
import type { PoolRuntimes } from './oidc/pool-runtimes.ts'
import type { HostedPages } from './pages.ts'

/** A request of the hosted pages, as plain data. */
export interface PageRequest {
  poolId: string
  flowId: string
  step: FlowStep | null
  headers: IncomingHttpHeaders
  context: RequestContext
  nonce: string
}

/** What answers them. */
export interface JourneyDeps {
  config: Config
  ports: JourneyPorts
  runtimes: PoolRuntimes
  clients: ReturnType<typeof pgProtocolClients>
  pages: HostedPages
  /** What takes the answers to "was this you?". */
  answering: Parameters<typeof answerByLink>[0]
}
