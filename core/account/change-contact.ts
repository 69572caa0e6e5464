import { codeHash, countSend, giveBackSend, readCode } from '../flows/index.ts'
import { BUDGETS, networkOf } from '../limits/index.ts'
import { newSixDigitCode } from '../shared/ids.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import {
  attributeChanges,
  type Destination,
  emailDomainAllowed,
  maskAddress,
  namesOfUser,
  signInName,
} from '../users/index.ts'
import type { User } from '../users/ports.ts'
import { type Doer, noticeOf, ownEvent, presentPerson, provenPerson } from './doer.ts'
import { mergedAttributes } from './own-profile.ts'
import type { AccountPorts, ContactAttribute, ContactChange } from './ports.ts'
import { newUndoToken } from './undo-contact.ts'

/** How long a code to a new address works. Minutes. */
export const CONTACT_CODE_MINUTES = 30
/** How long a former address can be brought back. Days. */
const UNDO_DAYS = 7

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

const destinationAt = (attribute: ContactAttribute, address: string): Destination => ({
  channel: attribute === 'email' ? 'email' : 'sms',
  address,
})

/** Codes of a change are for that change alone; those of a deleted person go with them. */
const subjectOf = ({ sub, id }: Pick<ContactChange, 'sub' | 'id'>): string => `user:${sub}:contact:${id}`

/**
 * The address in the form it is kept in. Fails with `attribute-missing`, `attribute-format`, `attribute-immutable` or
 * `email-domain-refused` on the attribute's field, and with `attribute-format` where it is the present one.
 */
const newAddress = (
  { pool }: Doer,
  { attributes }: User,
  attribute: ContactAttribute,
  typed: string,
): Result<string> => {
  if (typed.trim() === '') return fail('attribute-missing', { field: attribute, params: { attribute } })
  const changes = attributeChanges(
    pool.settings,
    attributes,
    { [attribute]: typed },
    {
      kind: 'client',
      writable: new Set([attribute]),
    },
  )
  if (!changes.ok) return changes
  const value = changes.value[attribute]
  if (typeof value !== 'string') return fail('contact-unchanged', { field: attribute })
  if (attribute === 'email' && !emailDomainAllowed(pool.settings, value))
    return fail('email-domain-refused', { field: attribute })
  return ok(value)
}

/** Whose sign-in name an address is already, where addresses are names; null: nobody else's. */
const holderOf = async (
  { users }: Pick<AccountPorts, 'users'>,
  { pool, sub }: Doer,
  attribute: ContactAttribute,
  address: string,
): Promise<User | null> => {
  if (!pool.settings.signInNames.includes(attribute)) return null
  const name = signInName(pool, attribute, address)
  const holder = name.ok ? await users.findByName(pool.id, name.value.value) : null
  return holder === null || holder.user.sub === sub ? null : holder.user
}

/**
 * Begins a change of address: a code goes to the new one, and the old one stays until it came back (attack 54). An address
 * that is somebody else's name is answered alike, with a mail to its owner in place of the code.
 *
 * Fails with `proof-not-fresh` and as `newAddress` does. Over a budget nothing is sent, and nothing is said.
 */
export const startContactChange =
  (ports: AccountPorts) =>
  async (doer: Doer, attribute: ContactAttribute, typed: string): Promise<Result<void>> => {
    const { pool, sub, context, client, locale } = doer
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    const { user } = found.value
    const address = newAddress(doer, user, attribute, typed)
    if (!address.ok) return address
    const now = ports.clock.now()
    const old = user.attributes[attribute]
    const change: ContactChange = {
      poolId: pool.id,
      id: ports.random.uuidAt(now),
      sub,
      attribute,
      oldValue: typeof old === 'string' ? old : null,
      newValue: address.value,
      createdAt: now,
      expiresAt: new Date(now.getTime() + CONTACT_CODE_MINUTES * MINUTE_MS),
    }
    const to = destinationAt(attribute, address.value)
    const [holder, refusal] = await Promise.all([
      holderOf(ports, doer, attribute, address.value),
      countSend(ports, { pool, context, now }, to),
    ])
    const plain = newSixDigitCode(ports.random)
    const event = ownEvent(ports, doer, { type: 'contact.change_asked', detail: { attribute } })
    const message =
      holder === null
        ? await ports.messages.compose({
            pool,
            client,
            purpose: 'contact-change-code',
            to,
            locale,
            eventId: event.id,
            user,
            facts: { code: plain, minutes: CONTACT_CODE_MINUTES },
            expiresAt: change.expiresAt,
          })
        : ok((await noticeOf(ports, doer, holder, event, { purpose: 'contact-taken', facts: { attribute }, to }))[0])
    if (!message.ok) return message
    await ports.contactChanges.start(change, { events: [event] })
    if (refusal !== null) {
      const refused = ownEvent(ports, doer, { type: 'limit.reached', outcome: 'failure', reason: 'too-many-requests' })
      await ports.events.write({ events: [refused] })
      return ok(undefined)
    }
    const subject = subjectOf(change)
    await ports.codes.issue(
      {
        id: ports.random.uuidAt(now),
        poolId: pool.id,
        purpose: 'verify-account',
        subject,
        // Of an address that is somebody's nobody was ever told the code.
        codeHash: codeHash(ports, 'verify-account', subject, plain),
        linkHash: null,
        flowId: null,
        createdAt: now,
        expiresAt: change.expiresAt,
      },
      {
        events: [
          ownEvent(ports, doer, { type: 'code.sent', detail: { purpose: 'contact-change', channel: to.channel } }),
        ],
        messages: message.value === undefined ? [] : [message.value],
      },
    )
    return ok(undefined)
  }

/** Counts the guess, then uses the code up: each one statement. Fails with `code-*`. */
const takeCode = async (
  ports: AccountPorts,
  { pool, context }: Doer,
  change: ContactChange,
  typed: string,
): Promise<Result<void>> => {
  const code = readCode(typed)
  if (!code.ok) return code
  const now = ports.clock.now()
  const subject = subjectOf(change)
  const taken = await Promise.all([
    ports.attempts.take(pool.id, 'code.verify-account', `user:${change.sub}`, BUDGETS['code.verify-account'], now),
    ports.attempts.take(pool.id, 'code.network', networkOf(context.ip), BUDGETS['code.network'], now),
  ])
  const spent = taken.filter(({ isSpent }) => isSpent)
  if (spent.length > 0) {
    const minutes = Math.max(1, Math.ceil(Math.max(...spent.map((answer) => answer.retryAfterSeconds)) / 60))
    return fail('code-attempts-spent', { field: 'code', params: { minutes } })
  }
  const hash = codeHash(ports, 'verify-account', subject, code.value)
  const answer = await ports.codes.consume(pool.id, 'verify-account', subject, hash, now)
  if (answer.kind === 'consumed') return ok(undefined)
  const codes = { mismatch: 'code-mismatch', expired: 'code-expired', used: 'code-used' } as const
  return fail(codes[answer.kind], { field: 'code' })
}

/**
 * The code came back from the new address: it takes the old one's place, proven. The old one is told, with a link that
 * brings it back.
 *
 * Fails with `proof-not-fresh`, `code-*`, and with `code-expired` when nothing waits. One that somebody else took meanwhile
 * is refused like a wrong code.
 */
export const confirmContactChange =
  (ports: AccountPorts) =>
  async (doer: Doer, attribute: ContactAttribute, typed: string): Promise<Result<void>> => {
    const { pool, sub, context } = doer
    const proven = await provenPerson(ports, doer)
    if (!proven.ok) return proven
    const { user } = proven.value
    const now = ports.clock.now()
    const change = await ports.contactChanges.waiting(pool.id, sub, attribute, now)
    if (change === null) return fail('code-expired', { field: 'code' })
    const right = await takeCode(ports, doer, change, typed)
    if (!right.ok) {
      const event = ownEvent(ports, doer, {
        type: 'code.checked',
        outcome: 'failure',
        reason: right.failure.code,
        detail: { purpose: 'contact-change' },
      })
      await ports.events.write({ events: [event] })
      return right
    }
    const changes = { [attribute]: change.newValue, [`${attribute}_verified`]: true }
    const names = namesOfUser(pool, user.username, mergedAttributes(user.attributes, changes))
    if (!names.ok) return names
    const undo = change.oldValue === null ? null : newUndoToken(ports, pool.id)
    const until = new Date(now.getTime() + UNDO_DAYS * DAY_MS)
    if (!(await ports.contactChanges.confirm(pool.id, change.id, undo?.hash ?? null, now, until)))
      return fail('code-used', { field: 'code' })
    const event = ownEvent(ports, doer, { type: 'contact.changed', detail: { attribute } })
    const former = change.oldValue === null ? null : destinationAt(attribute, change.oldValue)
    const notice =
      undo === null
        ? []
        : await noticeOf(ports, doer, user, event, {
            purpose: 'contact-changed',
            facts: {
              attribute,
              contact: maskAddress(change.newValue),
              undoLink: `${ports.links.base(pool.id)}/account/undo?token=${undo.token}`,
            },
            to: former,
          })
    const written = await ports.writer.update(
      pool.id,
      sub,
      { attributes: changes, names: names.value, at: now },
      { events: [event], messages: notice },
    )
    if (!written.ok) return fail('code-mismatch', { field: 'code' })
    await giveBackSend(ports, { pool, context }, destinationAt(attribute, change.newValue))
    return ok(undefined)
  }

/** Gives up a change that waits. */
export const dropContactChange =
  (ports: AccountPorts) =>
  async (doer: Doer, attribute: ContactAttribute): Promise<Result<void>> => {
    const found = await presentPerson(ports, doer)
    if (!found.ok) return found
    await ports.contactChanges.drop(doer.pool.id, doer.sub, attribute)
    return ok(undefined)
  }
