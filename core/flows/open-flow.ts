import { newEvent } from '../events/index.ts'
import { newBearerSecret } from '../shared/ids.ts'
import type { Locale } from '../shared/locales.ts'
import type { RequestContext } from '../shared/ports.ts'
import type { Flow, FlowRequest, Proof } from './flow.ts'
import type { FlowStep } from './flow-view.ts'
import type { JourneyPorts } from './ports.ts'
import { secretHash } from './step-token.ts'

export interface OpenFlow {
  poolId: string
  flowId: string
  clientId: string
  request: FlowRequest
  locale: Locale
  /** The browser's session, where the journey may build on it: consent, or a change of one's own password. */
  sessionProof: Proof | null
  /** The library asked for permission only: the person is signed in. */
  needsConsentOnly: boolean
  ttlSeconds: number
  context: RequestContext
}

const firstStep = ({ request, sessionProof, needsConsentOnly }: OpenFlow): FlowStep => {
  if (sessionProof !== null && needsConsentOnly) return 'consent'
  if (sessionProof !== null && request.screen === 'change-password') return 'change-password'
  return request.screen === 'change-password' ? 'sign-in' : request.screen
}

/**
 * Opens the journey of an interaction and announces its sign-in, so that triggers and tokens have an event id from the
 * start. Gives the secret for the browser's flow cookie; whoever knows the flow's id alone gets nowhere (attack 22).
 */
export const openFlow =
  (ports: Pick<JourneyPorts, 'flows' | 'hashes' | 'random' | 'clock'>) =>
  async (input: OpenFlow): Promise<{ secret: string }> => {
    const now = ports.clock.now()
    const secret = newBearerSecret(ports.random)
    const event = newEvent(ports.random, now, {
      poolId: input.poolId,
      type: 'sign_in',
      outcome: 'in-progress',
      clientId: input.clientId,
      flowId: input.flowId,
      context: input.context,
      detail: { screen: input.request.screen },
    })
    const flow: Flow = {
      poolId: input.poolId,
      id: input.flowId,
      clientId: input.clientId,
      secretHash: secretHash(ports.hashes, input.poolId, input.flowId, secret),
      step: firstStep(input),
      version: 1,
      createdAt: now.getTime(),
      expiresAt: now.getTime() + input.ttlSeconds * 1000,
      state: {
        request: input.request,
        eventId: event.id,
        locale: input.locale,
        values: {},
        failure: null,
        notice: null,
        proof: input.sessionProof,
        signUp: null,
        recovery: null,
        account: null,
        proofs: input.sessionProof?.proofs ?? [],
        buildsOnSession: input.sessionProof !== null,
        owedPassword: null,
        challenge: null,
        enrolment: null,
        sentAt: [],
        keepSignedIn: false,
        consented: null,
        refusal: null,
      },
    }
    if (!(await ports.flows.open(flow, { events: [event] }))) throw new Error('the interaction has a journey already')
    return { secret }
  }
