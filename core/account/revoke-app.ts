import type { Result } from '../shared/result.ts'
import { type Doer, ownEvent } from './doer.ts'
import type { AccountPorts } from './ports.ts'

/** Takes an app's access away: the next time it asks again. Fails with `client-unknown` where it has none. */
export const revokeOwnApp =
  ({ appAccesses, ...ports }: Pick<AccountPorts, 'appAccesses' | 'random' | 'clock'>) =>
  (doer: Doer, clientId: string): Promise<Result<void>> =>
    appAccesses.revoke(doer.pool.id, doer.sub, clientId, {
      events: [ownEvent(ports, doer, { type: 'consent.revoked', detail: { app: clientId.slice(0, 64) } })],
    })
