import { newEvent } from '../events/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { newBearerSecret } from '../shared/ids.ts'
import type { Locale } from '../shared/locales.ts'
import type { RequestContext } from '../shared/ports.ts'
import { challenged } from './advance.ts'
import { askedEnrolment } from './asked-enrolment.ts'
import type { Flow, FlowRequest, FlowState, Proof } from './flow.ts'
import type { FlowStep } from './flow-view.ts'
import { type Owing, owedBy } from './owed.ts'
import { newChallenge } from './passkey-ceremony.ts'
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
  /** The pool, where a factor is to be set up; null: nobody asked for that. */
  enrolIn: Pool | null
  /** The session is good but for a factor more; null: there is none, or it is too old. */
  stepUp: Pick<Owing, 'pool' | 'client'> | null
  ttlSeconds: number
  context: RequestContext
}

type Beginning = { step: FlowStep; state: Partial<FlowState> }

/** Where a journey begins without a session. */
const ENTRIES: Readonly<Record<FlowRequest['screen'], FlowStep>> = {
  'sign-in': 'sign-in',
  'sign-up': 'sign-up',
  'forgot-password': 'forgot-password',
  'change-password': 'sign-in',
  'enrol-totp': 'sign-in',
  'enrol-passkey': 'sign-in',
  'connect-provider': 'sign-in',
}

const NO_SESSION = { proof: null, proofs: [], buildsOnSession: false } as const

/** What a person with a session owes beside it: the missing factor alone. Null: they begin at the sign-in page. */
const stepUpOf = async (
  { users, factors }: Pick<JourneyPorts, 'users' | 'factors'>,
  { poolId, request, sessionProof, stepUp }: OpenFlow,
): Promise<Beginning | null> => {
  if (sessionProof === null || stepUp === null) return null
  const found = await users.findBySub(poolId, sessionProof.sub)
  if (found === null) return null
  const { sub, proofs } = sessionProof
  const owed = await owedBy({ factors }, { ...stepUp, request, user: found.user, proofs, judged: null })
  return owed.kind === 'prove' || owed.kind === 'enrol' ? challenged(sub, owed, 'by-hand') : null
}

const beginning = async (
  ports: Pick<JourneyPorts, 'users' | 'factors' | 'apps'>,
  input: OpenFlow,
  now: Date,
): Promise<Beginning> => {
  const { request, sessionProof, needsConsentOnly, stepUp, enrolIn: pool } = input
  if (stepUp !== null) return (await stepUpOf(ports, input)) ?? { step: 'sign-in', state: NO_SESSION }
  if (sessionProof !== null && needsConsentOnly) return { step: 'consent', state: {} }
  if (sessionProof !== null && request.screen === 'connect-provider') return { step: 'connect-provider', state: {} }
  if (sessionProof !== null && request.screen === 'change-password') return { step: 'change-password', state: {} }
  if (sessionProof !== null && pool !== null) {
    const { sub, proofs } = sessionProof
    const asked = await askedEnrolment(ports, { pool, request, sub, proofs, now })
    return asked ?? { step: 'sign-in', state: NO_SESSION }
  }
  return { step: ENTRIES[request.screen], state: {} }
}

/**
 * Opens the journey of an interaction and announces its sign-in, so that triggers and tokens have an event id from the
 * start. Gives the secret for the browser's flow cookie; whoever knows the flow's id alone gets nowhere (attack 22).
 */
export const openFlow =
  (ports: Pick<JourneyPorts, 'flows' | 'users' | 'factors' | 'apps' | 'hashes' | 'random' | 'clock'>) =>
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
    const { step, state } = await beginning(ports, input, now)
    const flow: Flow = {
      poolId: input.poolId,
      id: input.flowId,
      clientId: input.clientId,
      secretHash: secretHash(ports.hashes, input.poolId, input.flowId, secret),
      step,
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
        passkeyChallenge: newChallenge(ports.random),
        canMakePasskeys: false,
        enrolment: null,
        judged: null,
        remembers: false,
        firstCode: null,
        departure: null,
        identity: null,
        sentAt: [],
        keepSignedIn: false,
        consented: null,
        refusal: null,
        ...state,
      },
    }
    if (!(await ports.flows.open(flow, { events: [event] }))) throw new Error('the interaction has a journey already')
    return { secret }
  }
