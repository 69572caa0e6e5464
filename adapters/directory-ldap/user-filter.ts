import {
  AndFilter,
  ApproximateFilter,
  EqualityFilter,
  ExtensibleFilter,
  type Filter,
  FilterParser,
  GreaterThanEqualsFilter,
  LessThanEqualsFilter,
  NotFilter,
  OrFilter,
  SubstringFilter,
} from 'ldapts'
import { DIRECTORY_SCHEMAS, type LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import { DirectoryFault } from './directory-fault.ts'

const LOGIN = '{login}'

/** RFC 4515, as it stands in the settings. Throws `DirectoryFault`. */
export const readFilter = (text: string): Filter => {
  try {
    const filter = FilterParser.parseString(text)
    filter.toString()
    return filter
  } catch {
    throw new DirectoryFault('filter-unreadable')
  }
}

const fill = (text: string, login: string): string => text.split(LOGIN).join(login)

/**
 * Puts the login into the values of a filter that was read already: whatever it holds, it is one value, and no part of the filter's
 * form. Written as text, the library spells it by RFC 4515 §3.
 */
const filled = (filter: Filter, login: string): Filter => {
  if (filter instanceof AndFilter || filter instanceof OrFilter)
    filter.filters = filter.filters.map((part) => filled(part, login))
  else if (filter instanceof NotFilter) filter.filter = filled(filter.filter, login)
  else if (filter instanceof SubstringFilter) {
    filter.initial = fill(filter.initial, login)
    filter.any = filter.any.map((part) => fill(part, login))
    filter.final = fill(filter.final, login)
  } else if (
    filter instanceof EqualityFilter ||
    filter instanceof ExtensibleFilter ||
    filter instanceof ApproximateFilter ||
    filter instanceof GreaterThanEqualsFilter ||
    filter instanceof LessThanEqualsFilter
  ) {
    if (typeof filter.value === 'string') filter.value = fill(filter.value, login)
  }
  return filter
}

/** `(attribute=value)`, the value as it is. */
export const equals = (attribute: string, value: string): Filter => new EqualityFilter({ attribute, value })

/** What an entry has to be, whoever it is. */
export const personFilter = (settings: LdapProviderSettings, login: string): Filter =>
  filled(readFilter(settings.userFilter ?? DIRECTORY_SCHEMAS[settings.schema].userFilter), login)

/**
 * Finds the entry with this login. Throws `DirectoryFault`.
 *
 * @param also what names the same entry besides: the name that it was bound with
 */
export const userFilter = (settings: LdapProviderSettings, login: string, also: readonly Filter[] = []): Filter => {
  const person = personFilter(settings, login)
  if (settings.userFilter?.includes(LOGIN)) return person
  const attributes = settings.matchBy ?? DIRECTORY_SCHEMAS[settings.schema].matchBy
  const named = [...attributes.map((attribute) => equals(attribute, login)), ...also]
  return new AndFilter({ filters: [person, new OrFilter({ filters: named })] })
}
