import type { Direction, Locale } from '../shared/locales.ts'

/** The pages of a journey, in the order a newcomer meets them. The page's address is `/{pool}/flow/{flowId}/{step}`. */
export const FLOW_STEPS = [
  'sign-in',
  'link-account',
  'connect-provider',
  'choose-method',
  'password',
  'sign-in-code',
  'sign-up',
  'confirm-sign-up',
  'confirm-account',
  'forgot-password',
  'reset-code',
  'reset-password',
  'new-password',
  'choose-factor',
  'passkey',
  'factor-code',
  'totp',
  'recovery-code',
  'few-codes',
  'lost-factor',
  'enrol-factor',
  'enrol-contact',
  'enrol-contact-code',
  'enrol-totp',
  'enrol-passkey',
  'recovery-codes',
  'blocked',
  'missing-attributes',
  'change-password',
  'offer-passkey',
  'consent',
  'done',
] as const

export type FlowStep = (typeof FLOW_STEPS)[number]

/** A field of a form that comes from the pool's schema. */
export interface AttributeField {
  /** Attribute name: `email`, `given_name`, `custom:team`. */
  name: string
  /** Label chosen by the pool for this language; null: the catalogue's word for a standard attribute. */
  label: string | null
  type: 'string' | 'number' | 'boolean' | 'datetime'
  required: boolean
}

/** Shown failure: already masked, with the words' key. */
export interface ShownFailure {
  /** Key below `message` in the catalogue: `signin.failed`. */
  message: string
  params: Readonly<Record<string, string | number>>
  /** Form field it belongs to; null: the whole form. */
  field: string | null
  /** Text chosen by a trigger's owner, already checked; shown instead of the catalogue's. */
  text?: string
}

export interface PasswordRules {
  minLength: number
  requireUppercase: boolean
  requireLowercase: boolean
  requireNumbers: boolean
  requireSymbols: boolean
}

/** Ways back for somebody whose factors are all lost. */
export interface LostFactorView {
  /** Whom to ask; empty: those who run the app. Null: administrators do not help here. */
  owner: string | null
  /** Days to wait until the password alone sets up a new factor; 0: that is no way here. */
  waitingDays: number
  /** When the waiting is over (RFC 3339); null: it has not begun. */
  readyAt: string | null
  isReady: boolean
}

/** What a page that asks for a second factor shows. */
export interface ChallengeView {
  /** Key below `challenge.reason` in the catalogue: `pool`, `person`, `app`, `risk`. */
  reason: string
  /** Factors that may answer, in the order to offer them. */
  factors: readonly {
    id: string
    kind: 'passkey' | 'totp' | 'sms' | 'email'
    name: string | null
    destination: string | null
    /** What carries a passkey without a name. */
    carrier?: 'device' | 'key' | null
  }[]
  /** The one that is asked for; null while the person chooses. */
  current: string | null
  hasRecoveryCodes: boolean
  /** Days this browser may be remembered for, where the person is asked; null: they are not. */
  rememberDays: number | null
  /** For the page that says what to do without any of them. */
  lost?: LostFactorView
  /** Kinds that may be set up instead, for who has none. */
  mayEnrol: readonly ('passkey' | 'totp' | 'sms' | 'email')[]
}

/** What a page that sets up a factor shows. */
export type EnrolmentView =
  /** `key` in groups of four; the QR code as path data over a square of `size` modules. */
  | { kind: 'totp'; account: string; key: string; uri: string; qr: { size: number; path: string } }
  /** `address` is what to begin with, or what was typed; `isWeaker`: the pool has something better. */
  | { kind: 'contact'; channel: 'email' | 'sms'; address: string | null; isWeaker: boolean }
  | { kind: 'recovery-codes'; codes: readonly string[] }
  | { kind: 'few-codes'; left: number }

/** What the page's script does with passkeys, and what it may say. Options are JSON; they name nobody before a first proof. */
export type PasskeyCall =
  /** `isConditional`: also by autofill of the name. */
  | { act: 'get'; options: string; isConditional: boolean }
  /** `isConditional`: also without a gesture, where the browser's password manager just signed in. */
  | { act: 'create'; options: string; isConditional: boolean }
  /** One was made. `signal`: what the browser's keepers of passkeys may know now (WebAuthn Level 3 §5.1.10), as JSON. */
  | { act: 'made'; name: string | null; carrier: 'device' | 'key' | null; isSynced: boolean; signal: string }

/** Everything a page needs for its look; resolved on the server, value by value: shipped → pool → client. */
export interface PageTheme {
  /** Content-hashed address of the theme's stylesheet: seeds, derived colours, pool and client CSS. */
  stylesheet: string
  /** `darkSrc` is shown where the page is dark. */
  logo: { src: string; darkSrc: string | null; alt: string } | null
  favicon: string
  layout: 'hinge' | 'plain' | 'card'
  colorMode: 'auto' | 'light' | 'dark'
  /** Address of the rail figure and of the 36 px mark, both SVG, `currentColor` inside a mask. */
  sealFigure: string
  sealMark: string
  /** sRGB hex for `<meta name="theme-color">`. */
  themeColor: { light: string; dark: string }
}

export interface PageFrame {
  poolId: string
  /** What the person is signing in to: the client's display name, else the pool's. */
  appName: string
  poolName: string
  /** Host of the base URL, always visible. */
  host: string
  /** Path prefix of the pool: `/eu-local-1_AbCdEfGhI`; empty on a domain of its own. */
  base: string
  clientId: string | null
  locale: Locale
  dir: Direction
  theme: PageTheme
  links: { privacy: string | null; terms: string | null; help: string | null }
  /** True outside production: the pages carry a "test pool" line. */
  isTestPool: boolean
  /** Content-hashed addresses of the stylesheet, the enhancement scripts and the marks of identity providers. */
  assets: { css: string; script: string; passkeys: string; marks: string }
  /** Path and query the footer's language switch comes back to; null on pages that have a form for it or go on by themselves. */
  here: string | null
  /** Nonce of this answer's Content-Security-Policy. */
  nonce: string
}

/** A way in through an identity provider. */
export interface ProviderButton {
  name: string
  /** What people call it. */
  label: string
  /** Key of its mark (a known provider's); null: a door. */
  logo: string | null
  /** Leaves for the provider: an address below the journey. */
  href: string
  /** The one that this browser took last. */
  isLastUsed: boolean
}

/** An identity that is to be connected to an account. */
export interface ConnectView {
  /** What people call the provider. */
  provider: string
  /** Who somebody is there: an address or a name; null: it did not say. */
  identity: string | null
  /** The account here: masked until it is proven. */
  account: string
  /** The person came from their own account's page, and goes back to it. */
  isFromAccount: boolean
  /** This identity can be connected to nothing here, however often it is asked for. */
  isRefused: boolean
}

/** What a flow page may show. Plain data: it crosses from the server to the pages' own module world. */
export interface FlowView {
  flowId: string
  step: FlowStep
  frame: PageFrame
  /** Hidden field `_step` of every form: CSRF token and guard against stale posts. */
  stepToken: string
  /** Safe values typed before: never a password or a code. */
  values: Readonly<Record<string, string>>
  failure: ShownFailure | null
  /** Key below `notice` in the catalogue: `passwordChanged`, `emailConfirmed`. */
  notice: string | null
  signIn: {
    /** What may be typed as identifier. */
    names: readonly ('username' | 'email' | 'phone_number' | 'preferred_username')[]
    identifierFirst: boolean
    signUpOpen: boolean
    /** Whether to offer "Keep me signed in"; absent: no. */
    keepSignedIn?: boolean
    /** Ways to begin, in the order of the pool; the same for every name. */
    methods: readonly ('password' | 'email-code' | 'sms-code' | 'magic-link')[]
    /** The app takes accounts of the pool itself: they can be made, and their passwords be forgotten. */
    hasLocalAccounts: boolean
    /** There is a form for a name and a password, of the pool's own people or of a directory's; else there are the buttons alone. */
    asksForNames: boolean
  }
  /** Identity providers of the app, the last used first. */
  providers: readonly ProviderButton[]
  /** Null: nothing is to be connected. */
  connect: ConnectView | null
  signUp: {
    /** The name of the pool's choice: an e-mail or phone pool asks for that, others for a user name. */
    nameKind: 'email' | 'phone_number' | 'email_or_phone' | 'username'
    fields: readonly AttributeField[]
    owner: string | null
  }
  passwordRules: PasswordRules
  /** Why a new password must be chosen: an administrator chose the one in use, or others know it; null: nobody says so. */
  owedPassword: 'temporary' | 'exposed' | null
  /** Where the code went, masked unless typed in this browser; null before one was sent. */
  code: {
    destination: string
    channel: 'email' | 'sms'
    /** Minutes a code works. */
    minutes: number
    /** Seconds until another may be asked for; 0 = now. */
    resendInSeconds: number
    mayChangeDestination: boolean
    /** The mail has a button too. */
    hasLink?: boolean
  } | null
  missing: readonly AttributeField[]
  /** The person owes another proof; null: not now. */
  challenge: ChallengeView | null
  /** Null: this page has nothing to do with passkeys. */
  passkey: PasskeyCall | null
  /** The page asks the browser whether it can make passkeys, for one may be offered later. */
  asksForPasskeys: boolean
  /** Reference id of a sign-in that was stopped; null: it was not. */
  blocked: { reference: string } | null
  /** A factor that is being set up; null: not now. */
  enrolment: EnrolmentView | null
  consent: {
    /** What the person is called on the page. */
    signedInAs: string
    required: readonly { scope: string; description: string | null }[]
    optional: readonly { scope: string; description: string | null }[]
    publisherHost: string
    privacy: string | null
    terms: string | null
  } | null
  /** Where "continue" goes when the journey is done, and where "start again" goes. */
  completeUrl: string
}

/** Answer of the journey to a page that was asked for. */
export type FlowPage =
  | { kind: 'show'; view: FlowView }
  | { kind: 'redirect'; to: string }
  | { kind: 'problem'; problem: ProblemView }

/** A page outside a journey: an error, a notice, a link landing. */
export interface ProblemView {
  frame: PageFrame
  status: 400 | 403 | 404 | 421 | 429 | 500 | 503
  /** Key below `problem` in the catalogue: `appSetup`, `expired`, `cancelled`, `cookies`, `throttled`, `unexpected`, `notFound`. */
  problem: string
  /** Reference id, the same as in the log. */
  reference: string
  at: string
  /** Developer details; only in pools that are not in production. */
  details: Readonly<Record<string, string>> | null
  /** One next action. */
  next: { href: string; label: 'tryAgain' | 'startAgain' | 'backToApp' | 'signIn' | 'anotherLink' } | null
}
