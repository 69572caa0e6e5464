import { type Client, errors, type KoaContext } from 'oidc-provider'
import { isRegisteredCallback } from '#core/clients/index.ts'
import type { ModelHooks } from './model-hooks.ts'

/** Our rules in place of the library's, on its class of clients: there is one of it per pool. */
export const applyClientRules = (
  clients: Client,
  hooks: Pick<ModelHooks, 'matchesClientSecret'>,
  current: () => KoaContext | undefined,
): void => {
  // Either of two live secrets, compared by their keyed hashes in constant time.
  clients.compareClientSecret = function compareClientSecret(presented) {
    return hooks.matchesClientSecret(this.clientId, presented)
  }

  clients.redirectUriAllowed = function redirectUriAllowed(uri) {
    return isRegisteredCallback(this.portico_settings, uri)
  }

  // As discovery says. A response type that brings a fragment with it is refused as such.
  const isModeAllowed = clients.responseModeAllowed
  clients.responseModeAllowed = function responseModeAllowed(mode, type, profile) {
    return !(mode === 'fragment' && type === 'code') && isModeAllowed.call(this, mode, type, profile)
  }

  // Its SessionIndex: what a logout names.
  const includesSid = clients.includeSid
  clients.includeSid = function includeSid() {
    return this.portico_settings.type === 'saml' || includesSid.call(this)
  }

  const isAllowed = clients.grantTypeAllowed
  clients.grantTypeAllowed = function grantTypeAllowed(type) {
    const allowed = isAllowed.call(this, type)
    const ctx = current()
    // RFC 6749 §5.2 has a word of its own for this, where the library says invalid_request.
    if (!allowed && ctx?.oidc.route === 'token' && ctx.oidc.params.grant_type === type)
      throw new errors.UnauthorizedClient('this client may not use the grant type')
    return allowed
  }
}
