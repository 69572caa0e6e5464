import { newEvent } from '../events/index.ts'
import type { User } from '../users/ports.ts'
import { askAboutSignIn, type QuestionPorts } from './ask-about-sign-in.ts'
import type { JudgedSignIn } from './flow.ts'
import type { JourneyPorts } from './ports.ts'
import { moved, type StepAnswer, type StepInput } from './step-handler.ts'
import { droppedByEntry } from './steps.ts'

/**
 * A sign-in that is stopped to protect the account: nothing of the proofs stays, the page says a reference and no reason, and
 * the attempt is an event of its own, which a later sign-in of the same journey does not write over. The owner is asked
 * about it where the pool wants that.
 */
export const blocked = async (
  ports: Pick<JourneyPorts, 'events'> & QuestionPorts,
  { flow, pool, client, context, now }: StepInput,
  user: User,
  judged: JudgedSignIn,
): Promise<StepAnswer> => {
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'sign_in',
    outcome: 'failure',
    reason: 'risk-blocked',
    sub: judged.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    deviceId: judged.deviceId,
    place: judged.place,
    risk: judged.risk,
    detail: { blocked: true },
  })
  const question = judged.notify
    ? await askAboutSignIn(ports, { pool, client, user, judged, about: 'blocked', eventId: event.id, context, now })
    : null
  await ports.events.write({ events: [event], messages: question === null ? [] : [question] })
  return moved('blocked', { ...droppedByEntry, judged })
}
