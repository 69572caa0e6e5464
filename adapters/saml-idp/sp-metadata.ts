import { endpointsOf, entitiesOf, usableCertificates } from '#adapters/saml/metadata-parts.ts'
import { readMoment } from '#adapters/saml/moment.ts'
import { METADATA, POST_BINDING } from '#adapters/saml/names.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { attributeOf, childrenNamed, METADATA_LIMITS, readXml, textOf } from '#adapters/saml/xml/read-xml.ts'
import { NAME_ID_FORMATS, type NameIdFormat } from '#core/federation/saml-settings.ts'
import type { SamlAppSettingsInput } from '#core/saml-idp/saml-app-settings.ts'
import { ok, type Result } from '#core/shared/result.ts'

const isTrue = (text: string | null): boolean => ['true', '1'].includes(text ?? '')

/** The default first: SAML 2.0 Metadata §2.2.3. */
const consumersOf = (descriptor: Element): SamlAppSettingsInput['assertionConsumers'] => {
  const all = childrenNamed(descriptor, METADATA, 'AssertionConsumerService').filter(
    (one) => attributeOf(one, 'Binding') === POST_BINDING,
  )
  const rank = (one: Element): number =>
    isTrue(attributeOf(one, 'isDefault')) ? 0 : attributeOf(one, 'isDefault') === null ? 1 : 2
  return all
    .toSorted((a, b) => rank(a) - rank(b))
    .map((one) => ({ url: attributeOf(one, 'Location') ?? '', index: Number(attributeOf(one, 'index') ?? 0) }))
}

const logoutOf = (descriptor: Element): NonNullable<SamlAppSettingsInput['logout']> => {
  const requests = endpointsOf(descriptor, 'SingleLogoutService')
  const answers = endpointsOf(descriptor, 'SingleLogoutService', 'ResponseLocation')
  const binding = requests.redirect === null ? 'post' : 'redirect'
  const elsewhere = answers[binding] === requests[binding] ? null : answers[binding]
  return {
    ...(requests.redirect === null ? {} : { redirect: requests.redirect }),
    ...(requests.post === null ? {} : { post: requests.post }),
    ...(elsewhere === null ? {} : { responses: elsewhere }),
  }
}

const formatsOf = (descriptor: Element): NameIdFormat[] => {
  const named = childrenNamed(descriptor, METADATA, 'NameIDFormat').map((one) => textOf(one)?.trim())
  const known = Object.entries(NAME_ID_FORMATS) as [NameIdFormat, string][]
  return [...new Set(named.flatMap((urn) => known.filter(([, each]) => each === urn).map(([format]) => format)))]
}

const optionalCertificates = (descriptor: Element, use: 'signing' | 'encryption'): Result<string[]> => {
  const found = usableCertificates(descriptor, use)
  return !found.ok && found.failure.because === 'metadata-no-certificate' ? ok([]) : found
}

/**
 * What a service provider says of itself (SAML 2.0 Metadata §2.4.4), as settings of a client; what it does not say is left to
 * the settings there are. Believed because an administrator gave it: a signature inside is not looked at. Fails with
 * `upstream-invalid`.
 *
 * @param now epoch milliseconds
 */
export const readSpMetadata = (text: string, now: number): Result<SamlAppSettingsInput> => {
  const root = readXml(text.replace(/^\uFEFF/, ''), METADATA_LIMITS)
  if (!root.ok) return root
  const [provider, ...others] = entitiesOf(root.value, 'SPSSODescriptor')
  if (provider === undefined) return refuse('metadata-no-provider')
  if (others.length > 0) return refuse('metadata-ambiguous')
  const { entity, descriptor } = provider
  const until = attributeOf(entity, 'validUntil') ?? attributeOf(descriptor, 'validUntil')
  if (until !== null && (readMoment(until) ?? 0) <= now) return refuse('metadata-expired')
  const signing = optionalCertificates(descriptor, 'signing')
  if (!signing.ok) return signing
  const encryption = optionalCertificates(descriptor, 'encryption')
  if (!encryption.ok) return encryption
  const assertionConsumers = consumersOf(descriptor)
  if (assertionConsumers.length === 0) return refuse('metadata-no-endpoint')
  const [encryptionCertificate] = encryption.value
  const nameIdFormats = formatsOf(descriptor)
  return ok({
    entityId: attributeOf(entity, 'entityID') ?? '',
    assertionConsumers,
    logout: logoutOf(descriptor),
    certificates: signing.value,
    ...(encryptionCertificate === undefined ? {} : { encryptionCertificate }),
    requireSignedRequests: isTrue(attributeOf(descriptor, 'AuthnRequestsSigned')),
    ...(nameIdFormats.length === 0 ? {} : { nameIdFormats }),
  })
}
