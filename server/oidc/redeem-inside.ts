import { hash } from 'node:crypto'
import { ConsumedTwice } from './pool-provider.ts'
import type { PoolRuntime } from './pool-runtimes.ts'

/** What a code says of the sign-in that it stands for. */
export interface RedeemedCode {
  sub: string
  clientId: string
  /** Epoch seconds. */
  authTime: number
  acr: string | undefined
  amr: readonly string[]
  /** Names the client in the browser's session. */
  sid: string
  grantId: string
  eventId: string | null
}

/**
 * Redeems a code of one of our own journeys without a token endpoint: once, by the verifier it was asked for with, for the
 * client and address it was issued to, while its grant stands. Null: it is worth nothing.
 *
 * @see RFC 6749 §4.1.3, RFC 7636 §4.6
 */
export const redeemInside = async (
  { provider }: PoolRuntime,
  value: string,
  asked: { clientId: string; redirectUri: string; verifier: string },
): Promise<RedeemedCode | null> => {
  const code = await provider.AuthorizationCode.find(value)
  if (code === undefined || code.consumed !== undefined || code.isExpired) return null
  const { accountId, clientId, redirectUri, codeChallenge, codeChallengeMethod, grantId, sid, authTime } = code
  const isTheirs =
    clientId === asked.clientId &&
    redirectUri === asked.redirectUri &&
    codeChallengeMethod === 'S256' &&
    codeChallenge === hash('sha256', asked.verifier, 'base64url')
  if (!isTheirs || accountId === undefined || grantId === undefined || sid === undefined || authTime === undefined)
    return null
  try {
    await code.consume()
  } catch (error) {
    if (error instanceof ConsumedTwice) return null
    throw error
  }
  const grant = await provider.Grant.find(grantId)
  if (grant?.accountId !== accountId || grant.clientId !== clientId) return null
  const { acr, amr = [] } = code
  return { sub: accountId, clientId, authTime, acr, amr, sid, grantId, eventId: grant.eventId ?? null }
}
