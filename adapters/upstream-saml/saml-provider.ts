import { departure } from '#adapters/saml/departure.ts'
import {
  type LogoutRules,
  type LogoutWish,
  logoutRequest,
  logoutResponse,
  type ReceivedLogout,
  readLogoutRequest,
  readLogoutResponse,
} from '#adapters/saml/logout.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import type {
  AssertionIds,
  Departure,
  GuardedFetch,
  KeptMetadata,
  ProviderCheck,
  RedirectProvider,
  UpstreamCallback,
  UpstreamIdentity,
  UpstreamLogout,
  UpstreamState,
} from '#core/federation/ports.ts'
import { NAME_ID_FORMATS, type SamlSettings } from '#core/federation/saml-settings.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { authnRequestXml } from './authn-request.ts'
import { checkSamlProvider } from './check-provider.ts'
import type { Expected } from './check-response.ts'
import type { IdpMetadata } from './idp-metadata.ts'
import { metadataSource } from './metadata-source.ts'
import { readSession } from './read-identity.ts'
import type { ServiceProvider } from './service-provider.ts'
import { verifyResponse } from './verify-response.ts'

export interface SamlProviderParts {
  poolId: string
  providerId: string
  settings: SamlSettings
  serviceProvider: ServiceProvider
  fetch: GuardedFetch
  kept: KeptMetadata
  ids: AssertionIds
  random: Random
  clock: Clock
}

export interface SamlLogout extends UpstreamLogout {
  /** By its metadata; null where that is not known. */
  entityId(): Promise<string | null>
  /** As `logout`, with the ID that the provider's answer has to name; `relayState` comes back unchanged. */
  leave(session: string, relayState: string): Promise<{ departure: Departure; requestId: string } | null>
  /** The provider's answer to `leave`. */
  left(received: ReceivedLogout, requestId: string): Promise<Result<void>>
  /** The provider wants a session ended; counts once. */
  wished(received: ReceivedLogout): Promise<Result<LogoutWish>>
  /** Our answer to `wished`; null: the provider takes none. */
  answer(wish: LogoutWish, hasSucceeded: boolean, relayState: string | null): Promise<Departure | null>
}

/** Contexts are URIs without spaces: one line keeps them. */
const writeContexts = (contexts: readonly string[]): string => contexts.join(' ')
const readContexts = (text: string | undefined): string[] => (text ?? '').split(' ').filter(Boolean)

/** Worth another try with keys fetched anew: the provider may have changed them. */
const MAY_BE_ROTATED = /^(certificate-unknown|signature-invalid)/

/** One SAML identity provider of a pool. */
export const samlProvider = (parts: SamlProviderParts): RedirectProvider & SamlLogout & ProviderCheck => {
  const { poolId, providerId, settings, serviceProvider: sp, ids, random, clock } = parts
  const metadata = metadataSource(settings, parts)
  const skewMs = settings.clockSkewSeconds * 1000
  /** An xs:ID begins with a letter or an underscore. 160 random bits, as SAML 2.0 Core §1.3.4 recommends. */
  const newId = () => `_${Buffer.from(random.bytes(20)).toString('hex')}`

  const expectedOf = (callback: UpstreamCallback, remembered: UpstreamState, issuer: string): Expected => ({
    issuer,
    audience: sp.entityId,
    acsUrl: remembered.acsUrl ?? sp.acsUrl,
    requestId: remembered.requestId ?? null,
    freshSince: remembered.freshSince === undefined ? null : Number(remembered.freshSince),
    contexts: readContexts(remembered.contexts),
    now: callback.now,
    skewMs,
  })

  const verifyWith = (idp: IdpMetadata, callback: UpstreamCallback, remembered: UpstreamState) =>
    verifyResponse(callback.parameters.SAMLResponse, {
      expected: expectedOf(callback, remembered, idp.entityId),
      settings,
      certificates: idp.certificates,
      decryptionKeys: sp.decryption.map(({ privateKey }) => privateKey),
    })

  const verify = async (callback: UpstreamCallback, remembered: UpstreamState) => {
    const known = await metadata.current(callback.now)
    if (!known.ok) return known
    const first = verifyWith(known.value, callback, remembered)
    if (first.ok || !MAY_BE_ROTATED.test(first.failure.because ?? '')) return first
    const anew = await metadata.refreshed(callback.now)
    const isOther = anew.ok && anew.value.certificates.join() !== known.value.certificates.join()
    return isOther ? verifyWith(anew.value, callback, remembered) : first
  }

  const rulesOf = async (now: number): Promise<Result<LogoutRules>> => {
    const idp = await metadata.current(now)
    return idp.ok ? ok({ peer: idp.value, logoutUrl: sp.logoutUrl, allowSha1: settings.allowSha1, skewMs }) : idp
  }

  const leave: SamlLogout['leave'] = async (session, relayState) => {
    const [person, now] = [readSession(session), clock.now().getTime()]
    const idp = await metadata.current(now)
    if (!settings.singleLogout || person === null || sp.signing === null || !idp.ok) return null
    const requestId = newId()
    const sent = { id: requestId, issuer: sp.entityId, relayState, now, key: sp.signing }
    const away = logoutRequest(idp.value, person, sent)
    return away === null ? null : { departure: away, requestId }
  }

  return {
    async begin(request) {
      const idp = await metadata.current(request.now)
      if (!idp.ok) return idp
      const mustSign = settings.signRequests || idp.value.wantsSignedRequests
      if (mustSign && sp.signing === null) return fail('upstream-unreachable', { because: 'request-signing-required' })
      const binding = idp.value.signOn[settings.binding] === null ? otherOf(settings.binding) : settings.binding
      const location = idp.value.signOn[binding] ?? ''
      const id = newId()
      const contexts = request.acr === null ? settings.authnContexts : [request.acr]
      const xml = authnRequestXml({
        id,
        issuer: sp.entityId,
        destination: location,
        acsUrl: request.callbackUrl,
        nameIdFormat: settings.nameIdFormat === null ? null : NAME_ID_FORMATS[settings.nameIdFormat],
        forceAuthn: request.forceAuthentication,
        contexts,
        now: request.now,
      })
      const message = { location, field: 'SAMLRequest' as const, xml, relayState: request.state }
      return ok({
        departure: departure(binding, message, mustSign ? sp.signing : null),
        remember: {
          requestId: id,
          relayState: request.state,
          acsUrl: request.callbackUrl,
          contexts: writeContexts(contexts),
          ...(request.forceAuthentication ? { freshSince: String(request.now) } : {}),
        },
      })
    },

    /** `remembered` without a request: the provider began by itself, which is taken only where the settings allow it. */
    async finish(callback, remembered): Promise<Result<UpstreamIdentity>> {
      if (remembered.requestId === undefined && !settings.idpInitiated) return refuse('unsolicited')
      if (remembered.relayState !== undefined && callback.parameters.RelayState !== remembered.relayState)
        return refuse('relay-state-mismatch')
      const verified = await verify(callback, remembered)
      if (!verified.ok) return verified
      const { id, usableUntil } = verified.value.assertion
      const isFirst = await ids.use(poolId, providerId, id, new Date(usableUntil))
      return isFirst ? ok(verified.value.identity) : refuse('replayed')
    },

    async entityId() {
      const idp = await metadata.current(clock.now().getTime())
      return idp.ok ? idp.value.entityId : null
    },

    leave,

    async logout(session, returnTo) {
      return (await leave(session, returnTo))?.departure ?? null
    },

    async left(received, requestId) {
      const rules = await rulesOf(received.now)
      return rules.ok ? readLogoutResponse(received, requestId, rules.value) : rules
    },

    async wished(received) {
      const rules = await rulesOf(received.now)
      if (!rules.ok) return rules
      const wish = readLogoutRequest(received, rules.value)
      if (!wish.ok) return wish
      const isFirst = await ids.use(poolId, providerId, `logout ${wish.value.id}`, new Date(wish.value.usableUntil))
      return isFirst ? wish : refuse('replayed')
    },

    async answer({ id }, hasSucceeded, relayState) {
      const now = clock.now().getTime()
      const idp = await metadata.current(now)
      if (sp.signing === null || !idp.ok) return null
      const sent = { id: newId(), issuer: sp.entityId, relayState, now, key: sp.signing }
      return logoutResponse(idp.value, { inResponseTo: id, hasSucceeded }, sent)
    },

    async check() {
      const now = clock.now().getTime()
      return checkSamlProvider(await metadata.refreshed(now), settings, sp, now)
    },
  }
}

const otherOf = (binding: SamlSettings['binding']): SamlSettings['binding'] =>
  binding === 'redirect' ? 'post' : 'redirect'
