import type { StoredPassword } from '../users/ports.ts'
import type { Flow } from './flow.ts'

/**
 * Whether a password that was shown in this journey has been replaced since. Then it proves nothing any more: whoever knew
 * the old one must not come in by a journey that they left open (attack 25). What a session stands on is older than the
 * journey, and ends with the session.
 */
export const isPasswordReplaced = (
  { createdAt, state }: Pick<Flow, 'createdAt' | 'state'>,
  password: Pick<StoredPassword, 'changedAt'> | null,
): boolean =>
  password !== null &&
  state.proofs.some(({ method, at }) => method === 'password' && at >= createdAt && at < password.changedAt.getTime())
