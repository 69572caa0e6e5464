import type { PoolSettings, STANDARD_ATTRIBUTES } from '../pools/pool-settings.ts'
import { bestLocale, type Locale } from '../shared/locales.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import { attributeChanges, namesOfUser, writableAttributes } from '../users/index.ts'
import type { Attributes, User } from '../users/ports.ts'
import { type AccountForm, type Doer, ownEvent, presentPerson } from './doer.ts'
import type { AccountPorts } from './ports.ts'

/** Asked for in every pool: what a page would greet by. */
const ALWAYS: ReadonlySet<string> = new Set(['name'])

/**
 * As OpenID Connect Core §5.1 lists them: a name before its parts, a given name before a family name. Without what is ours
 * to say, or is changed in ways of its own: addresses by a proof, the language by a choice.
 */
const OWN: readonly Exclude<
  (typeof STANDARD_ATTRIBUTES)[number],
  'email' | 'phone_number' | 'updated_at' | 'locale'
>[] = [
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'address',
]

/**
 * The attributes of a person's own page, in the standard's order: those the pool's schema has, and whatever the person has
 * already. Never the flags that say an address is proven (attack 53), never the custom ones, which apps like to trust.
 */
export const ownAttributes = (settings: PoolSettings, attributes: Attributes): readonly string[] => {
  const writable = writableAttributes(settings, {})
  return OWN.filter(
    (name) =>
      writable.has(name) &&
      (ALWAYS.has(name) || Object.hasOwn(settings.attributes, name) || attributes[name] !== undefined),
  )
}

/** Attributes as they are once the changes are merged. */
export const mergedAttributes = (
  current: Attributes,
  changes: Readonly<Record<string, string | boolean | null>>,
): Attributes =>
  Object.fromEntries(
    Object.entries({ ...current, ...changes }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
  )

const write = async (
  ports: AccountPorts,
  doer: Doer,
  user: User,
  given: Readonly<Record<string, string>>,
): Promise<Result<User>> => {
  const { pool, sub } = doer
  const changes = attributeChanges(pool.settings, user.attributes, given, {
    kind: 'client',
    writable: new Set(Object.keys(given)),
  })
  if (!changes.ok) return changes
  const names = namesOfUser(pool, user.username, mergedAttributes(user.attributes, changes.value))
  if (!names.ok) return names
  return ports.writer.update(
    pool.id,
    sub,
    { attributes: changes.value, names: names.value, at: ports.clock.now() },
    {
      events: [
        ownEvent(ports, doer, { type: 'user.updated', detail: { attributes: Object.keys(changes.value).join(' ') } }),
      ],
    },
  )
}

/**
 * What a person says about themselves. Fields that are not on the page are not looked at, whatever is posted.
 *
 * Fails with `attribute-*` or `name-taken`; `field` names the attribute.
 */
export const changeOwnProfile =
  (ports: AccountPorts) =>
  async (doer: Doer, form: AccountForm): Promise<Result<User>> => {
    const found = await presentPerson(ports, doer)
    if (!found.ok) return found
    const { user } = found.value
    const asked = ownAttributes(doer.pool.settings, user.attributes).filter((name) => form[name] !== undefined)
    return write(ports, doer, user, Object.fromEntries(asked.map((name) => [name, form[name] ?? ''])))
  }

/** The language of the person's pages and mails. Fails with `attribute-format` for one that does not ship. */
export const chooseOwnLanguage =
  (ports: AccountPorts) =>
  async (doer: Doer, typed: string): Promise<Result<Locale>> => {
    const locale = bestLocale([typed])
    if (locale === null) return fail('attribute-format', { field: 'locale' })
    const found = await presentPerson(ports, doer)
    if (!found.ok) return found
    const written = await write(ports, doer, found.value.user, { locale })
    return written.ok ? ok(locale) : written
  }
