import { X509Certificate } from 'node:crypto'
import { ok, type Result } from '#core/shared/result.ts'
import { readMoment } from './moment.ts'
import { METADATA, POST_BINDING, PROTOCOL, REDIRECT_BINDING, SIGNATURE } from './names.ts'
import { refuse } from './refusals.ts'
import {
  attributeOf,
  childrenNamed,
  everyElement,
  isNamed,
  METADATA_LIMITS,
  onlyChild,
  readXml,
} from './xml/read-xml.ts'

/** Addresses of one service, by binding; null: not offered there, or not over https. */
export interface Endpoints {
  redirect: string | null
  post: string | null
}

/** What we believe of an identity provider. Its metadata can ask for more than the settings do, and never for less (attack 70). */
export interface IdpMetadata {
  entityId: string
  signOn: Endpoints
  logout: Endpoints
  /** Where answers about a logout go: elsewhere, where the metadata says so (SAML 2.0 Metadata §2.2.2). */
  logoutAnswers: Endpoints
  /** PEM; at least one. Descriptors without a `use` count: they are for everything. */
  certificates: readonly string[]
  wantsSignedRequests: boolean
  /** Epoch milliseconds; null: no end is said. */
  validUntil: number | null
  /** Milliseconds for which it asks to be kept; null: not said. */
  cacheMs: number | null
}

const MOST_CERTIFICATES = 10
const LEAST_RSA_BITS = 2048
const DURATION = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$/

const readDuration = (text: string | null): number | null => {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(text ?? '') ?? []
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return total > 0 ? total * 1000 : null
}

/** The browser is sent there with a form: https, nobody's name in it, and nothing a page could be scripted by (attack 16). */
const isUsableLocation = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && url.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === ''
}

const endpointsOf = (descriptor: Element, service: string, address = 'Location'): Endpoints => {
  const at = (binding: string): string | null =>
    childrenNamed(descriptor, METADATA, service)
      .filter((one) => attributeOf(one, 'Binding') === binding)
      .map((one) => attributeOf(one, address) ?? attributeOf(one, 'Location') ?? '')
      .find(isUsableLocation) ?? null
  return { redirect: at(REDIRECT_BINDING), post: at(POST_BINDING) }
}

const readCertificate = (text: string): X509Certificate | null => {
  try {
    return new X509Certificate(Buffer.from(text.replace(/\s/g, ''), 'base64'))
  } catch {
    return null
  }
}

const certificatesOf = (descriptor: Element): X509Certificate[] =>
  childrenNamed(descriptor, METADATA, 'KeyDescriptor')
    .filter((one) => [null, 'signing'].includes(attributeOf(one, 'use')))
    .flatMap(everyElement)
    .filter((one) => isNamed(one, SIGNATURE, 'X509Certificate'))
    .map(({ textContent }) => readCertificate(textContent ?? ''))
    .filter((one) => one !== null)

const rsaBits = ({ publicKey }: X509Certificate): number =>
  publicKey.asymmetricKeyType === 'rsa' ? (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) : 0

/** Keys that are too short are not used; where no other is left, the document is refused. */
const usableCertificates = (descriptor: Element): Result<string[]> => {
  const rsa = certificatesOf(descriptor).filter((one) => rsaBits(one) > 0)
  const strong = rsa.filter((one) => rsaBits(one) >= LEAST_RSA_BITS)
  if (strong.length === 0) return refuse(rsa.length > 0 ? 'metadata-weak-key' : 'metadata-no-certificate')
  return ok([...new Set(strong.map(String))].slice(0, MOST_CERTIFICATES))
}

interface Entity {
  entity: Element
  descriptor: Element
}

const providersIn = (root: Element): Entity[] =>
  everyElement(root)
    .filter((one) => isNamed(one, METADATA, 'EntityDescriptor'))
    .flatMap((entity) => {
      const descriptor = onlyChild(entity, METADATA, 'IDPSSODescriptor')
      const protocols = (descriptor && attributeOf(descriptor, 'protocolSupportEnumeration'))?.split(/\s+/) ?? []
      return descriptor && protocols.includes(PROTOCOL) ? [{ entity, descriptor }] : []
    })

const chosenProvider = (root: Element, wanted: string | null): Result<Entity> => {
  const all = providersIn(root)
  const [first, ...others] =
    wanted === null ? all : all.filter(({ entity }) => attributeOf(entity, 'entityID') === wanted)
  if (first === undefined) return refuse('metadata-no-provider', wanted ?? undefined)
  return others.length > 0 ? refuse('metadata-ambiguous') : ok(first)
}

/**
 * Reads the description of an identity provider (SAML 2.0 Metadata §2.4.3). It is believed because of where it came from; a
 * signature inside is not looked at.
 *
 * @param wanted entity id; null: the only one
 */
export const readIdpMetadata = (text: string, wanted: string | null): Result<IdpMetadata> => {
  const root = readXml(text.replace(/^\uFEFF/, ''), METADATA_LIMITS)
  if (!root.ok) return root
  const provider = chosenProvider(root.value, wanted)
  if (!provider.ok) return provider
  const { entity, descriptor } = provider.value
  const entityId = attributeOf(entity, 'entityID')
  if (!entityId) return refuse('metadata-no-provider')
  const certificates = usableCertificates(descriptor)
  if (!certificates.ok) return certificates
  const signOn = endpointsOf(descriptor, 'SingleSignOnService')
  if (signOn.redirect === null && signOn.post === null) return refuse('metadata-no-endpoint')
  const said = (name: string) => [root.value, entity, descriptor].map((one) => attributeOf(one, name))
  const ends = said('validUntil').filter((one) => one !== null)
  const moments = ends.map(readMoment).filter((one) => one !== null)
  if (moments.length < ends.length) return refuse('metadata-expired', 'validUntil is no time')
  const durations = said('cacheDuration')
    .map(readDuration)
    .filter((one) => one !== null)
  return ok({
    entityId,
    signOn,
    logout: endpointsOf(descriptor, 'SingleLogoutService'),
    logoutAnswers: endpointsOf(descriptor, 'SingleLogoutService', 'ResponseLocation'),
    certificates: certificates.value,
    wantsSignedRequests: ['true', '1'].includes(attributeOf(descriptor, 'WantAuthnRequestsSigned') ?? ''),
    validUntil: moments.length > 0 ? Math.min(...moments) : null,
    cacheMs: durations.length > 0 ? Math.min(...durations) : null,
  })
}
