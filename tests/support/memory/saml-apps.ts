import type { ClientStore } from '#core/clients/ports.ts'
import type { SamlApps } from '#core/saml-idp/index.ts'

export const memorySamlApps = (clients: Pick<ClientStore, 'list'>): SamlApps => ({
  async findByEntityId(poolId, entityId) {
    const found = (await clients.list(poolId)).filter(
      ({ enabled, settings }) => enabled && settings.saml?.entityId === entityId,
    )
    return found.length === 1 ? (found[0]?.id ?? null) : null
  },
})
