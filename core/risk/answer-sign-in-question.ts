import { type EventHistory, newEvent } from '../events/index.ts'
import type { DeviceStore } from '../factors/ports.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type FeedbackValue, feedback, type JudgedSignIn } from './feedback.ts'
import type { ProfileStore, RiskWatch, SignInFeedback } from './ports.ts'
import { readProfile } from './profile.ts'

/** Says of one sign-in whether it was the person's own. */
export interface SignInAnswer {
  poolId: string
  sub: string
  /** Id of the sign-in's event; tokens carry it as `event_id`. */
  eventId: string
  value: FeedbackValue
  /** Name of the administrator who says it; null: the person. */
  administrator: string | null
  /** Of the request that brought the answer; null where none did. */
  context: RequestContext | null
}

export interface AnswerPorts {
  history: Pick<EventHistory, 'find'>
  feedback: SignInFeedback
  profiles: ProfileStore
  devices: Pick<DeviceStore, 'forget'>
  /**
   * Ends the person's sessions, with an event of its own: all of them, or all but the one that the answer came from. Fails
   * with `user-missing`.
   */
  signOut(who: {
    poolId: string
    sub: string
    clientId: string | null
    context: RequestContext | null
  }): Promise<Result<unknown>>
  riskWatch: Pick<RiskWatch, 'answered'>
  random: Random
  clock: Clock
}

/** Tries at a profile that a sign-in of the person is writing at the same moment. */
const MOST_TRIES = 3

/** What the next sign-ins are held against. An answer whose lesson is lost to three sign-ins at once is still an answer. */
const adjustProfile = async (
  { profiles, clock }: Pick<AnswerPorts, 'profiles' | 'clock'>,
  { poolId, sub, value }: SignInAnswer,
  judged: JudgedSignIn,
): Promise<void> => {
  const now = clock.now()
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const stored = await profiles.find(poolId, sub)
    const profile = feedback(readProfile(stored?.profile), judged, value, now)
    if (await profiles.save(poolId, sub, profile, stored?.version ?? 0, now)) return
  }
}

/**
 * Takes the answer to "was this you?", once for each sign-in, from whoever may give it: the mail's page, the person's
 * account, an administrator (Cognito's AdminUpdateAuthEventFeedback). The profile learns from it. A "no" shuts out whoever
 * it was before it is noted, so that one which breaks off half-way can be said again: sessions end, and the browser of that
 * sign-in is forgotten.
 *
 * Fails with `sign-in-missing`, also for somebody else's; with `sign-in-answered`; and with `user-missing` for who is gone.
 */
export const answerSignInQuestion =
  (ports: AnswerPorts) =>
  async (answer: SignInAnswer): Promise<Result<void>> => {
    const { poolId, sub, eventId, value, administrator, context } = answer
    const signIn = await ports.history.find(poolId, sub, eventId)
    if (signIn?.type !== 'sign_in') return fail('sign-in-missing')
    if (signIn.feedback !== null) return fail('sign-in-answered')
    const { clientId } = signIn
    if (value === 'invalid') {
      const ended = await ports.signOut({ poolId, sub, clientId, context })
      if (!ended.ok) return ended
      const deviceId = signIn.deviceId ?? signIn.id
      const forgotten = newEvent(ports.random, ports.clock.now(), {
        poolId,
        type: 'device.forgotten',
        outcome: 'success',
        sub,
        clientId,
        context,
        deviceId,
        detail: { because: 'sign-in-disowned' },
      })
      // A sign-in that was stopped left no browser behind; there is nothing to forget then.
      await ports.devices.forget(poolId, sub, deviceId, { events: [forgotten] })
    }
    const now = ports.clock.now()
    const by = administrator ?? 'person'
    const event = newEvent(ports.random, now, {
      poolId,
      type: 'sign_in.judged',
      outcome: 'success',
      sub,
      clientId,
      context,
      detail: { signIn: eventId, value, by },
    })
    const judged = await ports.feedback.give(poolId, sub, eventId, { value, by, at: now }, { events: [event] })
    if (judged === null) return fail('sign-in-answered')
    await adjustProfile(ports, answer, judged)
    ports.riskWatch.answered(value, administrator === null ? 'person' : 'administrator')
    return ok(undefined)
  }
