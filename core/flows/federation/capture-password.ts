import { newEvent } from '../../events/index.ts'
import { type IdentityProvider, isMadeByDirectory, type MappedProfile } from '../../federation/index.ts'
import { normalisePassword } from '../../passwords/index.ts'
import { namesOfUser } from '../../users/index.ts'
import type { SignInName, User } from '../../users/ports.ts'
import type { JourneyPorts } from '../ports.ts'
import type { StepInput } from '../step-handler.ts'

interface Capture {
  provider: IdentityProvider
  user: User
  profile: MappedProfile
  /** The directory has just taken it. */
  password: string
}

const PROVEN_BY: Readonly<Record<string, string>> = { email: 'email_verified', phone_number: 'phone_number_verified' }

/** Names that the account will sign in by once the directory is gone: of the addresses, those that the directory is believed about. */
const namesToGive = ({ pool }: StepInput, { user, profile }: Capture): readonly SignInName[] => {
  const believed = Object.fromEntries(
    Object.entries(user.attributes).filter(([name]) => {
      const flag = PROVEN_BY[name]
      return flag === undefined || profile.attributes[flag] === true || user.attributes[flag] === true
    }),
  )
  const names = namesOfUser(pool, user.username, believed)
  return names.ok ? names.value : []
}

/** One after the other: a name that somebody has keeps nobody from having the others. */
const giveNames = async (ports: JourneyPorts, input: StepInput, capture: Capture): Promise<User> => {
  const { pool, now } = input
  let [user, given]: [User, readonly SignInName[]] = [capture.user, []]
  for (const name of namesToGive(input, capture)) {
    const wanted = [...given, name]
    const updated = await ports.writer.update(pool.id, user.sub, { names: wanted, at: now }, { events: [] })
    if (updated.ok) [user, given] = [updated.value, wanted]
  }
  return user
}

/**
 * Keeps here a password that a directory took, so that the directory can be left one day: the hash in the ordinary way, status
 * CONFIRMED, and the pool's names where they are free. Neither policy nor exposure is looked at: the password is the directory's.
 *
 * Only for an account that the directory made, where its settings say so: whoever has an account of their own keeps their own
 * password. While the directory is switched on the password opens nothing here (`directoryOfPerson`).
 */
export const capturePassword = async (ports: JourneyPorts, input: StepInput, capture: Capture): Promise<User> => {
  const { provider, user, password: typed } = capture
  const { pool, client, flow, context, now } = input
  const { settings, name } = provider
  if (settings.kind !== 'ldap' || !settings.capturesPasswords || settings.linkOnly) return user
  const password = normalisePassword(typed)
  if (password === null) return user
  const theirs = await ports.federation.identities.list(pool.id, user.sub)
  if (!isMadeByDirectory([provider], theirs)) return user
  const present = (await ports.users.findBySub(pool.id, user.sub))?.password ?? null
  if (present !== null && !present.isTemporary && (await ports.passwords.verify(password, present.hash))) return user
  const set = await ports.writer.setPassword(
    pool.id,
    user.sub,
    {
      password: { hash: await ports.passwords.hash(password), isTemporary: false, expiresAt: null, changedAt: now },
      status: 'CONFIRMED',
      historySize: pool.settings.passwordPolicy.historySize,
      at: now,
    },
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          type: 'password.changed',
          outcome: 'success',
          sub: user.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
          detail: { act: 'capture', provider: name },
        }),
      ],
    },
  )
  // Gone meanwhile: what follows says so.
  if (!set.ok) return user
  return giveNames(ports, input, { ...capture, user: set.value })
}
