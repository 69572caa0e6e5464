import type { ProviderSettings } from './provider-settings.ts'

/** Whether the provider's tokens are kept for people who sign in by it. */
export const keepsTokens = (settings: Pick<ProviderSettings, 'enabled' | 'keepsTokens'>): boolean =>
  settings.enabled && settings.keepsTokens

/** Who gave the tokens, and to whom: a refresh token is shown to nobody else. */
const issuedBy = (settings: ProviderSettings): string => {
  const { issuer = null, endpoints = null, clientId = null } = settings as Readonly<Record<string, unknown>>
  return JSON.stringify([settings.kind, issuer, endpoints, clientId])
}

/** Whether a change of settings takes the tokens away that were kept under the former ones. */
export const dropsTokens = (from: ProviderSettings, to: ProviderSettings): boolean =>
  keepsTokens(from) && (!keepsTokens(to) || issuedBy(from) !== issuedBy(to))
