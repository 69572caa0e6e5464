import type { IdentityKey, LinkedIdentity } from './federated-profile.ts'
import { type IdentityProvider, providerTypeOf } from './identity-provider.ts'

/** What the provider calls itself, as far as its settings say so: the `issuer` of the `identities` claim. */
const issuerOf = ({ settings }: Pick<IdentityProvider, 'settings'>): string | null => {
  switch (settings.kind) {
    case 'oidc':
      return settings.issuer
    case 'oauth':
    case 'ldap':
      return null
    case 'saml':
      return settings.idpEntityId
  }
}

/** An identity at a provider, as it is linked. */
export const identityAt = (
  provider: IdentityProvider,
  subject: IdentityKey['subject'],
  { isPrimary, at }: { isPrimary: boolean; at: Date },
): LinkedIdentity => ({
  poolId: provider.poolId,
  provider: provider.name,
  subject,
  providerType: providerTypeOf(provider.settings),
  issuer: issuerOf(provider),
  isPrimary,
  linkedAt: at,
})
