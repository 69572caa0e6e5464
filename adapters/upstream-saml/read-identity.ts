import type { NamedSession } from '#adapters/saml/logout.ts'
import { readMoment } from '#adapters/saml/moment.ts'
import { ASSERTION } from '#adapters/saml/names.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { attributeOf, childrenNamed, childrenOf, isNamed, onlyChild, textOf } from '#adapters/saml/xml/read-xml.ts'
import type { UpstreamIdentity } from '#core/federation/ports.ts'
import { NAME_ID_FORMATS } from '#core/federation/saml-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'
import { authenticationMethods } from './authentication-methods.ts'
import { type CheckedAssertion, contextOf } from './check-assertion.ts'

const MOST_ATTRIBUTES = 200
const MOST_CHARACTERS = 65_536
const SUBJECT_CHARACTERS = 512

/** The form in which `UpstreamIdentity.session` keeps it. */
export const writeSession = (session: NamedSession): string => JSON.stringify(session)

/** Null: not written by `writeSession`. */
export const readSession = (text: string): NamedSession | null => {
  try {
    const session = JSON.parse(text) as NamedSession
    return typeof session?.nameId === 'string' ? session : null
  } catch {
    return null
  }
}

/** Text, or the one NameID that `eduPersonTargetedID` wraps it in; null: neither. */
const attributeValue = (value: Element): string | null => {
  const inner = onlyChild(value, ASSERTION, 'NameID')
  return inner !== null && childrenOf(value).length === 1 ? textOf(inner) : textOf(value)
}

const readAttributes = (assertion: Element): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const statement of childrenNamed(assertion, ASSERTION, 'AttributeStatement'))
    for (const attribute of childrenNamed(statement, ASSERTION, 'Attribute')) {
      const name = attributeOf(attribute, 'Name') ?? ''
      const values = childrenNamed(attribute, ASSERTION, 'AttributeValue').map(attributeValue)
      found.set(name, [...(found.get(name) ?? []), ...values.filter((value) => value !== null)])
    }
  return found
}

const isTooMuch = (attributes: ReadonlyMap<string, readonly string[]>): boolean => {
  const characters = [...attributes].reduce((sum, [name, values]) => sum + name.length + values.join('').length, 0)
  return attributes.size > MOST_ATTRIBUTES || characters > MOST_CHARACTERS
}

/** SAML 2.0 Core §2.4.1: a subject is named in one way. An encrypted name would have to be opened to be known: it is refused. */
const nameIdOf = (subject: Element): NamedSession | null => {
  const names = childrenOf(subject).filter(({ localName }) => ['NameID', 'BaseID', 'EncryptedID'].includes(localName))
  const [nameId] = names
  const text = nameId && names.length === 1 && isNamed(nameId, ASSERTION, 'NameID') ? textOf(nameId) : null
  if (!nameId || !text || text.trim() === '') return null
  return {
    nameId: text,
    format: attributeOf(nameId, 'Format'),
    nameQualifier: attributeOf(nameId, 'NameQualifier'),
    spNameQualifier: attributeOf(nameId, 'SPNameQualifier'),
    sessionIndex: null,
  }
}

const subjectOf = (
  name: NamedSession,
  attributes: ReadonlyMap<string, readonly string[]>,
  subjectAttribute: string | null,
): Result<string> => {
  if (subjectAttribute === null)
    return name.format === NAME_ID_FORMATS.transient ? refuse('subject-transient') : ok(name.nameId)
  const [value, ...others] = attributes.get(subjectAttribute) ?? []
  return value === undefined || value.trim() === '' || others.length > 0
    ? refuse('subject-missing', subjectAttribute)
    : ok(value)
}

/**
 * Who the assertion says somebody is. Claims are the assertion's attributes by their `Name`: one value as text, several as a
 * list; `NameID` and `NameIDFormat` are the subject's.
 *
 * @param assertion read from verified bytes, and checked
 */
export const readIdentity = (
  assertion: Element,
  { subject: subjectElement, statement }: CheckedAssertion,
  subjectAttribute: string | null,
): Result<UpstreamIdentity> => {
  const name = nameIdOf(subjectElement)
  if (name === null) return refuse('subject-missing')
  const attributes = readAttributes(assertion)
  if (isTooMuch(attributes)) return refuse('values-too-large')
  const subject = subjectOf(name, attributes, subjectAttribute)
  if (!subject.ok) return subject
  if (subject.value.length > SUBJECT_CHARACTERS) return refuse('values-too-large', 'subject')
  const context = contextOf(statement)
  const authenticatedAt = readMoment(attributeOf(statement, 'AuthnInstant'))
  return ok({
    subject: subject.value,
    claims: Object.fromEntries([
      ...[...attributes].map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
      ['NameID', name.nameId],
      ...(name.format === null ? [] : [['NameIDFormat', name.format]]),
    ]),
    amr: authenticationMethods(context),
    acr: context,
    authenticatedAt: authenticatedAt === null ? null : Math.floor(authenticatedAt / 1000),
    session: writeSession({ ...name, sessionIndex: attributeOf(statement, 'SessionIndex') }),
    nameId: name.nameId,
  })
}
