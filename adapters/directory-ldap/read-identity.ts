import { DIRECTORY_SCHEMAS, type LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type { UpstreamIdentity } from '#core/federation/ports.ts'
import { ok, type Result } from '#core/shared/result.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { firstValueOf } from './distinguished-name.ts'
import { refuse } from './refusals.ts'

const MOST_CLAIM_BYTES = 65_536
const SUBJECT_CHARACTERS = 255
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A UUID is the same in either case (RFC 9562 §4); any other subject is taken to the letter. Null: there is none, or no single one. */
export const subjectOf = (settings: LdapProviderSettings, entry: DirectoryEntry): string | null => {
  const attribute = settings.subjectAttribute ?? DIRECTORY_SCHEMAS[settings.schema].subjectAttribute
  const [value, ...others] = entry.valuesOf(attribute)
  if (value === undefined || value.trim() === '' || others.length > 0 || value.length > SUBJECT_CHARACTERS) return null
  return UUID.test(value) ? value.toLowerCase() : value
}

/**
 * Who an entry is. Claims are its attributes by the names of the settings, one value as text and several as a list in their order;
 * `dn`; and `groups` (distinguished names, as the directory spells them) with `groupNames` (the first value of each), which are for
 * people to read: two groups in different places may share one. Fails with `subject-missing` and `values-too-large`.
 */
export const readIdentity = (
  settings: LdapProviderSettings,
  entry: DirectoryEntry,
  groups: readonly string[],
  now: number,
): Result<UpstreamIdentity> => {
  const subject = subjectOf(settings, entry)
  if (subject === null) return refuse('subject-missing')
  const attributes = settings.attributes ?? DIRECTORY_SCHEMAS[settings.schema].attributes
  const claims = Object.fromEntries([
    ...attributes.flatMap((attribute) => {
      const values = entry.valuesOf(attribute)
      return values.length === 0 ? [] : [[attribute, values.length === 1 ? values[0] : values]]
    }),
    ['dn', entry.name],
    ...(settings.groups.from === 'none'
      ? []
      : [
          ['groups', groups],
          ['groupNames', groups.map(firstValueOf).filter((name) => name !== null)],
        ]),
  ])
  if (Buffer.byteLength(JSON.stringify(claims)) > MOST_CLAIM_BYTES) return refuse('values-too-large')
  return ok({ subject, claims, amr: ['pwd'], acr: null, authenticatedAt: Math.floor(now / 1000), session: null })
}
