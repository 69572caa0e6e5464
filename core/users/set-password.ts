import { type CommonPasswords, type CompromisedPasswords, checkNewPassword } from '../passwords/index.ts'
import type { Result } from '../shared/result.ts'
import { type AdministerUserPorts, eventBy, exposureEvents, mustFind, type OnUser } from './administer-user.ts'
import { guessableWords, storedPassword } from './create-user.ts'
import type { PasswordHasher, User } from './ports.ts'

export interface SetPasswordPorts extends AdministerUserPorts {
  passwords: PasswordHasher
  commonPasswords: CommonPasswords
  compromised: CompromisedPasswords
}

export interface SetPassword extends OnUser {
  password: string
  /** The person must choose another at the next sign-in, within the days the pool gives. */
  isTemporary: boolean
}

/**
 * Sets a password in somebody's name and ends their sessions, as Cognito's AdminSetUserPassword. History counts for a
 * permanent one. Fails with `user-missing` or `new-password-*`.
 */
export const setPassword =
  (ports: SetPasswordPorts) =>
  async (input: SetPassword): Promise<Result<User>> => {
    const { pool, sub, password, isTemporary } = input
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const { user, password: present } = found.value
    const checked = await checkNewPassword(ports)({
      pool,
      password,
      context: guessableWords(user.username, user.attributes),
      replaces: isTemporary ? null : { sub, hash: present?.isTemporary === false ? present.hash : null },
      occasion: 'passwordChange',
    })
    if (!checked.ok) return checked
    const hash = await ports.passwords.hash(checked.value)
    const now = ports.clock.now()
    const done = eventBy(ports, input, 'password.changed', isTemporary ? 'set-temporary-password' : 'set-password')
    return ports.writer.setPassword(
      pool.id,
      sub,
      {
        password: storedPassword(pool, hash, isTemporary, now),
        status: isTemporary ? 'FORCE_CHANGE_PASSWORD' : 'CONFIRMED',
        historySize: pool.settings.passwordPolicy.historySize,
        sessionsValidAfter: now,
        at: now,
      },
      { events: [...done.events, ...exposureEvents(ports, input, checked.exposure)] },
    )
  }
