import {
  type Endpoints,
  type Entity,
  endpointsOf,
  entitiesOf,
  usableCertificates,
} from '#adapters/saml/metadata-parts.ts'
import { readMoment } from '#adapters/saml/moment.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { attributeOf, METADATA_LIMITS, readXml } from '#adapters/saml/xml/read-xml.ts'
import { ok, type Result } from '#core/shared/result.ts'

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

const DURATION = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$/

const readDuration = (text: string | null): number | null => {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = DURATION.exec(text ?? '') ?? []
  const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return total > 0 ? total * 1000 : null
}

const chosenProvider = (root: Element, wanted: string | null): Result<Entity> => {
  const all = entitiesOf(root, 'IDPSSODescriptor')
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
