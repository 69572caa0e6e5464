import type { AuthEvent, EventType } from '../events/index.ts'
import { fail, type Result } from '../shared/result.ts'
import type { Doer } from './doer.ts'
import type { AccountPorts } from './ports.ts'

/** How far back the person's own list goes. Days. */
const ACTIVITY_DAYS = 90
const DAY_MS = 86_400_000
/** Rows of one page. */
export const ACTIVITY_ROWS = 50

/** What concerns a person, by what they would look for. */
export const ACTIVITY_KINDS = {
  'sign-ins': ['sign_in', 'sign_out', 'sign_out.everywhere'],
  changes: [
    'password.changed',
    'identity.linked',
    'identity.unlinked',
    'factor.enrolled',
    'factor.removed',
    'factor.changed',
    'factor.reset',
    'recovery_codes.made',
    'recovery_code.used',
    'factor_recovery.requested',
    'factor_recovery.cancelled',
    'factor_recovery.completed',
    'device.remembered',
    'device.forgotten',
    'consent.granted',
    'consent.revoked',
    'contact.change_asked',
    'contact.changed',
    'contact.change_undone',
    'deletion.asked',
    'deletion.undone',
    'export.asked',
    'export.downloaded',
    'user.updated',
    'user.created',
    'sign_up.confirmed',
    'recovery.completed',
    'user.disabled',
    'user.enabled',
  ],
} as const satisfies Record<string, readonly EventType[]>
export type ActivityKind = keyof typeof ACTIVITY_KINDS

/** A filter as it was asked for by address; null: none of ours, everything is shown. */
export const activityKind = (typed: string | null): ActivityKind | null =>
  typed !== null && Object.hasOwn(ACTIVITY_KINDS, typed) ? (typed as ActivityKind) : null

/** The person's events of ninety days, the newest first; a sign-in that somebody merely began is none. */
export const ownActivity =
  ({ history, clock }: Pick<AccountPorts, 'history' | 'clock'>) =>
  async (
    { pool, sub }: Pick<Doer, 'pool' | 'sub'>,
    kind: ActivityKind | null,
    limit: number = ACTIVITY_ROWS,
  ): Promise<readonly AuthEvent[]> => {
    const types = kind === null ? Object.values(ACTIVITY_KINDS).flat() : ACTIVITY_KINDS[kind]
    const oldest = clock.now().getTime() - ACTIVITY_DAYS * DAY_MS
    const { events } = await history.list(pool.id, sub, { types }, null, limit)
    return events.filter(({ createdAt, outcome }) => createdAt.getTime() >= oldest && outcome !== 'in-progress')
  }

/**
 * "This wasn't me": notes it on the sign-in, lets the person's profile learn from it, and signs out everywhere but here.
 * Fails with `sign-in-missing`, also for somebody else's, and with `sign-in-answered`.
 */
export const disownSignIn =
  ({ answerSignIn }: Pick<AccountPorts, 'answerSignIn'>) =>
  ({ pool, sub, sessionId, context }: Doer, eventId: string): Promise<Result<void>> =>
    eventId === ''
      ? Promise.resolve(fail('sign-in-missing'))
      : answerSignIn({ poolId: pool.id, sub, eventId, value: 'invalid', administrator: null, context }, sessionId)
