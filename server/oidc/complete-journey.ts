import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Interaction } from 'oidc-provider'
import { type Flow, finishFlow, holdsFlow, type JourneyPorts } from '#core/flows/index.ts'
import type { Config } from '../config.ts'
import { deviceCookie, flowCookieName, readCookie } from '../cookies.ts'
import { redirectTo } from '../redirect.ts'
import { allowClaims } from './claims-allowed.ts'
import { grantSeconds } from './grants.ts'
import type { OidcDeps } from './pool-for-oidc.ts'
import type { PoolRuntime } from './pool-runtimes.ts'

export type Completion = 'finished' | 'expired' | 'not-done'

export interface Completing {
  config: Config
  ports: JourneyPorts
  deps: OidcDeps
  /** Address of the page where somebody who asked to be deleted keeps their account; `until` as the failure says it. */
  keepPage(runtime: PoolRuntime, sub: string, until: number): string
}

/**
 * Ends a journey at the protocol, once: sign-in and permission together, or the person's refusal. The library's own signed
 * cookie is checked by the library, ours by us; whether the journey becomes a sign-in is the journey's to say.
 *
 * Answers the request only when it says `finished`.
 */
export const completeJourney = async (
  { config, ports, deps, keepPage }: Completing,
  runtime: PoolRuntime,
  flowId: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Completion> => {
  const { provider, pool } = runtime
  const flow = await ports.flows.find(pool.id, flowId)
  const secret = readCookie(req.headers.cookie, flowCookieName(config))
  const now = ports.clock.now()
  if (flow === null || flow.expiresAt <= now.getTime() || !holdsFlow(ports.hashes, flow, secret)) return 'expired'
  if (flow.step !== 'done') return 'not-done'
  const interaction = await interactionOf(runtime, flow, req, res, now)
  if (interaction === null || interaction.uid !== flow.id) return 'expired'

  const { refusal, request, consented, keepSignedIn } = flow.state
  const finished = await finishFlow({
    ...ports,
    settle: ports,
    question: ports,
    clients: { find: async (poolId, clientId) => (await deps.clients.find(poolId, clientId))?.client ?? null },
  })({
    pool,
    flow,
    context: deps.contextOf(req),
    async prepare({ proof, client }) {
      const scopes = consented ?? request.scopes
      const grant = new provider.Grant({
        accountId: proof.sub,
        clientId: client.id,
        eventId: flow.state.eventId,
        expiresIn: grantSeconds(runtime, client.settings),
      })
      grant.addOIDCScope(scopes.join(' '))
      // A "no" to an optional scope is an answer too: unrecorded, the library would ask again and again.
      const declined = request.scopes.filter((scope) => !scopes.includes(scope))
      if (declined.length > 0) grant.rejectOIDCScope(declined.join(' '))
      allowClaims(grant, runtime, client.settings, scopes, claimsAskedFor(interaction.params.claims))
      const grantId = await grant.save()

      if (proof.isFromSession !== true && proof.continuesSession !== true) {
        // The journey makes a session of its own: another person's, or one that was ended meanwhile, is not continued.
        const session = await provider.Session.get(provider.createContext(req, res))
        if (session.accountId !== undefined && session.accountId !== proof.sub) await session.destroy()
        delete interaction.session
        await interaction.save(secondsLeft(interaction, now))
      }
      return { grantId, proof }
    },
  })
  const answer = (result: Record<string, unknown>): Promise<void> =>
    provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false })

  if (!finished.ok) {
    const { code, sub, params } = finished.failure
    if (code === 'account-closing' && sub !== undefined) {
      redirectTo(res, 303, keepPage(runtime, sub, Number(params?.until)))
      return 'finished'
    }
    if (code !== 'consent-refused' || refusal === null) return 'expired'
    await answer({ error: refusal.error, error_description: refusal.description })
    return 'finished'
  }
  const { device, ready } = finished.value
  if (device !== null) res.appendHeader('set-cookie', deviceCookie(config, runtime.base, device))
  const { grantId, proof } = ready
  await answer({
    ...(proof.isFromSession === true
      ? {}
      : {
          login: {
            accountId: proof.sub,
            ts: Math.floor(proof.authenticatedAt / 1000),
            amr: [...proof.amr],
            acr: proof.acr,
            proofs: [...proof.proofs],
            remember: pool.settings.session.keepSignedIn ? keepSignedIn : false,
          },
        }),
    consent: { grantId },
    select_account: {},
    create: {},
  })
  return 'finished'
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
  const needsSession = proof === null || proof.isFromSession === true || proof.continuesSession === true
  if (found !== null || needsSession) return found
  const stored = await provider.Interaction.find(id)
  if (stored?.session === undefined) return null
  delete stored.session
  await stored.save(secondsLeft(stored, now))
  return details()
}

/** Names in the request's claims parameter (OpenID Connect Core §5.5); the library has checked its shape. */
const claimsAskedFor = (parameter: unknown): string[] => {
  if (typeof parameter !== 'string') return []
  const parsed = JSON.parse(parameter) as Record<string, Record<string, unknown> | undefined>
  return [...new Set([...Object.keys(parsed.userinfo ?? {}), ...Object.keys(parsed.id_token ?? {})])]
}
