import type { ProviderType } from './provider-common.ts'
import type { ProviderSettings } from './provider-settings.ts'

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

/** What people call a provider: what they read on its button. */
export const labelOf = ({ settings }: Pick<IdentityProvider, 'settings'>): string =>
  settings.displayName ?? settings.name
