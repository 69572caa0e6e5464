import { checkNewPassword } from '../passwords/index.ts'
import type { Result } from '../shared/result.ts'
import { guessableWords } from '../users/index.ts'
import type { User, UserWithPassword } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import { field, type StepInput } from './step-handler.ts'

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
    context: [...guessableWords(user.username, user.attributes), client.settings.displayName ?? client.name],
    replaces: replaces === null ? null : { sub: replaces.user.sub, hash: replaces.password?.hash ?? null },
  })
