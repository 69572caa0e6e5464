import type { ClientSettings } from '../clients/client-settings.ts'
import { type AttributeSettings, type PoolSettings, STANDARD_ATTRIBUTES } from '../pools/pool-settings.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { parseEmail, parsePhone } from './names.ts'
import type { Attributes } from './user.ts'

type SchemaOfPool = Pick<PoolSettings, 'attributes'>

/** Attributes as they arrive: strings from forms, booleans for the flags; null or an empty string removes. */
export type GivenAttributes = Readonly<Record<string, string | boolean | null>>

/** Merged into the stored ones; null removes. */
export type AttributeChanges = Readonly<Record<string, string | boolean | null>>

/** On whose behalf attributes are written. */
export type AttributeWriter = { kind: 'administrator' } | { kind: 'client'; writable: ReadonlySet<string> }

export const VERIFIED_FLAGS = ['email_verified', 'phone_number_verified'] as const

const MAX_CHARACTERS = 2048
const FLAG_OF: Readonly<Record<string, string>> = { email: 'email_verified', phone_number: 'phone_number_verified' }
const STANDARD: ReadonlySet<string> = new Set(STANDARD_ATTRIBUTES)
const FLAGS: ReadonlySet<string> = new Set(VERIFIED_FLAGS)
/** Ours to say, whoever asks. */
const NEVER_WRITTEN: ReadonlySet<string> = new Set(['sub', 'identities'])

const schemaOf = (pool: SchemaOfPool, name: string): AttributeSettings | undefined =>
  Object.hasOwn(pool.attributes, name) ? pool.attributes[name] : undefined

/** Whether the pool has such an attribute, standard or its own; the verification flags count. */
export const isKnownAttribute = (pool: SchemaOfPool, name: string): boolean =>
  STANDARD.has(name) || FLAGS.has(name) || schemaOf(pool, name) !== undefined

/** Who people are at identity providers: ours to say, and a client may be denied it like an attribute. */
const IDENTITIES = 'identities'

/** Whether a client may be allowed to read it, or not. */
export const isReadableAttribute = (pool: SchemaOfPool, name: string): boolean =>
  name === IDENTITIES || isKnownAttribute(pool, name)

const customNames = (pool: SchemaOfPool): string[] =>
  Object.keys(pool.attributes).filter((name) => name.startsWith('custom:'))

/**
 * What a client may read of a person, `sub` apart. Without a list of its own: everything, as live Cognito pools do (observed;
 * their ID tokens carry custom attributes too).
 */
export const readableAttributes = (
  pool: SchemaOfPool,
  client: Pick<ClientSettings, 'readAttributes'>,
): ReadonlySet<string> =>
  new Set(
    client.readAttributes?.filter((name) => isReadableAttribute(pool, name)) ?? [
      ...STANDARD,
      ...FLAGS,
      ...customNames(pool),
      IDENTITIES,
    ],
  )

/**
 * What a person may write of their own attributes through a client. Without a list: the standard attributes, and none of the
 * custom ones, which apps like to trust. The verification flags never.
 */
export const writableAttributes = (
  pool: SchemaOfPool,
  client: Pick<ClientSettings, 'writeAttributes'>,
): ReadonlySet<string> =>
  new Set(
    (client.writeAttributes ?? STANDARD_ATTRIBUTES).filter((name) => isKnownAttribute(pool, name) && !FLAGS.has(name)),
  )

/** Attributes the pool requires, in the order of its schema. */
export const requiredAttributes = (pool: SchemaOfPool): string[] =>
  Object.entries(pool.attributes).flatMap(([name, schema]) => (schema.required ? [name] : []))

/** RFC 3339 §5.6 full-date, and a day that exists. OpenID Connect Core §5.1 allows the year 0000: not told. */
const isBirthdate = (value: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value.startsWith('0000') ? `2000${value.slice(4)}` : value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(4, 10) === value.slice(4)
}

const isEpochSeconds = (value: string): boolean => /^\d{1,15}(?:\.\d{1,6})?$/.test(value)
const isDecimal = (value: string): boolean => /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)
const isDateTime = (value: string): boolean =>
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(value) &&
  !Number.isNaN(Date.parse(value))

/** The value in the form in which it is stored; null when it is not one. */
const standardForm = (name: string, value: string): string | null => {
  switch (name) {
    case 'email':
      return parseEmail(value)
    case 'phone_number':
      return parsePhone(value)
    case 'birthdate':
      return isBirthdate(value) ? value : null
    case 'updated_at':
      return isEpochSeconds(value) ? value : null
    default:
      return value
  }
}

const fitsType = (schema: AttributeSettings, value: string): boolean => {
  switch (schema.type) {
    case 'string':
      return true
    case 'number':
      return isDecimal(value) && Number(value) >= (schema.min ?? -Infinity) && Number(value) <= (schema.max ?? Infinity)
    case 'boolean':
      return value === 'true' || value === 'false'
    case 'datetime':
      return isDateTime(value)
  }
}

// A line break in a value ends up in headers of the apps behind a proxy; an address has lines.
const hasControls = (name: string, value: string): boolean =>
  /\p{Cc}/u.test(name === 'address' ? value.replaceAll(/\r?\n/g, '') : value)

const checkFlag = (name: string, value: string | boolean): Result<boolean> => {
  if (value === true || value === 'true') return ok(true)
  if (value === false || value === 'false') return ok(false)
  return fail('attribute-format', { field: name, because: 'neither true nor false' })
}

/** One value in its stored form. Fails with `attribute-unknown` or `attribute-format`, naming the attribute. */
export const checkAttribute = (pool: SchemaOfPool, name: string, given: string | boolean): Result<string | boolean> => {
  if (FLAGS.has(name)) return checkFlag(name, given)
  if (!isKnownAttribute(pool, name)) return fail('attribute-unknown', { field: name })
  const schema = schemaOf(pool, name)
  const value = standardForm(name, String(given).normalize('NFC').trim())
  if (value === null) return fail('attribute-format', { field: name })
  const length = [...value].length
  if (length > Math.min(schema?.maxLength ?? MAX_CHARACTERS, MAX_CHARACTERS) || length < (schema?.minLength ?? 0)) {
    return fail('attribute-format', { field: name, because: `${length} characters` })
  }
  if (hasControls(name, value) || (schema && !fitsType(schema, value))) return fail('attribute-format', { field: name })
  return ok(value)
}

/** Fails with `attribute-immutable` when the writer may not touch it at all. */
const checkWriter = (writer: AttributeWriter, name: string): Result<void> => {
  if (NEVER_WRITTEN.has(name)) return fail('attribute-immutable', { field: name })
  if (writer.kind === 'client' && !writer.writable.has(name)) {
    return fail('attribute-immutable', { field: name, because: 'not writable by this client' })
  }
  return ok(undefined)
}

const isEmpty = (value: string | boolean | null): value is null | '' =>
  value === null || (typeof value === 'string' && value.trim() === '')

/**
 * The attributes of a new person. Fails with `attribute-unknown`, `attribute-format`, `attribute-immutable`, or — but for an
 * administrator, who may leave them to the person — `attribute-missing`; `field` names the attribute.
 */
export const attributesOfNewUser = (
  pool: SchemaOfPool,
  given: GivenAttributes,
  writer: AttributeWriter,
): Result<Attributes> => {
  const attributes: Record<string, string | boolean> = {}
  for (const [name, value] of Object.entries(given)) {
    if (isEmpty(value)) continue
    const allowed = checkWriter(writer, name)
    if (!allowed.ok) return allowed
    const checked = checkAttribute(pool, name, value)
    if (!checked.ok) return checked
    attributes[name] = checked.value
  }
  if (writer.kind === 'client') {
    const missing = requiredAttributes(pool).find((name) => attributes[name] === undefined)
    if (missing !== undefined) return fail('attribute-missing', { field: missing })
  }
  return ok(attributes)
}

/**
 * What changes of a person's attributes. A new e-mail address or phone number is unproven, unless an administrator says
 * otherwise in the same breath. Fails as `attributesOfNewUser` does; what cannot change may still be set once where it is
 * empty, since attributes can be added to a pool later.
 */
export const attributeChanges = (
  pool: SchemaOfPool,
  current: Attributes,
  given: GivenAttributes,
  writer: AttributeWriter,
): Result<AttributeChanges> => {
  const changes: Record<string, string | boolean | null> = {}
  for (const [name, value] of Object.entries(given)) {
    const allowed = checkWriter(writer, name)
    if (!allowed.ok) return allowed
    const schema = schemaOf(pool, name)
    if (isEmpty(value) && !isKnownAttribute(pool, name) && current[name] === undefined)
      return fail('attribute-unknown', { field: name })
    if (isEmpty(value) && schema?.required) return fail('attribute-missing', { field: name })
    const checked = isEmpty(value) ? ok(null) : checkAttribute(pool, name, value)
    if (!checked.ok) return checked
    if (checked.value === (current[name] ?? null)) continue
    if (schema?.mutable === false && current[name] !== undefined) return fail('attribute-immutable', { field: name })
    changes[name] = checked.value
  }
  for (const [name, flag] of Object.entries(FLAG_OF)) {
    if (changes[name] !== undefined && given[flag] === undefined) changes[flag] = changes[name] === null ? null : false
  }
  return ok(changes)
}

/** Whether an address may sign up here: the pool's list of domains, or any when it has none. Subdomains are other domains. */
export const emailDomainAllowed = (pool: Pick<PoolSettings, 'allowedEmailDomains'>, email: string): boolean => {
  if (pool.allowedEmailDomains.length === 0) return true
  const domain = email.slice(email.lastIndexOf('@') + 1)
  return pool.allowedEmailDomains.some((allowed) => URL.parse(`http://${allowed}`)?.hostname === domain)
}
