import { type AuthEvent, newEvent } from '../../events/index.ts'
import { BUDGETS, networkOf } from '../../limits/index.ts'
import { type Failure, fail, ok, type Result } from '../../shared/result.ts'
import {
  attributesOfNewUser,
  emailDomainAllowed,
  namesOfUser,
  signInName,
  signUpAttributes,
  signUpNameKinds,
  writableAttributes,
} from '../../users/index.ts'
import type { Attributes, SignInName, User } from '../../users/ports.ts'
import { chosenPassword } from '../choose-password.ts'
import { hasLocalAccounts } from '../federation/offered-providers.ts'
import { takesPasswords } from '../first-factors.ts'
import type { FlowState, PendingSignUp } from '../flow.ts'
import type { JourneyPorts } from '../ports.ts'
import {
  field,
  moved,
  refused,
  type StepAnswer,
  type StepHandler,
  type StepInput,
  triggerCall,
} from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { createAccount, sendSignUpCode } from './confirm-sign-up.ts'

interface Registration {
  name: SignInName
  username: string
  attributes: Attributes
  destination: PendingSignUp['destination'] | null
}

const read = (ports: JourneyPorts, { pool, client, form }: StepInput): Result<Registration> => {
  const typed = field(form, 'username', 512)
  const kinds = signUpNameKinds(pool)
  const name = kinds.map((kind) => signInName(pool, kind, typed)).reduce((first, next) => (first.ok ? first : next))
  if (!name.ok) return fail(name.failure.code, { ...name.failure, field: 'username' })
  const { kind } = name.value
  const given: Record<string, string> = Object.fromEntries(
    signUpAttributes(pool).map((each) => [each, field(form, each)]),
  )
  if (kind !== 'username') given[kind] = typed
  const writable = new Set([...writableAttributes(pool.settings, client.settings), ...signUpAttributes(pool)])
  const attributes = attributesOfNewUser(pool.settings, given, { kind: 'client', writable })
  if (!attributes.ok) {
    return kind !== 'username' && attributes.failure.field === kind
      ? fail(attributes.failure.code, { ...attributes.failure, field: 'username' })
      : attributes
  }
  const { email, phone_number: phone } = attributes.value
  if (typeof email === 'string' && !emailDomainAllowed(pool.settings, email)) {
    return fail('email-domain-refused', { field: kind === 'email' ? 'username' : 'email' })
  }
  // Both configured and both given: one message only, to the address the person is known by, else the e-mail address.
  const mayVerify = new Set<string>(pool.settings.autoVerify)
  const destination: Registration['destination'] =
    typeof phone === 'string' && mayVerify.has('phone_number') && (kind === 'phone_number' || typeof email !== 'string')
      ? { channel: 'sms', address: phone }
      : typeof email === 'string' && mayVerify.has('email')
        ? { channel: 'email', address: email }
        : null
  return ok({
    name: name.value,
    // A pool of addresses gives its people a name that says nothing: their sub, as Cognito does.
    username: kind === 'username' ? typed.normalize('NFKC').trim() : ports.random.uuid(),
    attributes: attributes.value,
    destination,
  })
}

/** Who holds one of the names this registration would take. */
const holderOf = async (
  ports: JourneyPorts,
  pool: StepInput['pool'],
  registration: Registration,
): Promise<User | null> => {
  // As they will be once the address is proven, when it becomes a name too.
  const attributes = { ...registration.attributes, email_verified: true, phone_number_verified: true }
  const names = namesOfUser(pool, registration.username, attributes)
  if (!names.ok) return null
  const holders = await Promise.all(names.value.map((name) => ports.users.findByName(pool.id, name.value)))
  return holders.find((holder) => holder !== null)?.user ?? null
}

/**
 * A new account, held in the journey until the address is proven (a sign-up before that would let anyone pre-register
 * somebody else's address). An address that has an account already gets another mail and the same next page.
 */
export const submitSignUp: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, form, context, now } = input
  const values = Object.fromEntries(['username', ...signUpAttributes(pool)].map((name) => [name, field(form, name)]))
  const signUpEvent = (outcome: 'in-progress' | 'failure', reason: string | null, detail: AuthEvent['detail']) =>
    newEvent(ports.random, now, {
      poolId: pool.id,
      type: 'sign_up',
      outcome,
      reason,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail,
    })
  /** Refused for what the person is or does, not for how a field is filled in: an event. */
  const turnAway = (failure: Failure, state: Partial<FlowState> = {}): StepAnswer =>
    refused(failure, state, [signUpEvent('failure', failure.code, {})])

  const closed: Failure = { code: 'sign-up-closed', params: { owner: pool.settings.owner ?? pool.name } }
  if (!pool.settings.selfSignUp || !hasLocalAccounts(client)) return turnAway(closed)
  const budget = await ports.attempts.take(
    pool.id,
    'sign-up.network',
    networkOf(context.ip),
    BUDGETS['sign-up.network'],
    now,
  )
  if (budget.isSpent) {
    return turnAway(
      { code: 'too-many-requests', params: { minutes: Math.ceil(budget.retryAfterSeconds / 60) } },
      { values },
    )
  }
  const registration = read(ports, input)
  if (!registration.ok) return refused(registration.failure, { values })
  const { name, username, attributes, destination } = registration.value
  const hasPassword = takesPasswords(pool.settings)
  // Nothing could ever be signed in by: not a pool for the public.
  if (!hasPassword && destination === null) return turnAway(closed, { values })
  const password = hasPassword
    ? await chosenPassword(ports, input, { username: values.username ?? '', attributes }, null)
    : null
  if (password?.ok === false) return refused(password.failure, { values })

  const allowed = await ports.triggers.preSignUp({
    source: 'sign-up',
    ...triggerCall(input, { username, attributes }),
  })
  if (!allowed.ok) return turnAway(allowed.failure, { values })
  const passwordHash = password === null ? null : await ports.passwords.hash(password.value)
  const holder = await holderOf(ports, pool, registration.value)
  // A chosen user name that is in use must be said, or nobody could choose one; the network's budget limits the asking.
  if (holder !== null && (name.kind === 'username' || destination === null)) {
    const byName = await ports.users.findByName(pool.id, name.value)
    if (byName !== null || destination === null) return turnAway({ code: 'name-taken', field: 'username' }, { values })
  }
  const pending: PendingSignUp = {
    name,
    username,
    attributes: {
      ...attributes,
      ...(allowed.value.autoVerifyEmail && typeof attributes.email === 'string' ? { email_verified: true } : {}),
      ...(allowed.value.autoVerifyPhone && typeof attributes.phone_number === 'string'
        ? { phone_number_verified: true }
        : {}),
    },
    passwordHash,
    destination: destination ?? { channel: 'email', address: '' },
    isTaken: holder !== null,
    ...(password?.exposure && { exposure: password.exposure }),
  }
  // Without a password the code is the only proof there is, whatever the trigger waves through.
  if (holder === null && hasPassword && (destination === null || allowed.value.autoConfirm))
    return createAccount(ports, input, pending, { provesAddress: false })

  const sent = await sendSignUpCode(ports, input, pending, holder)
  if (!sent.ok) return refused(sent.failure, { values })
  return moved('confirm-sign-up', { ...droppedByEntry, values, signUp: pending, sentAt: [now.getTime()] }, [
    signUpEvent('in-progress', null, { taken: pending.isTaken }),
  ])
}
