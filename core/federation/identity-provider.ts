import { z } from 'zod'
import type { ProviderType } from './provider-common.ts'
import { OAuthProviderSettings, OidcProviderSettings } from './provider-settings.ts'
import { SamlProviderSettings } from './saml-settings.ts'

/** Settings of a provider, by what it speaks: `kind`. */
export const ProviderSettings = z.discriminatedUnion('kind', [
  OidcProviderSettings,
  OAuthProviderSettings,
  SamlProviderSettings,
])
export type ProviderSettings = z.infer<typeof ProviderSettings>

/** One identity provider of a pool; its name is unique there, and does not change. */
export interface IdentityProvider {
  poolId: string
  name: string
  settings: ProviderSettings
  createdAt: Date
  updatedAt: Date
}

/** Cognito's `ProviderType` of a provider. */
export const providerTypeOf = (settings: ProviderSettings): ProviderType =>
  settings.kind === 'saml' ? 'SAML' : settings.type

/** What people read on its button. */
export const providerLabel = ({ name, displayName }: Pick<ProviderSettings, 'name' | 'displayName'>): string =>
  displayName ?? name
