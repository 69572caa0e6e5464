import type { Budget } from './ports.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

/**
 * How often what may be tried. Counted per person by normalised id, never by what was typed, and per network (/32, /64).
 * The person's own lock is soft: it binds account and network together, so that a stranger cannot lock somebody out; the
 * wider ones stop guessing from many places at once.
 */
export const BUDGETS = {
  /** Wrong passwords of one account from one network: Cognito's five. */
  'sign-in.account-network': { limit: 5, windowSeconds: 15 * MINUTE },
  /** Wrong passwords of one account from everywhere. */
  'sign-in.account': { limit: 50, windowSeconds: 15 * MINUTE },
  /** Wrong passwords from one network, whoever they are for. */
  'sign-in.network': { limit: 100, windowSeconds: 15 * MINUTE },
  /** Leaving for identity providers from one network: each departure writes, and may call out. */
  'federation.network': { limit: 300, windowSeconds: 15 * MINUTE },
  'sign-up.network': { limit: 30, windowSeconds: HOUR },
  /** Names asked about on the forgotten-password page: beyond, the owner's migrate-user trigger is not asked. */
  'recovery.network': { limit: 60, windowSeconds: HOUR },
  /** Mails to one recipient, whatever for (attack 57). */
  'send.recipient': { limit: 5, windowSeconds: HOUR },
  'send.network': { limit: 60, windowSeconds: HOUR },
  'send.pool': { limit: 10_000, windowSeconds: HOUR },
  /** The same for SMS, which costs: a code that was used gives its place back, so that pumping alone runs dry. */
  'sms.recipient': { limit: 5, windowSeconds: HOUR },
  'sms.network': { limit: 20, windowSeconds: HOUR },
  'sms.pool': { limit: 1_000, windowSeconds: HOUR },
  /** Cognito: ConfirmSignUp 15 an hour. */
  'code.sign-up': { limit: 15, windowSeconds: HOUR },
  'code.recovery': { limit: 10, windowSeconds: HOUR },
  'code.verify-account': { limit: 15, windowSeconds: HOUR },
  /** At a code instead of a password: of one person over all journeys. */
  'code.sign-in': { limit: 15, windowSeconds: HOUR },
  /** At the codes sent in one journey; all factors of a person together have `factor.person`. */
  'code.second-factor': { limit: 5, windowSeconds: 15 * MINUTE },
  'code.enrol-factor': { limit: 5, windowSeconds: 15 * MINUTE },
  'code.network': { limit: 100, windowSeconds: HOUR },
  /** Wrong second factors of one person, over all their factors and journeys (attack 42). */
  'factor.person': { limit: 10, windowSeconds: 15 * MINUTE },
  'factor.network': { limit: 100, windowSeconds: 15 * MINUTE },
  /** Cognito: ChangePassword 5 an hour. */
  'change-password': { limit: 5, windowSeconds: HOUR },
  /** Being told at sign-in that others know the password: once a week, however often it is used. */
  'tell.password-exposed': { limit: 1, windowSeconds: 7 * 24 * HOUR },
  /** Being asked whether a sign-in was one's own: whoever knows the password fills no mailbox. */
  'tell.sign-in': { limit: 5, windowSeconds: HOUR },
  /** Text messages that tell one person of changes to their account (attack 57). */
  'notice.sms': { limit: 10, windowSeconds: 24 * HOUR },
  /** Being offered a passkey: once a month … */
  'offer.passkey': { limit: 1, windowSeconds: 30 * 24 * HOUR },
  /** … and three times in five years, which is to say three times. */
  'offer.passkey-ever': { limit: 3, windowSeconds: 5 * 365 * 24 * HOUR },
} as const satisfies Record<string, Budget>
