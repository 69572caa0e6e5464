import type { AuthEvent, EventType } from '#core/events/index.ts'
import { deviceNameOf } from './agent.ts'
import type { StoredRisk } from './stored-risk.ts'

/** What the person or an administrator said of it. */
export interface StoredFeedback {
  value: 'valid' | 'invalid'
  by: string
  at: Date
}

/** The columns of an event that threat protection fills; null where it had nothing to do with the act. */
export interface RiskColumns {
  deviceId: string | null
  place: { country: string; city: string | null } | null
  risk: StoredRisk | null
  feedback: StoredFeedback | null
}

export type JudgedEvent = Omit<AuthEvent, keyof RiskColumns> & Partial<RiskColumns>

/** Item of `AuthEvents` in the answer to `AdminListUserAuthEvents`; dates in epoch seconds, as the JSON protocol has them. */
export interface CognitoAuthEvent {
  EventId: string
  EventType: 'SignIn' | 'SignUp' | 'ForgotPassword' | 'PasswordChange' | 'ResendCode'
  CreationDate: number
  EventResponse: 'Pass' | 'Fail' | 'InProgress'
  EventRisk: {
    RiskDecision: 'NoRisk' | 'AccountTakeover' | 'Block'
    RiskLevel?: 'Low' | 'Medium' | 'High'
    CompromisedCredentialsDetected: boolean
  }
  ChallengeResponses: { ChallengeName: 'Password' | 'Mfa'; ChallengeResponse: 'Success' | 'Failure' }[]
  EventContextData: { IpAddress?: string; DeviceName: string; City?: string; Country?: string }
  EventFeedback?: { FeedbackValue: 'Valid' | 'Invalid'; Provider: string; FeedbackDate: number }
}

/** Cognito's history knows five kinds of act; everything else we write down is not in it. */
const TYPES: Partial<Record<EventType, CognitoAuthEvent['EventType']>> = {
  sign_in: 'SignIn',
  sign_up: 'SignUp',
  'recovery.started': 'ForgotPassword',
  'recovery.completed': 'ForgotPassword',
  'password.changed': 'PasswordChange',
  'code.sent': 'ResendCode',
}
export const COGNITO_EVENT_TYPES = Object.keys(TYPES) as readonly EventType[]

const RESPONSES = { success: 'Pass', failure: 'Fail', 'in-progress': 'InProgress' } as const
const LEVELS = { none: undefined, low: 'Low', medium: 'Medium', high: 'High' } as const
const VALUES = { valid: 'Valid', invalid: 'Invalid' } as const

const epochSeconds = (at: Date): number => at.getTime() / 1000

const riskOf = ({ risk }: JudgedEvent, isPasswordExposed: boolean): CognitoAuthEvent['EventRisk'] => {
  const level = LEVELS[risk?.level ?? 'none']
  const isBlocked = risk?.decision === 'block'
  return {
    RiskDecision: isBlocked ? 'Block' : level === undefined ? 'NoRisk' : 'AccountTakeover',
    ...(level === undefined ? {} : { RiskLevel: level }),
    CompromisedCredentialsDetected: isPasswordExposed,
  }
}

/** Methods of RFC 8176 in `detail.amr`, separated by spaces; the password comes first, whatever else was shown. */
const challengesOf = ({ type, outcome, reason, detail }: JudgedEvent): CognitoAuthEvent['ChallengeResponses'] => {
  if (type !== 'sign_in') return []
  const methods = typeof detail.amr === 'string' ? detail.amr.split(' ').filter(Boolean) : []
  const isPasswordRight = methods.includes('pwd')
  const others = methods.filter((method) => method !== 'pwd' && method !== 'mfa')
  const isWrongPassword = outcome === 'failure' && !isPasswordRight && reason === 'wrong-credentials'
  return [
    ...(isPasswordRight ? [{ ChallengeName: 'Password', ChallengeResponse: 'Success' } as const] : []),
    ...(isWrongPassword ? [{ ChallengeName: 'Password', ChallengeResponse: 'Failure' } as const] : []),
    ...(others.length > 0 ? [{ ChallengeName: 'Mfa', ChallengeResponse: 'Success' } as const] : []),
    ...(isPasswordRight && outcome === 'failure' && others.length === 0 && reason?.startsWith('code-') === true
      ? [{ ChallengeName: 'Mfa', ChallengeResponse: 'Failure' } as const]
      : []),
  ]
}

/**
 * One event as Cognito's history shows it; null for acts that Cognito's history does not have.
 *
 * @param isPasswordExposed whether the same journey wrote `credentials.compromised`: Cognito has no event of its own for that
 */
export const toCognitoAuthEvent = (event: JudgedEvent, isPasswordExposed = false): CognitoAuthEvent | null => {
  const type = TYPES[event.type]
  if (type === undefined) return null
  const { place, feedback } = event
  return {
    EventId: event.id,
    EventType: type,
    CreationDate: epochSeconds(event.createdAt),
    EventResponse: RESPONSES[event.outcome],
    EventRisk: riskOf(event, isPasswordExposed),
    ChallengeResponses: challengesOf(event),
    EventContextData: {
      ...(event.ip === null ? {} : { IpAddress: event.ip }),
      DeviceName: deviceNameOf(event.userAgent),
      ...(place?.city == null ? {} : { City: place.city }),
      ...(place == null
        ? {}
        : { Country: new Intl.DisplayNames('en', { type: 'region' }).of(place.country) ?? place.country }),
    },
    ...(feedback == null
      ? {}
      : {
          EventFeedback: {
            FeedbackValue: VALUES[feedback.value],
            Provider: feedback.by,
            FeedbackDate: epochSeconds(feedback.at),
          },
        }),
  }
}
