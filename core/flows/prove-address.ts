import { newEvent } from '../events/index.ts'
import { namesOfUser } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import type { CodeFactor } from './factor-code.ts'
import type { JourneyPorts } from './ports.ts'
import type { StepInput } from './step-handler.ts'

/** Attribute and its proof, by channel. */
export const CONTACT_ATTRIBUTES = {
  sms: ['phone_number', 'phone_number_verified'],
  email: ['email', 'email_verified'],
} as const

/**
 * A code that came back from an address proves it: the attribute is verified if it holds the same address (Cognito does so
 * for SMS). Where that would make it a name somebody else signs in by, it stays as it is.
 */
export const proveAddress = async (
  ports: Pick<JourneyPorts, 'writer' | 'random'>,
  { pool, client, flow, context, now }: StepInput,
  user: User,
  { kind, address }: Pick<CodeFactor, 'kind' | 'address'>,
): Promise<User> => {
  const [attribute, proof] = CONTACT_ATTRIBUTES[kind]
  if (user.attributes[attribute] !== address || user.attributes[proof] === true) return user
  const names = namesOfUser(pool, user.username, { ...user.attributes, [proof]: true })
  if (!names.ok) return user
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'user.updated',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { proven: attribute },
  })
  const change = { attributes: { [proof]: true }, names: names.value, at: now }
  const updated = await ports.writer.update(pool.id, user.sub, change, { events: [event] })
  return updated.ok ? updated.value : user
}
