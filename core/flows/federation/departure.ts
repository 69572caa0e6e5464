import { newEvent } from '../../events/index.ts'
import { CALLBACK_PATHS, type IdentityProvider, labelOf, providerTypeOf } from '../../federation/index.ts'
import type { Departure } from '../../federation/ports.ts'
import { BUDGETS, networkOf } from '../../limits/index.ts'
import { newBearerSecret } from '../../shared/ids.ts'
import type { KeyedHash } from '../../shared/ports.ts'
import { type Failure, fail, ok, type Result } from '../../shared/result.ts'
import type { Flow } from '../flow.ts'
import type { FlowStep } from '../flow-view.ts'
import type { JourneyPorts } from '../ports.ts'
import { toFormMessage } from '../shown-failure.ts'
import type { StepInput } from '../step-handler.ts'
import { isOffered, type Purpose } from './offered-providers.ts'

/** What came along in `state`, as it is kept: bound to its pool and journey. */
export const departureHash = (hashes: KeyedHash, poolId: string, state: string): string =>
  hashes.of('departure', `${poolId}|${state}`)

/** The journey of a `state` of ours; null: not one of ours. */
export const flowOfState = (state: string): string | null => /^([\w-]{20,64})\.[\w-]{43}$/.exec(state)?.[1] ?? null

/** A person who is proven is here to connect; everybody else to sign in. */
export const purposeOf = ({ state: { request, proof } }: Flow): Purpose =>
  request.screen === 'connect-provider' && proof !== null ? 'connect' : 'sign-in'

/**
 * An adapter's failure, with the provider's own description for the page where it said no. For nothing but an adapter's: reasons
 * of ours stand in `because` too, and may say of an account what nobody is told.
 */
export const inItsWords = (failure: Failure): Failure =>
  failure.code === 'upstream-refused' && failure.because !== undefined
    ? { ...failure, params: { ...failure.params, description: failure.because } }
    : failure

/** The failure with what people call the provider. */
export const ofProvider = (failure: Failure, provider: Pick<IdentityProvider, 'settings'>): Failure => ({
  ...failure,
  params: {
    ...failure.params,
    provider: labelOf(provider),
  },
})

export interface LeaveForProvider extends Omit<StepInput, 'form' | 'now'> {
  /** Name of the provider, as the address has it. */
  provider: string
}

export type LeaveAnswer =
  /** `provider` is its name, `label` what people call it. */
  | { kind: 'away'; departure: Departure; provider: string; label: string }
  /** The journey stays, and its page says why. */
  | { kind: 'step'; step: FlowStep }

const leaving = async (
  ports: JourneyPorts,
  { flow, pool, client, context, provider: name }: LeaveForProvider,
): Promise<Result<{ departure: Departure; provider: IdentityProvider; next: Flow }>> => {
  const { providers, redirectsTo } = ports.federation
  const now = ports.clock.now()
  const provider = await providers.find(pool.id, name)
  const kind = provider?.settings.kind
  if (provider === null || kind === undefined || kind === 'ldap' || !isOffered(client, provider, purposeOf(flow)))
    return fail('provider-not-offered')
  const network = networkOf(context.ip)
  const budget = await ports.attempts.take(pool.id, 'federation.network', network, BUDGETS['federation.network'], now)
  if (budget.isSpent)
    return fail('too-many-attempts', { params: { minutes: Math.max(1, Math.ceil(budget.retryAfterSeconds / 60)) } })
  const { request, locale, values } = flow.state
  const state = `${flow.id}.${newBearerSecret(ports.random)}`
  const begun = await (await redirectsTo(provider)).begin({
    callbackUrl: `${ports.links.base(pool.id)}${CALLBACK_PATHS[kind]}`,
    state,
    locale,
    loginHint: values.username || request.loginHint,
    forceAuthentication: request.mustBeFresh,
    asksForAccount: request.prompts.includes('select_account'),
    acr: request.foreignLevel,
    now: now.getTime(),
  })
  if (!begun.ok) return { ok: false, failure: ofProvider(inItsWords(begun.failure), provider) }
  const { departure, remember } = begun.value
  const pending = {
    provider: name,
    stateHash: departureHash(ports.hashes, pool.id, state),
    remember,
    arrival: null,
    receiptHash: null,
  }
  return ok({
    departure,
    provider,
    next: { ...flow, state: { ...flow.state, departure: pending, failure: null, notice: null } },
  })
}

/**
 * Leaves for an identity provider. What it needs to know is remembered in the journey's row, what comes back is held against
 * that (attacks 24, 38). Leaving again forgets the former departure: its answer is stale then.
 *
 * Where that does not work the journey stays where it is and says so: the provider is not offered, does not answer, or too many
 * left from this network.
 */
export const leaveForProvider =
  (ports: JourneyPorts) =>
  async (input: LeaveForProvider): Promise<LeaveAnswer> => {
    const { flow, pool, client, context, provider: name } = input
    if (flow.step === 'done') return { kind: 'step', step: 'done' }
    const left = await leaving(ports, input)
    const now = ports.clock.now()
    const event = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'federation.departed',
      outcome: left.ok ? 'success' : 'failure',
      reason: left.ok ? null : left.failure.code,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail: {
        // What is no provider of the pool is somebody's own text.
        provider: left.ok || left.failure.code !== 'provider-not-offered' ? name : null,
        purpose: purposeOf(flow),
        ...(left.ok || left.failure.because === undefined ? {} : { because: left.failure.because }),
      },
    })
    const next = left.ok
      ? left.value.next
      : { ...flow, state: { ...flow.state, notice: null, failure: toFormMessage(left.failure, pool) } }
    const isSaved = await ports.flows.save(next, { events: [event] })
    if (isSaved) {
      const type = left.ok ? providerTypeOf(left.value.provider.settings) : null
      ports.federation.watch.left(type, left.ok ? 'success' : left.failure.code)
    }
    if (!isSaved || !left.ok) return { kind: 'step', step: flow.step }
    const { departure, provider } = left.value
    return { kind: 'away', departure, provider: name, label: labelOf(provider) }
  }
