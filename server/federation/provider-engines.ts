import { guardedFetch } from '#adapters/guarded-fetch/guarded-fetch.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgAssertionIds, pgKeptMetadata } from '#adapters/postgres/pg-saml-facts.ts'
import { upstreamOAuth } from '#adapters/upstream-oauth/upstream-oauth.ts'
import { upstreamOidc } from '#adapters/upstream-oidc/upstream-oidc.ts'
import { type SamlLogout, samlProvider } from '#adapters/upstream-saml/saml-provider.ts'
import type { ServiceProvider } from '#adapters/upstream-saml/service-provider.ts'
import type { IdentityProvider } from '#core/federation/identity-provider.ts'
import type { ProviderCheck, ProviderStore, RedirectProvider, UpstreamLogout } from '#core/federation/ports.ts'
import { type SamlProviderSettings, samlEntityId } from '#core/federation/saml-settings.ts'
import type { SamlKeys } from '#core/keys/ports.ts'
import type { PoolLinks } from '#core/pools/ports.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'

/** What speaks to one provider that sends the browser elsewhere. */
export type ProviderEngine = RedirectProvider & ProviderCheck & Partial<UpstreamLogout> & Partial<SamlLogout>

export interface ProviderEnginesOptions {
  config: Pick<Config, 'mode' | 'CALL_PRIVATE_NETWORKS'>
  database: Pick<Database, 'pool'>
  secrets: Pick<ProviderStore, 'secret'>
  samlKeys: SamlKeys
  links: PoolLinks
  clock: Clock
  random: Random
}

/** Engines hold what they learnt of their provider; a process serves no more at once. */
const MOST_ENGINES = 500

/** Engines of providers, made when they are wanted and again when their settings change. */
export const providerEngines = ({
  config,
  database,
  secrets,
  samlKeys,
  links,
  clock,
  random,
}: ProviderEnginesOptions) => {
  const isDevelopment = config.mode === 'development'
  // A developer's provider listens on the same machine, without TLS.
  const call = guardedFetch({ allowPrivate: config.CALL_PRIVATE_NETWORKS || isDevelopment, allowHttp: isDevelopment })
  const made = new Map<string, { updatedAt: number; engine: Promise<ProviderEngine> }>()

  /** The pool towards one provider. One key signs and opens: it is the pool's own, and nobody else's. */
  const serviceProvider = async (poolId: string, { entityIdForm }: SamlProviderSettings): Promise<ServiceProvider> => {
    const key = await samlKeys.of(poolId, 'sp')
    return {
      entityId: samlEntityId(poolId, entityIdForm),
      acsUrl: `${links.base(poolId)}/saml2/idpresponse`,
      logoutUrl: `${links.base(poolId)}/saml2/logout`,
      signing: key,
      decryption: [key],
    }
  }

  const make = async ({ poolId, name, settings }: IdentityProvider): Promise<ProviderEngine> => {
    const readSecret = async (): Promise<string> => {
      const secret = await secrets.secret(poolId, name)
      if (secret === null) throw new Error('the provider has no secret')
      return secret
    }
    switch (settings.kind) {
      case 'oidc':
        return upstreamOidc(settings, { call, readSecret, clock, random })
      case 'oauth':
        return upstreamOAuth(settings, { call, readSecret, random })
      case 'saml':
        return samlProvider({
          poolId,
          providerId: name,
          settings,
          serviceProvider: await serviceProvider(poolId, settings),
          fetch: call,
          kept: pgKeptMetadata(database),
          ids: pgAssertionIds(database),
          random,
          clock,
        })
    }
  }

  const engineFor = (provider: IdentityProvider): Promise<ProviderEngine> => {
    const key = JSON.stringify([provider.poolId, provider.name])
    const updatedAt = provider.updatedAt.getTime()
    const known = made.get(key)
    if (known?.updatedAt === updatedAt) return known.engine
    const engine = make(provider)
    made.delete(key)
    if (made.size >= MOST_ENGINES) made.delete(made.keys().next().value ?? '')
    made.set(key, { updatedAt, engine })
    engine.catch(() => made.delete(key))
    return engine
  }
  return { engineFor, serviceProvider }
}
export type ProviderEngines = ReturnType<typeof providerEngines>
