import { newEvent } from '../events/index.ts'
import { normalisePassword } from '../passwords/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { Clock, Random, RequestContext } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { MigratedUser, TriggerCall, Triggers } from '../triggers/ports.ts'
import { attributesOfNewUser } from './attributes.ts'
import { storedPassword } from './create-user.ts'
import { namesOfUser, parseUsername } from './names.ts'
import type { NewUser, PasswordHasher, SignInName, User, UserDirectory, UserWithPassword, UserWriter } from './ports.ts'

export interface MigrateUserPorts {
  users: Pick<UserDirectory, 'findByName'>
  writer: Pick<UserWriter, 'create'>
  passwords: Pick<PasswordHasher, 'hash'>
  triggers: Pick<Triggers, 'migrateUser'>
  random: Random
  clock: Clock
}

export interface MigrateUser {
  pool: Pool
  /** What was typed, read as a name of this pool; nobody has it. */
  name: SignInName
  source: 'sign-in' | 'forgot-password'
  /** Null where none is asked for. The trigger's answer says that it was right; the pool's policy is not applied to it. */
  password: string | null
  call: TriggerCall
  context: RequestContext
}

const unusable = (because: string): Result<never> => fail('user-unknown', { because })

/** The person as the trigger described them, in this pool's terms. Fails with `user-unknown`: such a person cannot be. */
const personOf = (
  { pool, name }: MigrateUser,
  answer: MigratedUser,
  { sub, at }: { sub: string; at: Date },
): Result<Omit<NewUser, 'password'>> => {
  const hasUsernames = pool.settings.signInNames.includes('username')
  const username = hasUsernames ? parseUsername(pool, answer.username ?? name.value) : sub
  if (username === null) return unusable('migrated user: user name')
  const attributes = attributesOfNewUser(pool.settings, answer.attributes, { kind: 'administrator' })
  if (!attributes.ok) return unusable(`migrated user: ${attributes.failure.code} ${attributes.failure.field ?? ''}`)
  const names = namesOfUser(pool, username, attributes.value)
  // Else the next sign-in would find nobody again, and bring the same person a second time.
  if (!names.ok || !names.value.some(({ value }) => value === name.value)) {
    return unusable('migrated user: does not have the name that was typed, or has not proven it')
  }
  const user: User = {
    poolId: pool.id,
    sub,
    username,
    status: answer.status,
    enabled: true,
    attributes: attributes.value,
    sessionsValidAfter: at,
    createdAt: at,
    updatedAt: at,
    lastSignInAt: null,
    preferredFactor: null,
    deleteAfter: null,
  }
  return ok({ user, names: names.value })
}

/**
 * Asks the owner's migrate-user trigger about a name nobody has, and takes the person in whom it knows: names, attributes
 * and, at a sign-in, the password just typed. How long a trigger takes tells that the name was unknown here: its owner's price.
 *
 * Fails with `user-unknown` when the trigger knows nobody, refuses, or describes someone who cannot be in this pool;
 * `because` tells the owner which. Of two at once one takes the person in and both find them.
 * @see Cognito "Migrate user Lambda trigger": an error of the trigger means an unknown user, too
 */
export const migrateUser =
  (ports: MigrateUserPorts) =>
  async (input: MigrateUser): Promise<Result<UserWithPassword>> => {
    const { pool, name, source, password, call, context } = input
    const answer = await ports.triggers.migrateUser({ ...call, source, password })
    if (!answer.ok) return unusable('migrate-user trigger refused')
    if (answer.value === null) return fail('user-unknown')
    const at = ports.clock.now()
    const sub = ports.random.uuid()
    const person = personOf(input, answer.value, { sub, at })
    if (!person.ok) return person
    const typed = password === null ? null : normalisePassword(password)
    const stored = typed === null ? null : storedPassword(pool, await ports.passwords.hash(typed), false, at)
    const created = await ports.writer.create(
      { ...person.value, password: stored },
      {
        events: [
          newEvent(ports.random, at, {
            poolId: pool.id,
            type: 'user.created',
            outcome: 'success',
            sub,
            clientId: call.clientId,
            context,
            detail: { act: 'migrate', source },
          }),
        ],
      },
    )
    if (created.ok) return ok({ user: created.value, password: stored })
    const first = await ports.users.findByName(pool.id, name.value)
    return first === null ? unusable('migrated user: another name is taken') : ok(first)
  }
