import { newEvent } from '../events/index.ts'
import { type CommonPasswords, type CompromisedPasswords, checkNewPassword } from '../passwords/index.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { Triggers } from '../triggers/ports.ts'
import { type AdministerUserPorts, exposureEvents, type OnUser } from './administer-user.ts'
import { attributesOfNewUser, type GivenAttributes } from './attributes.ts'
import { namesOfUser, parseUsername } from './names.ts'
import type { Attributes, PasswordHasher, StoredPassword, User } from './ports.ts'

export interface CreateUserPorts extends AdministerUserPorts {
  passwords: PasswordHasher
  commonPasswords: CommonPasswords
  compromised: CompromisedPasswords
  triggers: Pick<Triggers, 'preSignUp'>
}

export interface CreateUser extends Omit<OnUser, 'sub'> {
  /** Required where user names sign in, refused where they do not. */
  username?: string
  attributes: GivenAttributes
  /** Absent: the person chooses one through "forgot password". */
  password?: { value: string; isTemporary: boolean }
  locale?: string
}

const DAY_MS = 86_400_000

/** What a guesser knows of a person. */
export const guessableWords = (username: string, attributes: Attributes): string[] =>
  [username, ...['email', 'phone_number', 'preferred_username', 'name'].map((name) => attributes[name])].filter(
    (word): word is string => typeof word === 'string',
  )

/** A temporary password lives as long as the pool says; others live until they are changed. */
export const storedPassword = (
  pool: CreateUser['pool'],
  hash: string,
  isTemporary: boolean,
  at: Date,
): StoredPassword => ({
  hash,
  isTemporary,
  expiresAt: isTemporary ? new Date(at.getTime() + pool.settings.passwordPolicy.temporaryPasswordDays * DAY_MS) : null,
  changedAt: at,
})

const usernameOf = ({ pool, username }: CreateUser, sub: string): Result<string> => {
  if (!pool.settings.signInNames.includes('username')) {
    return username === undefined
      ? ok(sub)
      : fail('attribute-unknown', { field: 'username', because: 'no user names in this pool' })
  }
  const parsed = parseUsername(pool, username ?? '')
  return parsed === null
    ? fail(username === undefined ? 'identifier-empty' : 'identifier-format', { field: 'username' })
    : ok(parsed)
}

/**
 * An administrator makes an account, as with Cognito's AdminCreateUser: required attributes may be left to the person, and
 * addresses may be vouched for. With a temporary password the person must choose one at the first sign-in.
 *
 * Calls pre sign-up. Fails with `identifier-*`, `attribute-*`, `new-password-*`, `name-taken` or `trigger-refused`.
 */
export const createUser =
  (ports: CreateUserPorts) =>
  async (input: CreateUser): Promise<Result<User>> => {
    const { pool, by, password } = input
    const sub = ports.random.uuid()
    const username = usernameOf(input, sub)
    if (!username.ok) return username
    const attributes = attributesOfNewUser(pool.settings, input.attributes, { kind: 'administrator' })
    if (!attributes.ok) return attributes
    const names = namesOfUser(pool, username.value, attributes.value)
    if (!names.ok) return names
    if (names.value.length === 0)
      return fail('attribute-missing', {
        field: pool.settings.signInNames[0] ?? 'email',
        because: 'nothing to sign in with',
      })
    const checked =
      password === undefined
        ? null
        : await checkNewPassword(ports)({
            pool,
            password: password.value,
            context: guessableWords(username.value, attributes.value),
            replaces: null,
            occasion: 'signUp',
          })
    if (checked !== null && !checked.ok) return checked

    const now = ports.clock.now()
    const event = newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'user.created',
      outcome: 'success',
      sub,
      context: by.context,
      detail: { act: 'create', by: by.name },
    })
    const answer = await ports.triggers.preSignUp({
      source: 'admin-create',
      poolId: pool.id,
      clientId: null,
      eventId: event.id,
      username: username.value,
      attributes: attributes.value,
      locale: pool.settings.defaultLocale,
      clientMetadata: {},
    })
    if (!answer.ok) return answer

    const hash = checked === null ? null : await ports.passwords.hash(checked.value)
    const user: User = {
      poolId: pool.id,
      sub,
      username: username.value,
      status: password?.isTemporary ? 'FORCE_CHANGE_PASSWORD' : 'CONFIRMED',
      enabled: true,
      attributes: attributes.value,
      sessionsValidAfter: now,
      createdAt: now,
      updatedAt: now,
      lastSignInAt: null,
      preferredFactor: null,
      deleteAfter: null,
    }
    const stored = hash === null ? null : storedPassword(pool, hash, password?.isTemporary === true, now)
    const exposed = exposureEvents(ports, { pool, sub, by }, checked?.exposure ?? null)
    return ports.writer.create({ user, names: names.value, password: stored }, { events: [event, ...exposed] })
  }
