import { systemClock } from '#adapters/clock/system-clock.ts'
import { guardedFetch } from '#adapters/guarded-fetch/guarded-fetch.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgAssertionIds, pgKeptMetadata } from '#adapters/postgres/pg-saml-facts.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import { upstreamOAuth } from '#adapters/upstream-oauth/upstream-oauth.ts'
import { upstreamOidc } from '#adapters/upstream-oidc/upstream-oidc.ts'
import { type SamlLogout, samlProvider } from '#adapters/upstream-saml/saml-provider.ts'
import type { ServiceProvider } from '#adapters/upstream-saml/service-provider.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import { samlSpAddresses } from '#core/federation/index.ts'
import type {
  AssertionIds,
  GuardedFetch,
  KeptMetadata,
  ProviderCheck,
  ProviderStore,
  RedirectProvider,
  UpstreamTokenRefresh,
} from '#core/federation/ports.ts'
import type { SamlProviderSettings } from '#core/federation/saml-settings.ts'
import type { PoolLinks } from '#core/pools/ports.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'

/** What speaks to one provider; it can end sessions there, or renew tokens, where it has the members for it. */
export type FederationEngine = RedirectProvider & ProviderCheck & Partial<SamlLogout> & Partial<UpstreamTokenRefresh>

/** Keys of a pool as a SAML service provider. */
export type SamlKeys = Pick<ServiceProvider, 'signing' | 'decryption'>

export interface EngineParts {
  secretOf: ProviderStore['secret']
  samlKeys(poolId: string): Promise<SamlKeys>
  links: PoolLinks
  call: GuardedFetch
  kept: KeptMetadata
  ids: AssertionIds
  clock: Clock
  random: Random
}

export interface FederationEngines {
  /** The same one for as long as settings and keys stay: it remembers what it fetched. */
  engineFor(provider: IdentityProvider): Promise<FederationEngine>
}

/** Of engines that speak no SAML. */
const NO_KEYS: SamlKeys = { signing: null, decryption: [] }

/** Engines kept; a fleet of pools with more than these makes some of them anew. */
const MOST_ENGINES = 500

/** The pool towards one SAML provider. */
export const serviceProviderOf = (
  { links }: Pick<EngineParts, 'links'>,
  poolId: string,
  settings: Pick<SamlProviderSettings, 'entityIdForm'>,
  keys: SamlKeys,
): ServiceProvider => ({
  ...samlSpAddresses(links.base(poolId), poolId, settings),
  ...keys,
})

const makeEngine = (parts: EngineParts, { poolId, name, settings }: IdentityProvider, keys: SamlKeys) => {
  const { call, clock, random, kept, ids } = parts
  const readSecret = async (): Promise<string> => {
    const secret = await parts.secretOf(poolId, name)
    if (secret === null) throw new Error('the provider has no secret')
    return secret
  }
  switch (settings.kind) {
    case 'oidc':
      return upstreamOidc(settings, { call, readSecret, clock, random })
    case 'oauth':
      return upstreamOAuth(settings, { call, readSecret, random })
    case 'ldap':
      throw new Error('a directory is asked here, and nobody is sent to it')
    case 'saml': {
      const serviceProvider = serviceProviderOf(parts, poolId, settings, keys)
      return samlProvider({
        poolId,
        providerId: name,
        settings,
        serviceProvider,
        fetch: call,
        kept,
        ids,
        random,
        clock,
      })
    }
  }
}

/** Engines by provider, each made when it is first asked for and anew when the provider or the pool's keys have changed. */
export const federationEngines = (parts: EngineParts): FederationEngines => {
  const made = new Map<string, { stamp: string; engine: FederationEngine }>()
  return {
    async engineFor(provider) {
      const { poolId, name, settings, updatedAt } = provider
      const keys = settings.kind === 'saml' ? await parts.samlKeys(poolId) : NO_KEYS
      const certificates = [keys.signing, ...keys.decryption].map((key) => key?.certificate ?? '')
      const [key, stamp] = [JSON.stringify([poolId, name]), JSON.stringify([updatedAt.getTime(), certificates])]
      const known = made.get(key)
      made.delete(key)
      const engine: FederationEngine = known?.stamp === stamp ? known.engine : makeEngine(parts, provider, keys)
      // The one that was asked for least recently goes first.
      if (made.size >= MOST_ENGINES) made.delete(made.keys().next().value ?? '')
      made.set(key, { stamp, engine })
      return engine
    },
  }
}

/** Over the deployment's database and networks. */
export const federationEnginesOver = (
  { mode, CALL_PRIVATE_NETWORKS }: Pick<Config, 'mode' | 'CALL_PRIVATE_NETWORKS'>,
  { database, ...rooms }: Pick<EngineParts, 'secretOf' | 'links' | 'samlKeys'> & { database: Database },
): FederationEngines => {
  // A developer's provider runs on the same machine, without TLS.
  const isDevelopment = mode === 'development'
  return federationEngines({
    ...rooms,
    call: guardedFetch({ allowPrivate: CALL_PRIVATE_NETWORKS || isDevelopment, allowHttp: isDevelopment }),
    kept: pgKeptMetadata(database),
    ids: pgAssertionIds(database),
    clock: systemClock,
    random: systemRandom,
  })
}
