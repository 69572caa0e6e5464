import { answerByLink, field, questionBehind, type SignInQuestion } from '#core/flows/index.ts'
import { agentOf, type FeedbackValue } from '#core/risk/index.ts'
import { placeName } from '#core/shared/place-name.ts'
import type { Failure } from '#core/shared/result.ts'
import { type Landed, landing } from './landing.ts'
import { portalSignIn } from './oidc/portal-session.ts'
import type { JourneyDeps } from './page-request.ts'

const ANSWERS: Readonly<Record<string, FeedbackValue>> = { yes: 'valid', no: 'invalid' }

const problemOf = ({ code }: Failure): string => (code === 'sign-in-answered' ? 'answered' : 'linkUnusable')

/** In the look of the app that somebody signed in to, and the person's own language. */
const frameOf = async (
  { clients }: Pick<JourneyDeps, 'clients'>,
  { runtime, frame }: Landed,
  { signIn, locale }: SignInQuestion,
) => {
  const found = signIn.clientId === null ? null : await clients.find(runtime.pool.id, signIn.clientId)
  return frame(found?.client ?? null, locale)
}

/** "Was this you?": two buttons. */
export const signInQuestion = landing('/wasThisYou', {
  async show(deps, landed) {
    const { runtime, token, refuse } = landed
    const asked = await questionBehind(deps.answering)(runtime.pool, token)
    if (!asked.ok) return refuse(problemOf(asked.failure))
    const { signIn } = asked.value
    const frame = await frameOf(deps, landed, asked.value)
    return {
      model: {
        kind: 'sign-in-question',
        frame,
        isBlocked: signIn.outcome === 'failure',
        at: signIn.createdAt.toISOString(),
        place: placeName(signIn.place, frame.locale),
        device: agentOf(signIn.userAgent),
        fields: { token },
      },
      status: 200,
    }
  },

  async press(deps, landed, form) {
    const { runtime, token, request, refuse } = landed
    const pressed = field(form, 'answer', 10)
    const value = Object.hasOwn(ANSWERS, pressed) ? ANSWERS[pressed] : undefined
    if (value === undefined) return refuse('badRequest')
    const { context } = request
    const answer = await answerByLink(deps.answering)({ pool: runtime.pool, token, value, context })
    if (!answer.ok) return refuse(problemOf(answer.failure))
    // Through the pool's own pages: not every app can be entered from outside.
    const newPassword = portalSignIn(runtime, 'overview', 'new-password')
    const frame = await frameOf(deps, landed, answer.value)
    return { model: { kind: 'sign-in-answered', frame, value, newPassword }, status: 200 }
  },
})
