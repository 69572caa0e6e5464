import type { StoredFeedback, StoredRisk } from '../risk/index.ts'

/** What happened, in the past tense; the list grows, names never change meaning. */
export const EVENT_TYPES = [
  'sign_in',
  'sign_in.step',
  'sign_in.judged',
  'sign_up',
  'sign_up.confirmed',
  'code.sent',
  'code.checked',
  'recovery.started',
  'recovery.completed',
  'password.changed',
  'credentials.compromised',
  'factor.enrolled',
  'factor.used',
  'factor.removed',
  'factor.changed',
  'factor.reset',
  'factor.cloned',
  'recovery_code.used',
  'recovery_codes.made',
  'factor_recovery.requested',
  'factor_recovery.cancelled',
  'factor_recovery.completed',
  'device.remembered',
  'device.forgotten',
  'federation.departed',
  'federation.returned',
  'identity.linked',
  'identity.unlinked',
  'provider.changed',
  'consent.granted',
  'consent.refused',
  'consent.revoked',
  'sign_out',
  'sign_out.everywhere',
  'sign_out.told',
  'token.issued',
  'token.refreshed',
  'token.reused',
  'token.revoked',
  'assertion.issued',
  'client.authenticated',
  'user.created',
  'user.updated',
  'user.disabled',
  'user.enabled',
  'user.deleted',
  'contact.change_asked',
  'contact.changed',
  'contact.change_undone',
  'deletion.asked',
  'deletion.undone',
  'export.asked',
  'export.made',
  'export.downloaded',
  'user.invited',
  'group.changed',
  'pool.changed',
  'client.changed',
  'theme.changed',
  'limit.reached',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** One security-relevant act. `detail` holds no secret and no personal value. */
export interface AuthEvent {
  id: string
  poolId: string
  type: EventType
  outcome: 'success' | 'failure' | 'in-progress'
  /** FailureCode, when it failed. */
  reason: string | null
  sub: string | null
  clientId: string | null
  flowId: string | null
  requestId: string | null
  ip: string | null
  userAgent: string | null
  detail: Readonly<Record<string, string | number | boolean | null>>
  count: number
  /** Browser of the person, where one is known. */
  deviceId: string | null
  place: { country: string; city: string | null } | null
  /** How a sign-in was judged. */
  risk: StoredRisk | null
  /** What the person or an administrator said of it later. */
  feedback: StoredFeedback | null
  createdAt: Date
}
