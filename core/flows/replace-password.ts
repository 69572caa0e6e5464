import { type AuthEvent, newEvent } from '../events/index.ts'
import { fail, type Result } from '../shared/result.ts'
import type { User, UserWithPassword } from '../users/ports.ts'
import { chosenPassword } from './choose-password.ts'
import { exposureEvent } from './exposed-password.ts'
import { noticeTo } from './notice.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

export interface PasswordReplacement {
  /** What the journey did, in the words of its event. */
  event: Pick<AuthEvent, 'type' | 'detail'>
  /** Whoever signed in as this person before this moment signs in again; null: nobody has to. */
  endsSessionsBefore: Date | null
  /** The present password, which an operator may know, is not a change; whatever the pool remembers of former ones. */
  mustDiffer: boolean
}

/**
 * Replaces the password of a person who has proven who they are: the form's new one against the pool's policy, the row, the
 * event and the notice to the person, in one transaction.
 *
 * Fails with `new-password-*` on the field `password`, and with `user-missing` for who is gone meanwhile.
 */
export const replacePassword = async (
  ports: JourneyPorts,
  input: StepInput,
  found: UserWithPassword,
  { event, endsSessionsBefore, mustDiffer }: PasswordReplacement,
): Promise<Result<User>> => {
  const { flow, pool, client, now, context } = input
  const { user } = found
  const password = await chosenPassword(ports, input, user, found)
  if (!password.ok) return password
  if (mustDiffer && (await ports.passwords.verify(password.value, found.password?.hash ?? null))) {
    return fail('new-password-same', { field: 'password' })
  }
  const notice = await noticeTo(ports, input, user, 'password-changed')
  const { exposure } = password
  const warning = exposure === null ? [] : await noticeTo(ports, input, user, 'password-exposed')
  return ports.writer.setPassword(
    pool.id,
    user.sub,
    {
      password: {
        hash: await ports.passwords.hash(password.value),
        isTemporary: false,
        expiresAt: null,
        changedAt: now,
      },
      status: 'CONFIRMED',
      historySize: pool.settings.passwordPolicy.historySize,
      ...(endsSessionsBefore === null ? {} : { sessionsValidAfter: endsSessionsBefore }),
      at: now,
    },
    {
      events: [
        newEvent(ports.random, now, {
          poolId: pool.id,
          ...event,
          outcome: 'success',
          sub: user.sub,
          clientId: client.id,
          flowId: flow.id,
          context,
        }),
        ...(exposure === null ? [] : [exposureEvent(ports, input, user.sub, exposure)]),
      ],
      messages: [...notice, ...warning],
    },
  )
}
