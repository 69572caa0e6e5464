import type { AuthEvent } from '../events/event.ts'
import type { MessagePurpose, RenderedMessage } from '../messages/message.ts'

/** A message as its cause hands it over; the store seals it and gives it to the outbox in the same transaction. */
export interface NewMessage {
  id: string
  poolId: string
  purpose: MessagePurpose
  message: RenderedMessage
  createdAt: Date
  expiresAt: Date | null
  /**
   * Written like any other and never sent: a code for a name nobody has costs the same writes as one for a person, or time
   * would tell the two apart.
   */
  isWithheld?: true
}

/** An app to be told that a session is over (OpenID Connect Back-Channel Logout 1.0). */
export interface AppSignOut {
  poolId: string
  clientId: string
  sub: string
  /** `sid` of the app's ID tokens; null: none is known, and the person is over there altogether. */
  sid: string | null
  at: Date
}

/**
 * What is written in the same transaction as the act that causes it. An act without its event, or a message without its
 * act, cannot exist.
 */
export interface Alongside {
  events: readonly AuthEvent[]
  messages?: readonly NewMessage[]
  /** Apps that asked for it are told; the store passes over the others. */
  signOuts?: readonly AppSignOut[]
}
