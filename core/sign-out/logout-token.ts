import type { ClientSettings } from '../clients/client-settings.ts'
import type { AppSignOut } from './ports.ts'

/** `typ` of a logout token (Back-Channel Logout 1.0 §2.4): no ID token passes for one, nor the other way round. */
export const LOGOUT_TOKEN_TYPE = 'logout+jwt'

/** The one member of `events`; its value is an empty object. */
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Signed anew for every attempt, so it need not outlive a slow call and a clock that differs. Seconds (§2.4: two minutes at most). */
const LIVES_SECONDS = 120

/**
 * Claims of a logout token: the session, for a client whose ID tokens carry `sid`, and the person always. Without `sid` an app
 * ends every session of that person. Never a `nonce` (§2.4).
 */
export const logoutTokenClaims = (
  { clientId, sub, sid }: AppSignOut,
  {
    issuer,
    settings,
    jti,
    now,
  }: { issuer: string; settings: Pick<ClientSettings, 'backchannelLogoutSessionRequired'>; jti: string; now: Date },
): Record<string, unknown> => {
  const iat = Math.floor(now.getTime() / 1000)
  return {
    iss: issuer,
    aud: clientId,
    sub,
    ...(settings.backchannelLogoutSessionRequired && sid !== null ? { sid } : {}),
    iat,
    exp: iat + LIVES_SECONDS,
    jti,
    events: { [LOGOUT_EVENT]: {} },
  }
}
