import type { ClientSettings } from './client-settings.ts'

/** What a sign-out was asked to lead to, in whichever of three dialects. */
export interface AskedOfSignOut {
  /** Cognito's `logout_uri`: back to the app. */
  logoutUri?: string | undefined
  /** Cognito's `redirect_uri`: on to another sign-in, which is asked for with the rest of the parameters. */
  redirectUri?: string | undefined
  responseType?: string | undefined
  /** RP-Initiated Logout 1.0 §2. */
  postLogoutRedirectUri?: string | undefined
  /** Handed back to the app with either of its addresses. */
  state?: string | undefined
}

export type SignOutTarget =
  /** An address of the app. `isCognitos`: asked for in Cognito's form, which signs out without asking the person. */
  | { kind: 'app'; to: string; isCognitos: boolean }
  /** The pool's own sign-in, for the same app. */
  | { kind: 'sign-in' }
  /** The pool's own page. */
  | { kind: 'nowhere' }
  /** `because` is for the app's developer: nobody is sent to an address that is not registered. */
  | { kind: 'refused'; because: string }

const withState = (uri: string, state: string | undefined): string => {
  const url = new URL(uri)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}

/**
 * Where a browser may be sent once its session is over: character for character an address that the client registered for it.
 * Cognito's forms go before the standard's, as there; without a client nothing of the standard's is believed (§3: the person
 * is asked, and stays here).
 */
export const signOutTarget = (
  client: Pick<ClientSettings, 'logoutUrls' | 'callbackUrls'> | null,
  { logoutUri, redirectUri, responseType, postLogoutRedirectUri, state }: AskedOfSignOut,
): SignOutTarget => {
  const refused = (because: string): SignOutTarget => ({ kind: 'refused', because })
  if (logoutUri !== undefined) {
    if (client === null) return refused('client_id is missing')
    if (!client.logoutUrls.includes(logoutUri)) return refused('logout_uri is not registered')
    return { kind: 'app', to: withState(logoutUri, state), isCognitos: true }
  }
  if (redirectUri !== undefined) {
    if (client === null) return refused('client_id is missing')
    if (responseType === undefined) return refused('response_type is missing')
    if (!client.callbackUrls.includes(redirectUri)) return refused('redirect_uri is not registered')
    return { kind: 'sign-in' }
  }
  if (postLogoutRedirectUri === undefined || client === null) return { kind: 'nowhere' }
  if (!client.logoutUrls.includes(postLogoutRedirectUri)) return refused('post_logout_redirect_uri is not registered')
  return { kind: 'app', to: withState(postLogoutRedirectUri, state), isCognitos: false }
}
