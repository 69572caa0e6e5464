import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccountPlace } from '#core/account/index.ts'
import { ACCOUNT_CLIENT_ID } from '#core/clients/index.ts'
import { ACR_MULTI_FACTOR, FRESH_SECONDS, type MethodProof } from '#core/factors/index.ts'
import { ROUTES } from './build-provider.ts'
import type { PoolRuntime } from './pool-runtimes.ts'

/** The browser's own session in this pool. */
export interface PortalSession {
  uid: string
  sub: string
  proofs: readonly MethodProof[]
}

/**
 * Who the browser is signed in as; null: nobody. The store hands out no session whose person is gone, disabled or signed
 * out everywhere since.
 */
export const portalSession = async (
  { provider, pool }: PoolRuntime,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<PortalSession | null> => {
  const session = await provider.Session.get(provider.createContext(req, res))
  const { uid, accountId, loginTs = 0, proofs, authorizations = {} } = session
  if (accountId === undefined) return null
  // Where no session is reused, one that was made for an app does not open these pages.
  if (pool.settings.session.maxMinutes === 0 && !Object.hasOwn(authorizations, ACCOUNT_CLIENT_ID)) return null
  // One of before proofs were kept stands on its password.
  return { uid, sub: accountId, proofs: proofs ?? [{ method: 'password', at: loginTs * 1000 }] }
}

/** What a sign-in to the account pages has to show. */
export type PortalDemand =
  /** That somebody is signed in. */
  | 'session'
  /** A proof of a moment ago, of two factors where the person has a second one. */
  | { fresh: 'one-factor' | 'two-factors' }
  /** Everything once more: what was shown just now is not of the sort that is asked for. */
  | 'all-anew'
  /** A new password, whoever is signed in here. */
  | 'new-password'
  /** A factor of this kind, set up in the journey. */
  | { enrol: 'totp' | 'passkey' }
  /** An identity at this provider, connected in the journey. */
  | { connect: string }

const parametersOf = (demand: PortalDemand): Readonly<Record<string, string>> => {
  if (demand === 'session') return {}
  if (demand === 'all-anew') return { prompt: 'login' }
  if (demand === 'new-password') return { prompt: 'login', screen_hint: 'forgot-password' }
  if ('connect' in demand) return { screen_hint: 'connect-provider', identity_provider: demand.connect }
  if ('enrol' in demand) return { screen_hint: `enrol-${demand.enrol}` }
  return {
    max_age: String(FRESH_SECONDS),
    ...(demand.fresh === 'two-factors' ? { acr_values: ACR_MULTI_FACTOR } : {}),
  }
}

/**
 * An authorization request of the account pages' own client, which comes back to `place`. The verifier of its challenge is
 * thrown away: the code that comes back can be redeemed by nobody, the session is what it was for.
 */
export const portalSignIn = ({ base, issuer }: PoolRuntime, place: AccountPlace, demand: PortalDemand): string => {
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url')
  const query = new URLSearchParams({
    client_id: ACCOUNT_CLIENT_ID,
    response_type: 'code',
    redirect_uri: `${issuer}/account/callback`,
    scope: 'openid',
    state: place,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...parametersOf(demand),
  })
  return `${base}${ROUTES.authorization}?${query}`
}
