import { newEvent } from '../../events/index.ts'
import { signsPeopleIn } from '../../federation/index.ts'
import type { UpstreamCallback } from '../../federation/ports.ts'
import { BUDGETS, networkOf } from '../../limits/index.ts'
import { newBearerSecret } from '../../shared/ids.ts'
import type { RequestContext } from '../../shared/ports.ts'
import { type Failure, ok, type Result } from '../../shared/result.ts'
import type { JourneyPorts } from '../ports.ts'
import { countStrayReturn } from './stray-return.ts'

/** The browser follows at once. */
const KEPT_MS = 120_000

/** What a provider may ask of the sign-in that it begins: Cognito's form, and nothing that would change how it is proven. */
const ASKED = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'lang'] as const

export interface UnsolicitedSignIn {
  /** Names the kept identity; the browser's secret, once. */
  id: string
  /** Parameters of the authorization request that goes on with it. */
  request: Readonly<Record<string, string>>
}

const requestOf = (relayState: string, provider: string): Readonly<Record<string, string>> | null => {
  const given = new URLSearchParams(relayState)
  const named = given.get('identity_provider')
  if (!given.has('client_id') || (named !== null && named !== provider)) return null
  const asked = ASKED.flatMap((name) => {
    const value = given.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  return { response_type: 'code', ...Object.fromEntries(asked), identity_provider: provider }
}

/**
 * A response that nobody asked for (SAML 2.0 Profiles §4.1.5), where a provider's settings take it: verified like any other,
 * and kept for the journey that the browser is sent to begin. RelayState says for which app, in Cognito's form.
 *
 * Fails with `upstream-stale` where no provider of the pool sends such responses, `too-many-attempts`, and as the provider's
 * adapter says.
 */
export const keepUnsolicited =
  (ports: JourneyPorts) =>
  async (poolId: string, callback: UpstreamCallback, context: RequestContext): Promise<Result<UnsolicitedSignIn>> => {
    const { providers, redirectsTo, unsolicited } = ports.federation
    const now = ports.clock.now()
    const willing = (await providers.list(poolId)).filter(
      ({ settings }) => settings.kind === 'saml' && signsPeopleIn(settings) && settings.idpInitiated,
    )
    const stray = async (failure: Failure): Promise<Result<never>> => {
      await countStrayReturn(ports, { poolId, failure, at: callback.now, detail: { purpose: 'unsolicited' } })
      return { ok: false, failure }
    }
    if (willing.length === 0) return stray({ code: 'upstream-stale', because: 'nobody is away' })
    const budget = await ports.attempts.take(
      poolId,
      'federation.network',
      networkOf(context.ip),
      BUDGETS['federation.network'],
      now,
    )
    if (budget.isSpent) return stray({ code: 'too-many-attempts' })
    let refusal: Failure = { code: 'upstream-stale', because: 'nobody is away' }
    for (const provider of willing) {
      // Asked before it is verified: a verified response is used up.
      const request = requestOf(callback.parameters.RelayState ?? '', provider.name)
      if (request === null) continue
      const finished = await (await redirectsTo(provider)).finish(callback, {})
      if (!finished.ok) {
        refusal = finished.failure
        continue
      }
      const id = newBearerSecret(ports.random)
      const expiresAt = new Date(now.getTime() + KEPT_MS)
      const idHash = ports.hashes.of('unsolicited', id)
      await unsolicited.keep(poolId, idHash, { provider: provider.name, identity: finished.value, expiresAt })
      return ok({ id, request })
    }
    ports.federation.watch.returned(null, refusal.code, (ports.clock.now().getTime() - now.getTime()) / 1000)
    await ports.events.write({
      events: [
        newEvent(ports.random, now, {
          poolId,
          type: 'federation.returned',
          outcome: 'failure',
          reason: refusal.code,
          context,
          detail: { purpose: 'unsolicited', ...(refusal.because === undefined ? {} : { because: refusal.because }) },
        }),
      ],
    })
    return { ok: false, failure: refusal }
  }
