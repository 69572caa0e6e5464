import { newEvent } from '../events/index.ts'
import { type CheckedPassword, checkNewPassword, exposureFacts } from '../passwords/index.ts'
import { guessableWords } from '../users/index.ts'
import type { User, UserWithPassword } from '../users/ports.ts'
import type { JourneyPorts } from './ports.ts'
import { field, type StepInput } from './step-handler.ts'

/**
 * The form's new password against the pool's policy, normalised. Fails with `new-password-*` on the field `password`.
 *
 * One that others know is refused with an event, or let through with the exposure: whoever takes it tells the person.
 */
export const chosenPassword = async (
  ports: JourneyPorts,
  { flow, pool, client, form, context, now }: StepInput,
  user: Pick<User, 'username' | 'attributes'>,
  replaces: UserWithPassword | null,
): Promise<CheckedPassword> => {
  const checked = await checkNewPassword(ports)({
    pool,
    password: field(form, 'password', 4096),
    context: [...guessableWords(user.username, user.attributes), client.settings.displayName ?? client.name],
    replaces: replaces === null ? null : { sub: replaces.user.sub, hash: replaces.password?.hash ?? null },
    occasion: replaces === null ? 'signUp' : 'passwordChange',
  })
  if (!checked.ok && checked.exposure !== null) {
    const refusal = newEvent(ports.random, now, {
      poolId: pool.id,
      ...exposureFacts(checked.exposure),
      outcome: 'failure',
      reason: checked.failure.code,
      sub: replaces?.user.sub ?? null,
      clientId: client.id,
      flowId: flow.id,
      context,
    })
    await ports.events.write({ events: [refusal] })
  }
  return checked
}
