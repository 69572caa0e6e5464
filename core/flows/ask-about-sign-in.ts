import type { AppClient } from '../clients/client-settings.ts'
import { BUDGETS } from '../limits/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { agentOf } from '../risk/index.ts'
import type { NewMessage } from '../shared/alongside.ts'
import { newBearerSecret } from '../shared/ids.ts'
import { placeName } from '../shared/place-name.ts'
import type { RequestContext } from '../shared/ports.ts'
import { destinationOf, localeOf } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { JudgedSignIn } from './flow.ts'
import type { JourneyPorts, NewCode } from './ports.ts'
import { linkHash } from './send-code.ts'

/** How long the question can be answered. */
const QUESTION_DAYS = 7
const DAY_MINUTES = 24 * 60

export type QuestionPorts = Pick<
  JourneyPorts,
  'attempts' | 'codes' | 'messages' | 'links' | 'hashes' | 'riskWatch' | 'random'
>

export interface SignInToAskAbout {
  pool: Pool
  client: AppClient
  user: User
  judged: JudgedSignIn
  about: 'completed' | 'blocked'
  /** Event that the answer is noted on. */
  eventId: string
  context: RequestContext
  now: Date
}

/** What a question is bound to: the person, and the one sign-in. */
const questionSubject = (sub: string, eventId: string): string => `user:${sub}:${eventId}`

/** The person and the event of a question's subject; null for a subject of something else. */
export const questionOf = (subject: string): { sub: string; eventId: string } | null => {
  const [kind, sub, eventId, ...rest] = subject.split(':')
  if (kind !== 'user' || sub === undefined || eventId === undefined || rest.length > 0) return null
  return { sub, eventId }
}

/**
 * "Was this you?" by mail: the message, for the transaction of the sign-in that it asks about. The link behind it is stored
 * before; should the sign-in then not come about, it leads nowhere, and nobody has it.
 *
 * Null where there is nobody to ask: no mail address, or enough questions in this hour. By mail alone, as in Cognito: an SMS
 * for whoever knows a password could be pumped.
 */
export const askAboutSignIn = async (ports: QuestionPorts, asking: SignInToAskAbout): Promise<NewMessage | null> => {
  const { pool, client, user, judged, about, eventId, context, now } = asking
  const to = destinationOf(user.attributes, 'proven-first', 'email')
  if (to === null) return null
  const budget = await ports.attempts.take(pool.id, 'tell.sign-in', user.sub, BUDGETS['tell.sign-in'], now)
  if (budget.isSpent) return null

  const token = newBearerSecret(ports.random)
  const expiresAt = new Date(now.getTime() + QUESTION_DAYS * DAY_MINUTES * 60_000)
  const subject = questionSubject(user.sub, eventId)
  const code: NewCode = {
    id: ports.random.uuidAt(now),
    poolId: pool.id,
    purpose: 'sign-in-question',
    subject,
    // There is no code to type: nobody knows what this is the hash of.
    codeHash: ports.hashes.of('one-time-code', `sign-in-question|${subject}|${newBearerSecret(ports.random)}`),
    linkHash: linkHash(ports, pool.id, token),
    flowId: null,
    createdAt: now,
    expiresAt,
  }
  const locale = localeOf(pool, user.attributes)
  const place = placeName(judged.place, locale)
  const device = agentOf(context.userAgent)
  const message = await ports.messages.compose({
    pool,
    client,
    purpose: about === 'blocked' ? 'blocked-sign-in' : 'new-sign-in',
    to,
    locale,
    eventId,
    user,
    facts: {
      at: now,
      ...(place === null ? {} : { place }),
      ...(device === null ? {} : { device }),
      answerLink: `${ports.links.base(pool.id)}/wasThisYou?token=${token}`,
      minutes: QUESTION_DAYS * DAY_MINUTES,
    },
    expiresAt,
  })
  // A mail that cannot be made must not decide whether somebody gets in.
  if (!message.ok) return null
  await ports.codes.issue(code, { events: [] })
  ports.riskWatch.asked(about)
  return message.value
}
