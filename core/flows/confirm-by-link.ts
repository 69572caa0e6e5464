import type { AppClient } from '../clients/client-settings.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { Locale } from '../shared/locales.ts'
import type { RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { maskAddress } from '../users/index.ts'
import type { Flow, FlowState, PendingSignUp } from './flow.ts'
import type { JourneyPorts, NewCode } from './ports.ts'
import { saveMove } from './save-move.ts'
import { isLinkToken, linkHash } from './send-code.ts'
import { createAccount, signUpSubject } from './steps/confirm-sign-up.ts'

/** Whether the journey still waits for the address this link was sent to. */
const isFor = (
  ports: JourneyPorts,
  code: NewCode,
  flow: Flow | null,
): flow is Flow & { state: FlowState & { signUp: PendingSignUp } } =>
  flow?.state.signUp != null &&
  !flow.state.signUp.isTaken &&
  code.purpose === 'sign-up' &&
  code.subject === signUpSubject(ports, flow.id, flow.state.signUp)

/**
 * What a link is for, without using it. Fails with `code-used`, `code-expired`, or `link-unusable` for what never was a
 * link of this pool, or whose journey is over.
 */
export const linkTarget =
  (ports: JourneyPorts) =>
  async (pool: Pool, token: string): Promise<Result<{ destination: string; locale: Locale }>> => {
    const code = isLinkToken(token) ? await ports.codes.findByLink(pool.id, linkHash(ports, pool.id, token)) : null
    if (code === null) return fail('link-unusable')
    if (code.consumedAt !== null) return fail('code-used')
    if (code.expiresAt <= ports.clock.now()) return fail('code-expired')
    const flow = code.flowId === null ? null : await ports.flows.find(pool.id, code.flowId)
    if (!isFor(ports, code, flow)) return fail('link-unusable')
    return ok({ destination: maskAddress(flow.state.signUp.destination.address), locale: flow.state.locale })
  }

export interface ConfirmByLink {
  pool: Pool
  token: string
  context: RequestContext
  clientOf(clientId: string): Promise<AppClient | null>
}

/**
 * Uses a sign-up's link: the account comes into being. The journey's own browser, if it is another one, is moved on; this
 * one is not signed in, since holding a mail is not holding the journey.
 *
 * Fails as `linkTarget` does, and with what making the account was refused with; of two at once exactly one wins.
 */
export const confirmByLink =
  (ports: JourneyPorts) =>
  async ({
    pool,
    token,
    context,
    clientOf,
  }: ConfirmByLink): Promise<Result<{ client: AppClient | null; locale: Locale }>> => {
    const target = await linkTarget(ports)(pool, token)
    if (!target.ok) return target
    const now = ports.clock.now()
    const answer = await ports.codes.consumeByLink(pool.id, linkHash(ports, pool.id, token), now)
    if (answer.kind !== 'consumed') return fail(answer.kind === 'used' ? 'code-used' : 'code-expired')
    const flow = answer.code.flowId === null ? null : await ports.flows.find(pool.id, answer.code.flowId)
    if (!isFor(ports, answer.code, flow)) return fail('link-unusable')
    const client = await clientOf(flow.clientId)
    if (client === null) return fail('link-unusable')
    const step = await createAccount(ports, { flow, pool, client, form: {}, context, now }, flow.state.signUp, {
      provesAddress: true,
    })
    // Refused after the fact by a trigger, or by names the pool takes no more: nobody is told that all is well.
    if (step.kind === 'refused') return { ok: false, failure: step.failure }
    await saveMove(
      ports,
      flow,
      { ...flow, step: step.step, state: { ...flow.state, failure: null, notice: null, ...step.state } },
      { events: step.events ?? [] },
    )
    // Somebody took the name meanwhile and keeps it: the journey goes on at sign-in, and this page says no more than that.
    if (step.state?.notice === 'accountExists') return fail('name-taken')
    return ok({ client, locale: flow.state.locale })
  }
