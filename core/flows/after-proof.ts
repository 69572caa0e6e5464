import type { Pool } from '../pools/pool-settings.ts'
import { requiredAttributes } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { FlowStep } from './flow-view.ts'
import { isOfferedPasskey } from './passkey-offer.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** Scopes that concern what the app learns of the person; `openid` alone needs no permission. */
export const scopesToAllow = (scopes: readonly string[]): readonly string[] =>
  scopes.filter((scope) => scope !== 'openid')

/** Attributes the pool demands of everybody and this person has not given. */
export const missingAttributes = (pool: Pool, user: User): readonly string[] =>
  requiredAttributes(pool.settings).filter((name) => user.attributes[name] === undefined)

/** Whether the person came to prove this very account for an identity that is to be connected to it. */
const isOfferedTo = ({ state: { identity } }: Pick<StepInput['flow'], 'state'>, { sub }: User): boolean =>
  identity?.offeredTo?.sub === sub

/**
 * The next step of a journey whose person is proven: an identity to be connected, attributes the pool demands, then the page the person came for, then
 * a passkey for the next time, the app's permission, and out.
 */
export const stepAfterProof = async (
  ports: JourneyPorts,
  { flow, pool, client }: Pick<StepInput, 'flow' | 'pool' | 'client'>,
  user: User,
  done: { connect?: boolean; missingAttributes?: boolean; changePassword?: boolean; offerPasskey?: boolean } = {},
): Promise<FlowStep> => {
  if (!done.connect && isOfferedTo(flow, user)) return 'connect-provider'
  if (!done.missingAttributes && missingAttributes(pool, user).length > 0) return 'missing-attributes'
  const { request } = flow.state
  if (!done.changePassword && request.screen === 'change-password') return 'change-password'
  if (!done.offerPasskey && (await isOfferedPasskey(ports, { flow, pool, client }, user))) return 'offer-passkey'
  const asked = scopesToAllow(request.scopes)
  if (request.prompts.includes('consent')) return 'consent'
  if (client.settings.firstParty || asked.length === 0) return 'done'
  const allowed = new Set(await ports.consents.scopes(pool.id, user.sub, client.id))
  return asked.every((scope) => allowed.has(scope)) ? 'done' : 'consent'
}
