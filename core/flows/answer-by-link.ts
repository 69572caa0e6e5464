import type { AuthEvent } from '../events/event.ts'
import type { EventHistory } from '../events/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { type AnswerPorts, answerSignInQuestion, type FeedbackValue } from '../risk/index.ts'
import type { Locale } from '../shared/locales.ts'
import type { RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { localeOf } from '../users/index.ts'
import { questionOf } from './ask-about-sign-in.ts'
import type { JourneyPorts } from './ports.ts'
import { isLinkToken, linkHash } from './send-code.ts'

type QuestionPorts = Pick<JourneyPorts, 'codes' | 'users' | 'hashes' | 'clock'> & {
  history: Pick<EventHistory, 'find'>
}

/** The sign-in a mail asks about, and whom. */
export interface SignInQuestion {
  sub: string
  signIn: AuthEvent
  /** The person's. */
  locale: Locale
}

/**
 * What the link of a mail asks, without answering it. Fails with `sign-in-answered`, `code-expired`, or `link-unusable` for
 * what never was such a link of this pool, or whose person or event is gone.
 */
export const questionBehind =
  (ports: QuestionPorts) =>
  async (pool: Pool, token: string): Promise<Result<SignInQuestion>> => {
    const code = isLinkToken(token) ? await ports.codes.findByLink(pool.id, linkHash(ports, pool.id, token)) : null
    const question = code?.purpose === 'sign-in-question' ? questionOf(code.subject) : null
    if (code === null || question === null) return fail('link-unusable')
    if (code.consumedAt !== null) return fail('sign-in-answered')
    if (code.expiresAt <= ports.clock.now()) return fail('code-expired')
    const { sub, eventId } = question
    const [person, signIn] = await Promise.all([
      ports.users.findBySub(pool.id, sub),
      ports.history.find(pool.id, sub, eventId),
    ])
    if (person === null || signIn === null) return fail('link-unusable')
    // Said meanwhile from the account's pages, or by an administrator.
    if (signIn.feedback !== null) return fail('sign-in-answered')
    return ok({ sub, signIn, locale: localeOf(pool, person.user.attributes) })
  }

export interface AnswerByLink {
  pool: Pool
  token: string
  value: FeedbackValue
  context: RequestContext
}

/**
 * Answers with the button of the link's page. Holding the mail is enough to say no, and proves nothing else. Of two tabs
 * one is heard: the event takes one answer, and the link is spent with it.
 *
 * Fails as `questionBehind` does.
 */
export const answerByLink =
  (ports: QuestionPorts & AnswerPorts) =>
  async ({ pool, token, value, context }: AnswerByLink): Promise<Result<SignInQuestion>> => {
    const question = await questionBehind(ports)(pool, token)
    if (!question.ok) return question
    const { sub, signIn } = question.value
    const answered = await answerSignInQuestion(ports)({
      poolId: pool.id,
      sub,
      eventId: signIn.id,
      value,
      administrator: null,
      context,
    })
    if (!answered.ok) return answered.failure.code === 'sign-in-answered' ? answered : fail('link-unusable')
    await ports.codes.consumeByLink(pool.id, linkHash(ports, pool.id, token), ports.clock.now())
    return question
  }
