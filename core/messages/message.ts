import type { FactorKind } from '../factors/index.ts'
import type { Locale } from '../shared/locales.ts'

/** The messages the product sends, by what causes them. */
export const MESSAGE_PURPOSES = [
  'sign-up-code',
  'account-exists',
  'recovery-code',
  'verify-account-code',
  'second-factor-code',
  'enrol-factor-code',
  'sign-in-code',
  'cannot-reset',
  'password-changed',
  'password-exposed',
  'factor-added',
  'factor-removed',
  'identity-linked',
  'identity-unlinked',
  'recovery-codes-made',
  'contact-change-code',
  'contact-changed',
  'contact-taken',
  'export-ready',
  'deletion-scheduled',
  'deletion-cancelled',
  'deletion-done',
  'factors-reset',
  'set-up-factor',
  'recovery-code-used',
  'new-sign-in',
  'blocked-sign-in',
  'factor-recovery',
  'invitation',
] as const
export type MessagePurpose = (typeof MESSAGE_PURPOSES)[number]

/** A small PNG that travels with a mail (RFC 2392): nothing is fetched to show it. */
export interface MailPicture {
  base64: string
  /** As shown, CSS pixels. */
  width: number
  height: number
  alt: string
}

/** Content-ID of the picture: a mail has one at most. */
export const PICTURE_ID = 'mark@portico.invalid'

/** The bar of an HTML mail: the pool's colours, sRGB hex, and its mark. */
export interface MailBrand {
  rail: string
  onRail: string
  picture?: MailPicture
}

/** What a template may show. Absent parts leave their line out. */
export interface MessageFacts {
  appName: string
  poolName: string
  host: string
  locale: Locale
  /** Six digits. */
  code?: string
  /** Carries the code in an opaque token; lands on a page with a button. */
  link?: string
  minutes?: number
  username?: string
  temporaryPassword?: string
  /** When it happened, for notices. */
  at?: Date
  place?: string
  device?: string
  /** Where to go if this was not the person: the reset page. */
  recoveryLink?: string
  signInLink?: string
  /** The person's own account pages. */
  accountLink?: string
  /** Takes back what the message tells of; lands on a page with a button. */
  undoLink?: string
  /** Asks whether a sign-in was theirs; lands on a page with two buttons. */
  answerLink?: string
  /** Kind of the factor it is about. */
  factor?: FactorKind
  /** What people call the identity provider it is about. */
  provider?: string
  /** `email` or `phone_number`: which of the person's addresses it is about. */
  attribute?: string
  /** The new address, masked. */
  contact?: string
  /** When what was announced happens. */
  until?: Date
  /** Whom to turn to; absent: those who run the app. */
  owner?: string
  /** Recovery codes that still work. */
  left?: number
  brand?: MailBrand
}

export interface RenderedEmail {
  channel: 'email'
  to: string
  /** Address null: the deployment's own. */
  from: { name: string; address: string | null }
  subject: string
  text: string
  html: string
  /** There where the HTML shows it, by its Content-ID. */
  picture?: MailPicture & { cid: string }
  locale: Locale
}

export interface RenderedSms {
  channel: 'sms'
  to: string
  text: string
  locale: Locale
}

export type RenderedMessage = RenderedEmail | RenderedSms

/** A row of the outbox, opened. */
export interface QueuedMessage {
  id: string
  poolId: string
  purpose: MessagePurpose
  message: RenderedMessage
  /** After this moment it is worthless and is not sent any more. */
  expiresAt: Date | null
}
