import { issuerOf } from '#adapters/saml/message-checks.ts'
import { readPosted } from '#adapters/saml/post-binding.ts'
import { type MessageField, openRedirected } from '#adapters/saml/redirect-binding.ts'
import { refuse } from '#adapters/saml/refusals.ts'
import { ok, type Result } from '#core/shared/result.ts'

/** A message as it came to one of our addresses. */
export interface ReceivedMessage {
  method: 'GET' | 'POST'
  /** As it was requested: a query's signature is over its characters. */
  url: string
  parameters: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  now: number
}

/**
 * Who a message says it is from, so that the keys can be looked up it has to be verified with. Not to be believed: whatever
 * is acted upon is read again from verified bytes. Fails with `upstream-invalid`.
 */
export const claimedIssuer = ({ method, url, parameters }: ReceivedMessage, field: MessageField): Result<string> => {
  const message = method === 'GET' ? openRedirected(url, field) : readPosted(parameters[field])
  if (!message.ok) return message
  const issuer = issuerOf(message.value.root)
  return issuer ? ok(issuer) : refuse('issuer-mismatch', 'none')
}
