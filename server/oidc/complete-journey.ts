import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Interaction } from 'oidc-provider'
import { isRegisteredCallback } from '#core/clients/index.ts'
import { newEvent } from '#core/events/index.ts'
import { type Flow, type JourneyPorts, type Proof, secretHash } from '#core/flows/index.ts'
import type { Config } from '../config.ts'
import { flowCookieName, readCookie } from '../cookies.ts'
import { allowClaims } from './claims-allowed.ts'
import { grantSeconds } from './grants.ts'
import { ACR_SINGLE_FACTOR } from './policy.ts'
import type { OidcDeps } from './pool-for-oidc.ts'
import type { PoolRuntime } from './pool-runtimes.ts'

export type Completion = 'finished' | 'expired' | 'not-done'

/**
 * Ends a journey at the protocol, once: sign-in and permission together, or the person's refusal. The library's own signed
 * cookie is checked by the library, ours by us, and what the person proved is checked against what the account is now.
 *
 * Answers the request only when it says `finished`.
 */
export const completeJourney = async (
  { config, ports, deps }: { config: Config; ports: JourneyPorts; deps: OidcDeps },
  runtime: PoolRuntime,
  flowId: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Completion> => {
  const { provider, pool } = runtime
  const flow = await ports.flows.find(pool.id, flowId)
  const secret = readCookie(req.headers.cookie, flowCookieName(config))
  const now = ports.clock.now()
  if (flow === null || secret === undefined || flow.expiresAt <= now.getTime()) return 'expired'
  if (!ports.hashes.equal(flow.secretHash, secretHash(ports.hashes, pool.id, flow.id, secret))) return 'expired'
  if (flow.step !== 'done') return 'not-done'
  const interaction = await interactionOf(runtime, flow, req, res, now)
  if (interaction === null || interaction.uid !== flow.id) return 'expired'

  const { proof, refusal, request, eventId, consented, keepSignedIn } = flow.state
  const event = (outcome: 'success' | 'failure', reason: string | null, detail: Record<string, string | boolean>) =>
    newEvent(ports.random, now, {
      id: eventId,
      poolId: pool.id,
      type: 'sign_in',
      outcome,
      reason,
      sub: proof?.sub ?? null,
      clientId: flow.clientId,
      flowId: flow.id,
      context: deps.contextOf(req),
      detail,
    })

  const finish = async (result: Record<string, unknown>): Promise<Completion> => {
    // Before the answer: of two that arrive together one finishes.
    if (!(await ports.flows.finish(pool.id, flow.id))) return 'expired'
    await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })
    return 'finished'
  }

  if (refusal !== null) {
    await ports.events.write({ events: [event('failure', 'consent-refused', {})] })
    return finish({ error: refusal.error, error_description: refusal.description })
  }
  const account = proof === null ? null : await deps.accounts.find(pool.id, proof.sub)
  // Whoever was disabled, deleted, or signed out everywhere since the proof is not signed in by it.
  if (proof === null || account === null || isCutOff(proof, account.user.sessionsValidAfter)) {
    await ports.flows.finish(pool.id, flow.id)
    return 'expired'
  }

  const client = await deps.clients.find(pool.id, flow.clientId)
  // An address that was taken off the list since the request gets no code any more.
  if (client === null || !isRegisteredCallback(client.client.settings, request.redirectUri)) return 'expired'
  const expiresIn = grantSeconds(runtime, client.client.settings)
  const grant = new provider.Grant({ accountId: proof.sub, clientId: flow.clientId, eventId, expiresIn })
  grant.addOIDCScope((consented ?? request.scopes).join(' '))
  // A "no" to an optional scope is an answer too: unrecorded, the library would ask again and again.
  const declined = request.scopes.filter((scope) => consented !== null && !consented.includes(scope))
  if (declined.length > 0) grant.rejectOIDCScope(declined.join(' '))
  allowClaims(
    grant,
    runtime,
    client.client.settings,
    consented ?? request.scopes,
    claimsAskedFor(interaction.params.claims),
  )
  const grantId = await grant.save()

  if (proof.isFromSession !== true) {
    // The journey makes a session of its own: another person's, or one that was ended meanwhile, is not continued.
    const session = await provider.Session.get(provider.createContext(req, res))
    if (session.accountId !== undefined && session.accountId !== proof.sub) await session.destroy()
    delete interaction.session
    await interaction.save(secondsLeft(interaction, now))
  }
  const signedIn = await ports.writer.update(
    pool.id,
    proof.sub,
    // A sign-in changes nothing about the person: OpenID Connect Core §5.1 `updated_at` stays.
    { lastSignInAt: now, at: account.user.updatedAt },
    { events: [event('success', null, { amr: proof.amr.join(' '), consented: consented !== null })] },
  )
  if (!signedIn.ok) return 'expired'
  return finish({
    ...(proof.isFromSession === true
      ? {}
      : {
          login: {
            accountId: proof.sub,
            ts: Math.floor(proof.authenticatedAt / 1000),
            amr: [...proof.amr],
            acr: ACR_SINGLE_FACTOR,
            remember: pool.settings.session.keepSignedIn ? keepSignedIn : false,
          },
        }),
    consent: { grantId },
    select_account: {},
    create: {},
  })
}

const secondsLeft = ({ exp }: Pick<Interaction, 'exp'>, now: Date): number =>
  Math.max(1, exp - Math.floor(now.getTime() / 1000))

/**
 * The protocol's side of a journey, checked by the library against its signed cookie. The session that the journey began on
 * may have ended meanwhile (a changed password ends them all); a proof made in the journey does not build on it.
 */
const interactionOf = async (
  { provider }: PoolRuntime,
  { id, state: { proof } }: Flow,
  req: IncomingMessage,
  res: ServerResponse,
  now: Date,
): Promise<Interaction | null> => {
  const details = () => provider.interactionDetails(req, res).catch(() => null)
  const found = await details()
  if (found !== null || proof === null || proof.isFromSession === true) return found
  const stored = await provider.Interaction.find(id)
  if (stored?.session === undefined) return null
  delete stored.session
  await stored.save(secondsLeft(stored, now))
  return details()
}

/** Whether everything of this person was ended after the proof. A session's own time is in whole seconds. */
const isCutOff = (proof: Proof, validAfter: Date): boolean =>
  proof.isFromSession === true
    ? Math.floor(validAfter.getTime() / 1000) * 1000 > proof.authenticatedAt
    : validAfter.getTime() > proof.authenticatedAt

/** Names in the request's claims parameter (OpenID Connect Core §5.5); the library has checked its shape. */
const claimsAskedFor = (parameter: unknown): string[] => {
  if (typeof parameter !== 'string') return []
  const parsed = JSON.parse(parameter) as Record<string, Record<string, unknown> | undefined>
  return [...new Set([...Object.keys(parsed.userinfo ?? {}), ...Object.keys(parsed.id_token ?? {})])]
}
