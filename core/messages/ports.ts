import type { AppClient } from '../clients/client-settings.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { NewMessage } from '../shared/alongside.ts'
import type { Locale } from '../shared/locales.ts'
import type { Result } from '../shared/result.ts'
import type { User } from '../users/user.ts'
import type { MessageSource } from './compose.ts'
import type {
  MessageFacts,
  MessagePurpose,
  QueuedMessage,
  RenderedEmail,
  RenderedMessage,
  RenderedSms,
} from './message.ts'

/**
 * Hands a mail to the next server. Resolves when that server has taken responsibility for it; throws `DeliveryError`.
 * `id` is the message's own at every attempt, so that a receiver can tell a repetition.
 */
export interface Mailer {
  send(message: RenderedEmail, id: string): Promise<void>
}

/** The same for SMS. */
export interface SmsSender {
  send(message: RenderedSms, id: string): Promise<void>
}

export type MessageChannel = RenderedMessage['channel']

/** Something to tell somebody. Names, colours and addresses of pool and app are the composer's to know. */
export interface MessageRequest {
  pool: Pool
  /** App on whose behalf it is sent; null: the pool's own. */
  client: AppClient | null
  purpose: MessagePurpose
  to: { channel: MessageChannel; address: string }
  locale: Locale
  /** Id of the event that causes it. */
  eventId: string
  /** Whom it is about; null while nobody has an account. */
  user: User | null
  facts: Omit<MessageFacts, 'appName' | 'poolName' | 'host' | 'locale' | 'brand'>
  /** After this moment it is worthless and is not sent any more. */
  expiresAt: Date | null
  /** What the custom-message trigger is told, where it is not the purpose's own. */
  source?: MessageSource
}

/** Renders a message for the outbox, asking the operator's trigger first: outside any transaction. */
export interface MessageComposer {
  /** Fails with what the custom-message trigger refused. */
  compose(request: MessageRequest): Promise<Result<NewMessage>>
}

/** A message in the hands of one worker until its lease ends. */
export interface ClaimedMessage extends QueuedMessage {
  /** 1 the first time. Also tells this claim from a later one of the same message. */
  attempt: number
  createdAt: Date
}

export interface OutboxCounts {
  /** Waiting or being sent. */
  waiting: number
  dead: number
  /** Of those waiting; null when nothing waits. */
  oldestAt: Date | null
}

/**
 * The queue of what leaves. A message leaves when its lease is taken, and again when that lease ends without a word: at
 * least once, and once as long as workers live.
 */
export interface Outbox {
  /**
   * Takes up to `limit` messages that are due, oldest first, and no message while an earlier one to the same recipient
   * waits or is being sent. Two callers never get the same. What cannot be opened any more is buried on the way.
   */
  claim(request: {
    channel: MessageChannel
    limit: number
    now: Date
    leaseSeconds: number
  }): Promise<readonly ClaimedMessage[]>
  /** It was taken by the transport. True whatever happened to the lease: what was sent was sent. */
  markSent(claimed: ClaimedMessage, at: Date): Promise<void>
  /** Back into the queue, for later. Without effect when the lease went to someone else, as are the next two. */
  markFailed(claimed: ClaimedMessage, failure: { error: string; nextAttemptAt: Date }): Promise<void>
  /** Back into the queue as if never taken: the transport was at fault. */
  release(claimed: ClaimedMessage, failure: { error: string; at: Date }): Promise<void>
  /** Given up: a dead letter. */
  bury(claimed: ClaimedMessage, failure: { error: string }): Promise<void>
  /** Gives up what is past its use, at most 1,000 at a time, and drops what was withheld. Returns how many were given up. */
  buryExpired(now: Date): Promise<number>
  /** What waits and what was given up, by channel. */
  counts(): Promise<Record<MessageChannel, OutboxCounts>>
  /** Deletes what was sent or given up and made before `before`, at most 1,000 at a time. Returns how many. */
  sweep(before: Date): Promise<number>
}

export interface CapturedMessage extends QueuedMessage {
  status: 'queued' | 'sending' | 'sent' | 'dead'
  createdAt: Date
}

/** What the development inbox shows. Content is there to show only where the outbox keeps it. */
export interface CapturedMessages {
  /** Newest first. `to`: only what went to this recipient, in any case. */
  latest(query: { limit: number; to?: string }): Promise<readonly CapturedMessage[]>
  /** Null: never made, or swept away. */
  find(id: string): Promise<CapturedMessage | null>
}
