import { newEvent } from '../events/index.ts'
import type { MessageComposer } from '../messages/index.ts'
import { newSixDigitCode } from '../shared/ids.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type AdministerUserPorts, eventBy, mustFind, type OnUser } from './administer-user.ts'
import type { RecoveryCodes, User } from './ports.ts'
import { type Channel, destinationOf, localeOf } from './reach-user.ts'

export interface ResetPasswordPorts extends AdministerUserPorts {
  messages: MessageComposer
  codes: RecoveryCodes
}

/**
 * Makes a password unusable until the person has chosen another one, ends their sessions, and sends them a code for that.
 * As Cognito's AdminResetUserPassword: only who has a password and a proven address can be reset.
 *
 * Two transactions, the deciding one first: should the second fail, the old password is out of use already and asking
 * again sends another code. Fails with `user-missing`, `state-refused`, `attribute-missing` or `trigger-refused`.
 */
export const resetPassword =
  (ports: ResetPasswordPorts) =>
  async (input: OnUser): Promise<Result<{ user: User; channel: Channel }>> => {
    const { pool, sub, by } = input
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const { user } = found.value
    if (user.status !== 'CONFIRMED' && user.status !== 'RESET_REQUIRED')
      return fail('state-refused', { because: user.status })
    const destination = destinationOf(user.attributes, 'only-proven')
    if (destination === null)
      return fail('attribute-missing', { field: 'email', because: 'no proven address to send a code to' })

    const now = ports.clock.now()
    const minutes = pool.settings.codes.recoveryMinutes
    const expiresAt = new Date(now.getTime() + minutes * 60_000)
    const codePlain = newSixDigitCode(ports.random)
    const sent = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'code.sent',
      outcome: 'success',
      sub,
      context: by.context,
      detail: { purpose: 'recovery', channel: destination.channel, by: by.name },
    })
    const message = await ports.messages.compose({
      pool,
      client: null,
      purpose: 'recovery-code',
      to: destination,
      locale: localeOf(pool, user.attributes),
      eventId: sent.id,
      user,
      facts: { code: codePlain, minutes },
      expiresAt,
    })
    if (!message.ok) return message

    const change = { status: 'RESET_REQUIRED', sessionsValidAfter: now, at: now } as const
    const reset = await ports.writer.update(
      pool.id,
      sub,
      change,
      eventBy(ports, input, 'recovery.started', 'reset-password'),
    )
    if (!reset.ok) return reset
    await ports.codes.issue(
      { poolId: pool.id, sub, to: destination, codePlain, at: now, expiresAt },
      { events: [sent], messages: [message.value] },
    )
    return ok({ user: reset.value, channel: destination.channel })
  }
