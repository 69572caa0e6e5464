import { samlProvider } from '#adapters/upstream-saml/saml-provider.ts'
import type { GuardedFetch, UpstreamCallback, UpstreamState } from '#core/federation/ports.ts'
import { SamlProviderSettings } from '#core/federation/saml-settings.ts'
import type { Result } from '#core/shared/result.ts'
import { fail } from '#core/shared/result.ts'
import { memoryAssertionIds, memoryKeptMetadata } from '../memory/federation.ts'
import { seededRandom } from '../seeded-random.ts'
import { ACS, AT, idpMetadataXml, keys, LOGOUT, REQUEST_ID, SP_ENTITY } from './test-idp.ts'

export const nowhere: GuardedFetch = async () => fail('upstream-unreachable', { because: 'no network in this test' })

/** A provider of pool eu_1 that knows the identity provider of test-idp.ts. */
export const testProvider = (settings: Record<string, unknown> = {}, fetch: GuardedFetch = nowhere) => {
  const source = settings.metadataUrl === undefined ? { metadataXml: idpMetadataXml() } : {}
  const clock = { at: AT }
  const now = () => new Date(clock.at)
  const provider = samlProvider({
    poolId: 'eu_1',
    providerId: 'corp',
    settings: SamlProviderSettings.parse({ kind: 'saml', name: 'Corp', ...source, ...settings }),
    serviceProvider: {
      entityId: SP_ENTITY,
      acsUrl: ACS,
      logoutUrl: LOGOUT,
      signing: keys().pool,
      decryption: [keys().pool],
    },
    fetch,
    kept: memoryKeptMetadata(),
    ids: memoryAssertionIds(),
    random: seededRandom(7),
    clock: { now },
  })
  return { provider, clock }
}

export const STATE = 'opaque-state'

export const REMEMBERED: UpstreamState = { requestId: REQUEST_ID, relayState: STATE, acsUrl: ACS }

export const posted = (xml: string | Buffer, now = AT, relayState: string | null = STATE): UpstreamCallback => ({
  method: 'POST',
  url: ACS,
  parameters: {
    SAMLResponse: Buffer.from(xml).toString('base64'),
    ...(relayState === null ? {} : { RelayState: relayState }),
  },
  now,
})

/** "accepted", or the reason for the log without its detail. */
export const outcome = (result: Result<unknown>): string =>
  result.ok ? 'accepted' : ((result.failure.because ?? result.failure.code).split(':')[0] ?? '')
