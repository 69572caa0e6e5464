import { type AnswerPorts, answerSignInQuestion, type FeedbackValue } from '../risk/index.ts'
import type { Result } from '../shared/result.ts'
import { type AdministerUserPorts, type OnUser, signOutEverywhere } from '../users/index.ts'

export type AdministerSignInsPorts = AdministerUserPorts &
  Pick<AnswerPorts, 'history' | 'feedback' | 'profiles' | 'devices'>

export interface JudgeSignIn extends OnUser {
  eventId: string
  value: FeedbackValue
}

/**
 * Says in somebody's stead whether a sign-in was theirs (Cognito: AdminUpdateAuthEventFeedback). A "no" does what the
 * person's own does. Fails as `answerSignInQuestion` does.
 */
export const judgeSignInOf =
  (ports: AdministerSignInsPorts) =>
  ({ pool, sub, by, eventId, value }: JudgeSignIn): Promise<Result<void>> =>
    answerSignInQuestion({
      ...ports,
      signOut: () => signOutEverywhere(ports)({ pool, sub, by }),
      // Counted where people answer; an administrator's process ends with the act.
      riskWatch: { answered: () => undefined },
    })({ poolId: pool.id, sub, eventId, value, administrator: by.name, context: by.context })
