import { refuse } from '#adapters/saml/refusals.ts'
import { METADATA_LIMITS } from '#adapters/saml/xml/read-xml.ts'
import type { GuardedFetch, KeptMetadata } from '#core/federation/ports.ts'
import type { SamlSettings } from '#core/federation/saml-settings.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { type IdpMetadata, readIdpMetadata } from './idp-metadata.ts'

const MINUTE_MS = 60_000
/** As Cognito does («observed»). */
const REFRESH_MS = 6 * 60 * MINUTE_MS
/** A provider that asks to be read more often than this is not. */
const LEAST_REFRESH_MS = 5 * MINUTE_MS
/** Nor is one that is down, or a stream of responses with wrong signatures, a reason to ask more often than this. */
const RETRY_MS = MINUTE_MS
const TIMEOUT_MS = 10_000

export interface MetadataSource {
  /** What is known now; where that is old, it is still used while it is fetched anew beside. Fails where nothing was ever known. */
  current(now: number): Promise<Result<IdpMetadata>>
  /** Fetched anew, unless that was just tried; for a provider that changed its key before its time. */
  refreshed(now: number): Promise<Result<IdpMetadata>>
}

interface Held {
  metadata: IdpMetadata
  fetchedAt: number
}

const checkValidity = (metadata: IdpMetadata, now: number): Result<IdpMetadata> =>
  metadata.validUntil !== null && now >= metadata.validUntil ? refuse('metadata-expired') : ok(metadata)

const fixedSource = (text: string, entityId: string | null): MetadataSource => {
  const read = readIdpMetadata(text, entityId)
  const current = async (now: number) => (read.ok ? checkValidity(read.value, now) : read)
  return { current, refreshed: current }
}

interface Source {
  fetch: GuardedFetch
  kept: KeptMetadata
  poolId: string
  providerId: string
}

const fetchedSource = (
  url: string,
  entityId: string | null,
  { fetch, kept, poolId, providerId }: Source,
): MetadataSource => {
  let held: Held | null = null
  let triedAt = Number.NEGATIVE_INFINITY
  let underWay: Promise<Result<IdpMetadata>> | null = null

  const fetchAnew = async (now: number): Promise<Result<IdpMetadata>> => {
    const answer = await fetch({ url, timeoutMs: TIMEOUT_MS, maxBytes: METADATA_LIMITS.characters })
    if (!answer.ok) return answer
    if (answer.value.status !== 200)
      return fail('upstream-unreachable', { because: `metadata answered with status ${answer.value.status}` })
    const read = readIdpMetadata(answer.value.body, entityId)
    const valid = read.ok ? checkValidity(read.value, now) : read
    if (!valid.ok) return valid
    held = { metadata: valid.value, fetchedAt: now }
    await kept.keep(poolId, providerId, answer.value.body, new Date(now))
    return valid
  }

  /** One at a time: everybody who needs it meanwhile waits for the same. */
  const refresh = (now: number): Promise<Result<IdpMetadata>> => {
    if (underWay === null) {
      triedAt = now
      underWay = fetchAnew(now).finally(() => {
        underWay = null
      })
    }
    return underWay
  }

  /** What an earlier process learnt; as good as stale, so that it is fetched anew beside. */
  const remembered = async (): Promise<Held | null> => {
    const document = await kept.load(poolId, providerId)
    const read = document === null ? null : readIdpMetadata(document, entityId)
    return read?.ok ? { metadata: read.value, fetchedAt: Number.NEGATIVE_INFINITY } : null
  }

  const isFresh = ({ metadata, fetchedAt }: Held, now: number): boolean =>
    now - fetchedAt < Math.min(REFRESH_MS, Math.max(LEAST_REFRESH_MS, metadata.cacheMs ?? REFRESH_MS))

  const current = async (now: number): Promise<Result<IdpMetadata>> => {
    held ??= await remembered()
    if (held === null) return refresh(now)
    const usable = checkValidity(held.metadata, now)
    if (!usable.ok) return refresh(now)
    // A failure leaves what is held as it is, and the next journey after the pause tries again.
    if (!isFresh(held, now) && now - triedAt >= RETRY_MS) refresh(now).catch(() => {})
    return usable
  }

  const refreshed = (now: number): Promise<Result<IdpMetadata>> =>
    underWay ?? (now - triedAt >= RETRY_MS ? refresh(now) : current(now))

  return { current, refreshed }
}

/** Metadata of one provider: as text in its settings, or by address. */
export const metadataSource = (
  { metadataUrl, metadataXml, idpEntityId }: Pick<SamlSettings, 'metadataUrl' | 'metadataXml' | 'idpEntityId'>,
  source: Source,
): MetadataSource =>
  metadataUrl === null ? fixedSource(metadataXml ?? '', idpEntityId) : fetchedSource(metadataUrl, idpEntityId, source)
