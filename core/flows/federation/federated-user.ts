import { newEvent } from '../../events/index.ts'
import { federatedUsername, type IdentityProvider, identityAt, type MappedProfile } from '../../federation/index.ts'
import type { UpstreamIdentity } from '../../federation/ports.ts'
import { fail, type Result } from '../../shared/result.ts'
import { attributeChanges, checkAttribute, foldCase } from '../../users/index.ts'
import type { Attributes, SignInName, User } from '../../users/ports.ts'
import type { JourneyPorts } from '../ports.ts'
import type { StepInput } from '../step-handler.ts'
import { triggerCall } from '../step-handler.ts'

type Mapped = MappedProfile['attributes']

/** Ways to reach somebody, and with that to recover an account: whoever has their own here keeps them. */
const CONTACTS: ReadonlySet<string> = new Set(['email', 'email_verified', 'phone_number', 'phone_number_verified'])

/** What fits the pool's schema; a value that does not is left out and never keeps anybody from coming in. */
const fitting = ({ pool }: Pick<StepInput, 'pool'>, mapped: Mapped): Attributes =>
  Object.fromEntries(
    Object.entries(mapped).flatMap(([name, value]) => {
      const checked = checkAttribute(pool.settings, name, value)
      return checked.ok ? [[name, checked.value] as const] : []
    }),
  )

/**
 * Names of a profile that a provider made: none but its own. Nobody finds it by an address, so that neither a code nor a new
 * password leads around the provider, and an address that a provider only claims keeps nobody else from signing up with it.
 */
const namesOf = ({ pool }: Pick<StepInput, 'pool'>, username: string): readonly SignInName[] =>
  pool.settings.signInNames.includes('username')
    ? [{ kind: 'username', value: pool.settings.caseSensitiveNames ? username : foldCase(username) }]
    : []

/**
 * A profile of its own for somebody whom a provider has named: status EXTERNAL_PROVIDER, no password, no sign-in names of the
 * pool. Calls pre sign-up as Cognito's `PreSignUp_ExternalProvider`. Fails with `trigger-refused`, or `identity-taken` where the
 * same person came in twice at once.
 */
export const createFederatedUser = async (
  ports: JourneyPorts,
  input: StepInput,
  provider: IdentityProvider,
  identity: UpstreamIdentity,
  mapped: Mapped,
): Promise<Result<User>> => {
  const { pool, client, flow, context, now } = input
  const plain = federatedUsername({ provider: provider.name, subject: identity.subject })
  const make = (username: string): User => ({
    poolId: pool.id,
    sub: ports.random.uuid(),
    username,
    status: 'EXTERNAL_PROVIDER',
    enabled: true,
    attributes: fitting(input, mapped),
    sessionsValidAfter: now,
    createdAt: now,
    updatedAt: now,
    lastSignInAt: null,
    preferredFactor: null,
    deleteAfter: null,
  })
  const asked = await ports.triggers.preSignUp({ ...triggerCall(input, make(plain)), source: 'external' })
  if (!asked.ok) return asked
  const create = (user: User): Promise<Result<User>> =>
    ports.writer.create(
      {
        user,
        names: namesOf(input, user.username),
        password: null,
        identity: identityAt(provider, identity.subject, { isPrimary: true, at: now }),
      },
      {
        events: [
          newEvent(ports.random, now, {
            poolId: pool.id,
            type: 'user.created',
            outcome: 'success',
            sub: user.sub,
            clientId: client.id,
            flowId: flow.id,
            context,
            detail: { act: 'federation', provider: provider.name },
          }),
        ],
      },
    )
  const created = await create(make(plain))
  if (created.ok || created.failure.code !== 'name-taken') return created
  // Somebody has chosen that very name here: they keep it, and keep nobody out by it.
  return create(make(`${plain.slice(0, 120)}_${Buffer.from(ports.random.bytes(5)).toString('hex')}`))
}

/**
 * What the provider says of somebody now, written over what was there (Cognito: at every sign-in). A person who has an account
 * of their own keeps the addresses that they proved here; what cannot change stays.
 *
 * Fails with `provider-not-offered` when the person is gone meanwhile.
 */
export const updateFromProvider = async (
  ports: JourneyPorts,
  { pool, client, flow, context, now }: StepInput,
  provider: IdentityProvider,
  user: User,
  mapped: Mapped,
): Promise<Result<User>> => {
  const isOwn = user.status !== 'EXTERNAL_PROVIDER'
  const given = Object.entries(fitting({ pool }, mapped)).filter(
    ([name]) =>
      !(isOwn && CONTACTS.has(name)) &&
      !(pool.settings.attributes[name]?.mutable === false && user.attributes[name] !== undefined),
  )
  const changes = attributeChanges(pool.settings, user.attributes, Object.fromEntries(given), { kind: 'administrator' })
  if (!changes.ok || Object.keys(changes.value).length === 0) return { ok: true, value: user }
  const event = newEvent(ports.random, now, {
    poolId: pool.id,
    type: 'user.updated',
    outcome: 'success',
    sub: user.sub,
    clientId: client.id,
    flowId: flow.id,
    context,
    detail: { act: 'federation', provider: provider.name, attributes: Object.keys(changes.value).join(' ') },
  })
  const updated = await ports.writer.update(
    pool.id,
    user.sub,
    { attributes: changes.value, at: now },
    { events: [event] },
  )
  return updated.ok ? updated : fail('provider-not-offered', { because: 'the account is gone' })
}
