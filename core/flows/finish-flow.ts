import type { AppClient } from '../clients/client-settings.ts'
import { isRegisteredCallback } from '../clients/index.ts'
import { type AuthEvent, newEvent } from '../events/index.ts'
import type { Factor, FactorStore } from '../factors/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { NewMessage } from '../shared/alongside.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { StoredPassword, User, UserDirectory, UserWriter } from '../users/ports.ts'
import { askAboutSignIn, type QuestionPorts } from './ask-about-sign-in.ts'
import type { Flow, Proof } from './flow.ts'
import { demandOn } from './owed.ts'
import type { FlowStore } from './ports.ts'
import { isPasswordReplaced } from './replaced-password.ts'
import { type DeviceCookie, type SettlePorts, settleSignIn } from './settle-sign-in.ts'

/** A journey at its end, and what the account and the app are now. */
export interface EndingJourney {
  pool: Pool
  flow: Pick<Flow, 'state' | 'createdAt'>
  /** Null: nobody was proven, or they are gone. */
  user: User | null
  /** Theirs, as it is now. */
  password: Pick<StoredPassword, 'changedAt'> | null
  /** Null: gone or disabled. */
  client: AppClient | null
  /** What the person can prove now. */
  factors: readonly Factor[]
}

/** What a sign-in is made of. */
export interface ProvenJourney {
  proof: Proof
  user: User
  client: AppClient
}

/** Whether everything of this person was ended after the proof. A session's own time is in whole seconds. */
export const isCutOff = (proof: Proof, validAfter: Date): boolean =>
  proof.isFromSession === true
    ? Math.floor(validAfter.getTime() / 1000) * 1000 > proof.authenticatedAt
    : validAfter.getTime() > proof.authenticatedAt

/**
 * The last word before a sign-in: what was proven against what the account and the app are now. Every demand on a finished
 * journey stands here, whatever its steps have checked on the way; nothing is issued without it.
 *
 * Fails with `consent-refused` when the person said no, with `account-closing` (`until`: epoch milliseconds) for who asked to be
 * deleted, else with `flow-expired`; `because` says to the log what changed.
 */
export const mayFinish = ({ pool, flow, user, password, client, factors }: EndingJourney): Result<ProvenJourney> => {
  const { proof, refusal, request } = flow.state
  const over = (because: string): Result<never> => fail('flow-expired', { because })
  if (refusal !== null) return fail('consent-refused')
  if (proof === null) return over('nothing was proven')
  if (user === null || user.sub !== proof.sub) return over('the account is gone')
  if (!user.enabled || user.status === 'DELETING') return over('the account is disabled')
  if (isCutOff(proof, user.sessionsValidAfter)) return over('signed out everywhere since the proof')
  if (isPasswordReplaced(flow, password)) return over('the password was replaced since the proof')
  if (client === null || !client.enabled) return over('the app is gone or disabled')
  // An address that was taken off the list since the request gets no code any more.
  if (!isRegisteredCallback(client.settings, request.redirectUri)) return over('the callback address is not registered')
  // Asked once more of what the pool, the app and the account demand at this moment, and of proofs alone (attack 49).
  if (proof.isFromSession !== true) {
    const owed = demandOn({ pool, client, request, user, proofs: proof.proofs, judged: flow.state.judged }, factors)
    if (owed.kind !== 'met') return over('a second factor is owed')
    if (flow.state.judged?.effect === 'block') return over('the sign-in was stopped')
    if (flow.state.owedPassword !== null) return over('a new password is owed')
  }
  // Proven like for any sign-in, and led to the page that keeps the account instead of to the app.
  if (user.deleteAfter !== null)
    return fail('account-closing', { sub: user.sub, params: { until: user.deleteAfter.getTime() } })
  return ok({ proof, user, client })
}

export interface FinishPorts {
  flows: Pick<FlowStore, 'finish'>
  users: Pick<UserDirectory, 'findBySub'>
  factors: Pick<FactorStore, 'list'>
  writer: Pick<UserWriter, 'update'>
  /** Read at each use: null when gone or disabled. */
  clients: { find(poolId: string, clientId: string): Promise<AppClient | null> }
  clock: Clock
  random: Random
  /** What a completed sign-in leaves behind: the browser, and the person's habits. */
  settle: SettlePorts
  /** "Was this you?" */
  question: QuestionPorts
}

export interface Finished<Ready> {
  ready: Ready
  /** To be given to the browser; null: nothing new. */
  device: DeviceCookie | null
}

export interface FinishFlow<Ready> {
  pool: Pool
  flow: Flow
  context: RequestContext
  /** Makes ready at the protocol what the sign-in will need. Called only for who may finish, while the journey still stands. */
  prepare(proven: ProvenJourney): Promise<Ready>
}

/**
 * Ends a journey, once, with its event in the same transaction: a sign-in, or a refusal. Of two that arrive together one
 * gets the journey's outcome.
 *
 * Fails as `mayFinish` does, and with `flow-expired` when somebody else was first. No failure leaves a journey behind.
 */
export const finishFlow =
  ({ flows, users, factors, writer, clients, clock, random, settle, question }: FinishPorts) =>
  async <Ready>({ pool, flow, context, prepare }: FinishFlow<Ready>): Promise<Result<Finished<Ready>>> => {
    const now = clock.now()
    const { proof, eventId, consented, judged } = flow.state
    /** True for exactly one caller. */
    const end = (
      about: Pick<AuthEvent, 'outcome'> & Partial<Pick<AuthEvent, 'reason' | 'detail'>>,
      messages: readonly NewMessage[] = [],
    ): Promise<boolean> =>
      flows.finish(pool.id, flow.id, {
        messages,
        events: [
          newEvent(random, now, {
            id: eventId,
            poolId: pool.id,
            type: 'sign_in',
            sub: proof?.sub ?? null,
            clientId: flow.clientId,
            flowId: flow.id,
            context,
            deviceId: judged?.deviceId ?? null,
            place: judged?.place ?? null,
            risk: judged?.risk ?? null,
            ...about,
          }),
        ],
      })
    const taken: Result<never> = fail('flow-expired', { because: 'finished already' })

    const [found, enrolled, client] = await Promise.all([
      proof === null ? null : users.findBySub(pool.id, proof.sub),
      proof === null ? [] : factors.list(pool.id, proof.sub),
      clients.find(pool.id, flow.clientId),
    ])
    const proven = mayFinish({
      pool,
      flow,
      user: found?.user ?? null,
      password: found?.password ?? null,
      client,
      factors: enrolled,
    })
    if (!proven.ok) {
      const { code, because } = proven.failure
      const isOurs = await end({
        outcome: 'failure',
        reason: code,
        ...(because === undefined ? {} : { detail: { because } }),
      })
      return isOurs ? proven : taken
    }
    const { user, client: app, proof: made } = proven.value
    const ready = await prepare(proven.value)
    const signedIn = await writer.update(
      pool.id,
      user.sub,
      // A sign-in changes nothing about the person: OpenID Connect Core §5.1 `updated_at` stays.
      { lastSignInAt: now, at: user.updatedAt },
      { events: [] },
    )
    if (!signedIn.ok) {
      await end({ outcome: 'failure', reason: 'flow-expired', detail: { because: 'the account is gone' } })
      return fail('flow-expired', { because: 'the account is gone' })
    }
    // One that goes on with a session is no sign-in of its own: nothing is learnt from it, and nobody asked about it.
    const isSignIn = made.isFromSession !== true
    const asked =
      isSignIn && judged?.notify === true
        ? await askAboutSignIn(question, {
            ...proven.value,
            pool,
            judged,
            about: 'completed',
            eventId,
            context,
            now,
          })
        : null
    const won = await end(
      { outcome: 'success', detail: { amr: made.amr.join(' '), consented: consented !== null } },
      asked === null ? [] : [asked],
    )
    if (!won) return taken
    const device = isSignIn
      ? await settleSignIn(settle, { pool, client: app, flow, sub: user.sub, context, now })
      : null
    return ok({ ready, device })
  }
