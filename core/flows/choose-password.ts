import { checkNewPassword } from '../passwords/index.ts'
import type { Result } from '../shared/result.ts'
import type { User, UserWithPassword } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import { field, type StepInput } from './step-handler.ts'

/** What a guesser knows of a person. */
const wordsOf = (user: Pick<User, 'username' | 'attributes'>): string[] =>
  [
    user.username,
    user.attributes.email,
    user.attributes.phone_number,
    user.attributes.preferred_username,
    user.attributes.name,
  ].filter((word): word is string => typeof word === 'string')

/** The form's new password against the pool's policy, normalised. Fails with `new-password-*` on the field `password`. */
export const chosenPassword = (
  ports: JourneyPorts,
  { pool, client, form }: Pick<StepInput, 'pool' | 'client' | 'form'>,
  user: Pick<User, 'username' | 'attributes'>,
  replaces: UserWithPassword | null,
): Promise<Result<string>> =>
  checkNewPassword(ports)({
    pool,
    password: field(form, 'password', 4096),
    context: [...wordsOf(user), client.settings.displayName ?? client.name],
    replaces: replaces === null ? null : { sub: replaces.user.sub, hash: replaces.password?.hash ?? null },
  })
