import { NAME_FORMATS, type SamlAppSettings } from './saml-app-settings.ts'

export interface SamlAttribute {
  name: string
  /** URN. */
  nameFormat: string
  values: readonly string[]
}

/** Told only once proven: apps find accounts by them (attack 60). */
const PROVEN_BY: Readonly<Record<string, string>> = { email: 'email_verified', phone_number: 'phone_number_verified' }

const textOf = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  return value === null || value === undefined ? [] : [JSON.stringify(value)]
}

/**
 * A person's claims under the names that a client gave them: what is not listed is not told, nor is an address that nobody
 * proved. A claim with several values (`cognito:groups`) is an attribute with several values; one without any is left out.
 */
export const attributesFor = (
  { attributes }: Pick<SamlAppSettings, 'attributes'>,
  claims: Readonly<Record<string, unknown>>,
): SamlAttribute[] =>
  Object.entries(attributes).flatMap(([claim, { name, nameFormat }]) => {
    const proof = Object.hasOwn(PROVEN_BY, claim) ? PROVEN_BY[claim] : undefined
    if (proof !== undefined && claims[proof] !== true && claims[proof] !== 'true') return []
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined
    const values = (Array.isArray(value) ? value : [value]).flatMap(textOf)
    return values.length === 0 ? [] : [{ name, nameFormat: NAME_FORMATS[nameFormat], values }]
  })
