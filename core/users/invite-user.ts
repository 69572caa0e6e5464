import type { AppClient } from '../clients/client-settings.ts'
import { newEvent } from '../events/index.ts'
import type { MessageComposer } from '../messages/index.ts'
import { temporaryPassword } from '../passwords/index.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { type AdministerUserPorts, mustFind, type OnUser } from './administer-user.ts'
import { storedPassword } from './create-user.ts'
import type { PasswordHasher, User } from './ports.ts'
import { type Channel, destinationOf, localeOf, shownName } from './reach-user.ts'

export interface InviteUserPorts extends AdministerUserPorts {
  passwords: PasswordHasher
  messages: MessageComposer
}

export interface InviteUser extends OnUser {
  /** Absent: mail before SMS. */
  channel?: Channel
  /** The app in whose name it is sent, and where its sign-in begins. */
  client?: AppClient
}

/**
 * Sends someone who has not chosen a password yet a new temporary one, by mail or SMS; the one before stops working. It is
 * in the message and nowhere else: nobody else sees it.
 *
 * Fails with `user-missing`; `state-refused` for someone who has a password of their own; `attribute-missing` when there is
 * no address for it; `trigger-refused`.
 */
export const inviteUser =
  (ports: InviteUserPorts) =>
  async (input: InviteUser): Promise<Result<{ user: User; channel: Channel }>> => {
    const { pool, sub, by, client = null } = input
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const { user, password: present } = found.value
    const isNew = user.status === 'FORCE_CHANGE_PASSWORD' || (user.status === 'CONFIRMED' && present === null)
    if (!isNew) return fail('state-refused', { because: user.status })
    const destination = destinationOf(user.attributes, 'any', input.channel)
    if (destination === null)
      return fail('attribute-missing', { field: input.channel === 'sms' ? 'phone_number' : 'email' })

    const now = ports.clock.now()
    const event = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'user.invited',
      outcome: 'success',
      sub,
      context: by.context,
      detail: { channel: destination.channel, by: by.name },
    })
    const plain = temporaryPassword(ports.random, pool.settings)
    const password = storedPassword(pool, await ports.passwords.hash(plain), true, now)
    const message = await ports.messages.compose({
      pool,
      client,
      purpose: 'invitation',
      to: destination,
      locale: localeOf(pool, user.attributes),
      eventId: event.id,
      user,
      facts: {
        username: shownName(pool, user),
        temporaryPassword: plain,
        minutes: pool.settings.passwordPolicy.temporaryPasswordDays * 24 * 60,
      },
      expiresAt: password.expiresAt,
    })
    if (!message.ok) return message
    const written = await ports.writer.setPassword(
      pool.id,
      sub,
      { password, status: 'FORCE_CHANGE_PASSWORD', historySize: pool.settings.passwordPolicy.historySize, at: now },
      { events: [event], messages: [message.value] },
    )
    return written.ok ? ok({ user: written.value, channel: destination.channel }) : written
  }
