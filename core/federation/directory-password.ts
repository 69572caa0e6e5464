import { normalisePassword } from '../passwords/index.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { Alongside } from '../shared/alongside.ts'
import { type Failure, fail, ok, type Result } from '../shared/result.ts'
import type { PasswordHasher, User, UserWithPassword, UserWriter } from '../users/ports.ts'
import type { Directory, DirectoryIdentity } from './directory-of-person.ts'
import { labelOf } from './identity-provider.ts'
import { DIRECTORY_SCHEMAS } from './ldap-settings.ts'
import type { AskedDirectory, IdentityStore } from './ports.ts'

export interface DirectoryPasswordPorts {
  asksDirectory(directory: Directory): Promise<AskedDirectory>
  identities: Pick<IdentityStore, 'record'>
}

type Claims = Readonly<Record<string, unknown>>

/**
 * What somebody would type to be found in their directory, by what it said of them at the last sign-in; null: the settings find
 * people by a rule of their own, or nothing was kept that would.
 */
export const directoryLogin = ({ settings }: Directory, claims: Claims): string | null => {
  if (settings.userFilter?.includes('{login}')) return null
  const byName = new Map(Object.entries(claims).map(([name, value]) => [name.toLowerCase(), value]))
  const attributes = settings.matchBy ?? DIRECTORY_SCHEMAS[settings.schema].matchBy
  // Several values would be several people's guesses: the one that is alone is taken.
  const known = attributes.map((name) => byName.get(name.toLowerCase())).find((value) => typeof value === 'string')
  return typeof known === 'string' ? known : null
}

/** The directory's answer on the form that asked: by its field, and with what people call the directory. */
const onForm = (directory: Directory, failure: Failure): Failure => ({
  ...failure,
  params: { ...failure.params, provider: labelOf(directory) },
  ...(failure.code === 'wrong-credentials' ? { field: 'current' } : {}),
  ...(failure.code.startsWith('new-password-') ? { field: 'password' } : {}),
})

const asked = async (ports: DirectoryPasswordPorts, { directory, subject }: DirectoryIdentity) => {
  const { passwords, authenticate } = await ports.asksDirectory(directory)
  const key = { poolId: directory.poolId, provider: directory.name, subject }
  const login = directoryLogin(directory, (await ports.identities.record(key))?.claims ?? {})
  return { passwords, authenticate, login }
}

const refusedChange = (directory: Directory, because: string): Result<never> => ({
  ok: false,
  failure: onForm(directory, { code: 'password-change-refused', because }),
})

/**
 * Whether a password is the person's at their directory. Fails as `DirectorySource.authenticate` does, with `wrong-credentials` for
 * somebody else's, and with `password-change-refused` where passwords are not changed from here.
 */
export const checkDirectoryPassword =
  (ports: DirectoryPasswordPorts) =>
  async (theirs: DirectoryIdentity, password: string): Promise<Result<void>> => {
    const { passwords, authenticate, login } = await asked(ports, theirs)
    if (passwords === null) return refusedChange(theirs.directory, 'the settings leave passwords to the directory')
    if (login === null) return refusedChange(theirs.directory, 'no login is known')
    const answer = await authenticate(login, password)
    if (!answer.ok) return { ok: false, failure: onForm(theirs.directory, answer.failure) }
    if (answer.value.subject === theirs.subject) return ok(undefined)
    return { ok: false, failure: onForm(theirs.directory, { code: 'wrong-credentials', because: 'somebody else' }) }
  }

export interface ReplaceDirectoryPassword {
  pool: Pool
  found: UserWithPassword
  theirs: DirectoryIdentity
  current: string
  next: string
  at: Date
  /** Whoever signed in as this person before this moment signs in again; null: nobody has to. */
  endsSessionsBefore: Date | null
  /** Asked for once the directory has changed the password. */
  alongside(): Promise<Alongside>
}

/**
 * Changes somebody's password at their directory, by the present one; the directory's rules apply and no others. Where passwords are
 * captured the new one is captured too.
 *
 * Fails as `DirectoryPasswords.changePassword` does (`wrong-credentials` on the field `current`, `new-password-*` on `password`),
 * with `password-change-refused` where passwords are not changed from here, and with `user-missing`.
 */
export const replaceDirectoryPassword =
  (ports: DirectoryPasswordPorts & { writer: UserWriter; passwords: PasswordHasher }) =>
  async (input: ReplaceDirectoryPassword): Promise<Result<User>> => {
    const { pool, found, theirs, current, next, at } = input
    const { directory } = theirs
    const { passwords, login } = await asked(ports, theirs)
    if (passwords === null) return refusedChange(directory, 'the settings leave passwords to the directory')
    if (login === null) return refusedChange(directory, 'no login is known')
    if (next === '') return fail('new-password-empty', { field: 'password' })
    const changed = await passwords.changePassword(login, current, next)
    if (!changed.ok) return { ok: false, failure: onForm(directory, changed.failure) }
    const ends = input.endsSessionsBefore === null ? {} : { sessionsValidAfter: input.endsSessionsBefore }
    const alongside = await input.alongside()
    const captured =
      directory.settings.capturesPasswords && theirs.isPrimary && found.password !== null
        ? normalisePassword(next)
        : null
    if (captured === null) {
      const { sub, updatedAt } = found.user
      return ports.writer.update(pool.id, sub, { ...ends, at: updatedAt }, alongside)
    }
    const hash = await ports.passwords.hash(captured)
    return ports.writer.setPassword(
      pool.id,
      found.user.sub,
      {
        password: { hash, isTemporary: false, expiresAt: null, changedAt: at },
        historySize: pool.settings.passwordPolicy.historySize,
        ...ends,
        at,
      },
      alongside,
    )
  }
