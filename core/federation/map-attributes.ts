import { readClaim } from '../shared/read-claim.ts'
import type { ProviderTrust } from './provider-common.ts'

type Claims = Readonly<Record<string, unknown>>

/** What a sign-in writes into the person's profile. */
export interface MappedProfile {
  /** A claim that is missing now is not here: the old value stays, as with Cognito. */
  attributes: Readonly<Record<string, string | boolean>>
  /** Required attributes that nothing came for; in the order of the settings. */
  missing: readonly string[]
  /** Claims that came and cannot be stored; for the event. */
  unusable: readonly { attribute: string; because: 'too-long' | 'no-text' | 'control-characters' }[]
  /** Groups the rules put the person into. */
  groups: readonly string[]
  /** All groups the rules speak of: whoever is in one of these and not in `groups` leaves it. */
  managedGroups: readonly string[]
}

type Read = { value: string } | { because: MappedProfile['unusable'][number]['because'] } | null

const MOST_CHARACTERS = 2048
const FLAGS: ReadonlySet<string> = new Set(['email_verified', 'phone_number_verified'])
/** Written as they are in a list; anything else is encoded as in a form. */
const PLAIN = /^[A-Za-z0-9.\-*_]*$/

const encoded = (text: string): string => new URLSearchParams({ v: text }).toString().slice('v='.length)

const textOf = (value: unknown): string | null => {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

/** Several values become one text, as Cognito writes them: `[a, b]`. */
const listText = (values: readonly unknown[]): string | null => {
  const texts = values.map(textOf)
  if (texts.some((text) => text === null)) return null
  return `[${texts.map((text) => (PLAIN.test(text ?? '') ? text : encoded(text ?? ''))).join(', ')}]`
}

/** OpenID Connect Core §5.1.1: an address is an object; the profile keeps the lines to print. */
const addressText = (value: unknown): string | null => {
  const formatted = typeof value === 'object' && value !== null && 'formatted' in value ? value.formatted : null
  return typeof formatted === 'string' ? formatted : null
}

const readText = (attribute: string, value: unknown): Read => {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return null
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value
  const text =
    textOf(single) ?? (Array.isArray(single) ? listText(single) : attribute === 'address' ? addressText(single) : null)
  if (text === null) return { because: 'no-text' }
  if ([...text].length > MOST_CHARACTERS) return { because: 'too-long' }
  const lines = attribute === 'address' ? text.replaceAll(/\r?\n/g, '') : text
  return /\p{Cc}/u.test(lines) ? { because: 'control-characters' } : { value: text }
}

/** Some providers send the flag as a text; anything but a plain yes is a no. */
const saysYes = (claims: Claims, path: string | undefined): boolean => {
  const value = path === undefined ? undefined : readClaim(claims, path)
  return value === true || value === 'true'
}

/** Anything with two readings (quoted local parts, several addresses in one text) is believed in none. */
const PLAIN_ADDRESS = /^[^\s@,;<>"]+@([^\s@,;<>"]+)$/

const isCovered = ({ emailDomains }: ProviderTrust, email: string): boolean => {
  const domain = PLAIN_ADDRESS.exec(email)?.[1]?.toLowerCase()
  return domain !== undefined && (emailDomains === null || emailDomains.includes(domain))
}

const isEmailVerified = (provider: ProviderTrust, claims: Claims, email: string): boolean => {
  if (provider.trustsEmail === 'never' || !isCovered(provider, email)) return false
  return (
    (provider.trustsEmail === 'always' && provider.emailDomains !== null) ||
    saysYes(claims, provider.attributeMapping.email_verified)
  )
}

/**
 * What the provider's claims become here. Pure; applied at every sign-in.
 *
 * `email_verified` and `phone_number_verified` are written whenever the address is, and are true only where the settings trust the
 * provider with that: a change of the address thereby loses an old flag. Nothing is mapped to what the settings do not name.
 */
export const mapAttributes = (provider: ProviderTrust, claims: Claims): MappedProfile => {
  const attributes: Record<string, string | boolean> = {}
  const unusable: { attribute: string; because: 'too-long' | 'no-text' | 'control-characters' }[] = []
  for (const [attribute, path] of Object.entries(provider.attributeMapping)) {
    if (FLAGS.has(attribute) || path === undefined) continue
    const read = readText(attribute, readClaim(claims, path))
    if (read === null) continue
    if ('value' in read) attributes[attribute] = read.value
    else unusable.push({ attribute, because: read.because })
  }
  const { email, phone_number } = attributes
  if (typeof email === 'string') attributes.email_verified = isEmailVerified(provider, claims, email)
  if (typeof phone_number === 'string')
    attributes.phone_number_verified =
      provider.trustsPhone && saysYes(claims, provider.attributeMapping.phone_number_verified)

  return {
    attributes,
    missing: provider.requiredAttributes.filter((name) => attributes[name] === undefined),
    unusable,
    groups: groupsFrom(provider, claims),
    managedGroups: [...new Set(provider.groupRules.map(({ group }) => group))],
  }
}

const groupsFrom = ({ groupRules }: ProviderTrust, claims: Claims): string[] => {
  const matching = groupRules.filter(({ claim, equals }) => {
    const value = readClaim(claims, claim)
    return [value].flat().some((one) => textOf(one) === equals)
  })
  return [...new Set(matching.map(({ group }) => group))]
}
