import type { Acr, DemandReason, MethodProof } from '../factors/index.ts'
import type { UpstreamCallback, UpstreamIdentity, UpstreamState } from '../federation/ports.ts'
import type { Exposure } from '../passwords/index.ts'
import type { SignInNameKind } from '../pools/pool-settings.ts'
import type { RiskDecision, StoredRisk } from '../risk/index.ts'
import type { Locale } from '../shared/locales.ts'
import type { Destination } from '../users/index.ts'
import type { Attributes } from '../users/user.ts'
import type { CodeMethod } from './first-factors.ts'
import type { FlowStep, ShownFailure } from './flow-view.ts'

/** What the app asked for; never changed by anything a browser sends later (attack 23). */
export interface FlowRequest {
  scopes: readonly string[]
  redirectUri: string
  /** Prompts of the request (OpenID Connect Core §3.1.2.1). */
  prompts: readonly string[]
  loginHint: string | null
  /** Screen a bookmarkable address asked for: `/signup`, `/forgotPassword`, `/changePassword`, `/passkeys/add`; a page of the account. */
  screen:
    | 'sign-in'
    | 'sign-up'
    | 'forgot-password'
    | 'change-password'
    | 'enrol-totp'
    | 'enrol-passkey'
    | 'connect-provider'
  /** Identity provider that the app, or the page before, chose: a name (`identity_provider`); null: the person chooses. */
  provider: string | null
  /** An authentication of before this journey will not do (`prompt=login`, `max_age`). */
  mustBeFresh: boolean
  /** The app's first level that is none of ours: a provider may know it; null: there is none. */
  foreignLevel: string | null
  /** Level the app asked for (`acr_values`, or an essential `acr` claim); null: none it may ask for. */
  level: Acr | null
  /** The app cannot do without that level; otherwise it takes what there is (OpenID Connect Core §5.5.1.1, §3.1.2.1). */
  isLevelEssential: boolean
}

/** What the person proved in this journey. Tokens' `amr` and `auth_time` are computed from it, never from settings. */
export interface Proof {
  sub: string
  /** Epoch milliseconds of the proof. */
  authenticatedAt: number
  /** RFC 8176 values. */
  amr: readonly string[]
  /** Level of the proofs. */
  acr: Acr
  /** What it is made of. */
  proofs: readonly MethodProof[]
  /** The proof is the browser's session, older than this journey; nothing was proven in it. */
  isFromSession?: true
  /** Made in this journey on top of the browser's session, which goes on. */
  continuesSession?: true
}

/** A sign-up before its address is proven: it lives here alone, so that nobody can pre-register somebody else's address. */
export interface PendingSignUp {
  name: { kind: SignInNameKind; value: string }
  username: string
  attributes: Attributes
  /** Null where the pool has no passwords. */
  passwordHash: string | null
  /** The address the code went to. */
  destination: { channel: 'email' | 'sms'; address: string }
  /** Someone has the name already: codes are refused like wrong ones and the owner got another mail. */
  isTaken: boolean
  /** Others know the password, and the pool only wants that told: once there is somebody to tell. */
  exposure?: Exposure
}

export interface PendingRecovery {
  /** Null for a name nobody has: the journey goes on the same way. */
  sub: string | null
  name: string
  destination: { channel: 'email' | 'sms'; masked: string }
  /** Where the code really went, which no page shows; what was typed, where it went to nobody. */
  sentTo: Destination
  /** The code was right. */
  isProven: boolean
}

/** Signed in with a right password, but something has to happen before the journey may finish. */
export interface PendingAccount {
  sub: string
  destination: { channel: 'email' | 'sms'; address: string } | null
  /** Epoch milliseconds of the right password: one that was replaced since opens nothing. */
  provenAt: number
}

/** Gave a first proof and owes another: nobody is signed in yet. */
export interface PendingChallenge {
  sub: string
  /** Why; the page says it in plain words. */
  reason: DemandReason
  /** The factor that is asked for; null while the person chooses. */
  factorId: string | null
  /** The person has nothing to prove with, and may set something up. */
  mayEnrol: boolean
  /** The factor that the last code of this journey went to; absent: none was sent. */
  sentTo?: string
}

/** Asked for a code or a link instead of a password. */
export interface PendingFirstCode {
  method: CodeMethod
  /** Null for a name nobody has, or that this cannot reach: the journey goes on the same way. */
  sub: string | null
  name: string
  /** What was typed, masked, where the code went there or seems to have. */
  destination: { channel: 'email' | 'sms'; masked: string }
  /** Where the code really went, which no page shows; what was typed, where it went to nobody. */
  sentTo: Destination
  /** The browser that asked, as the mail's page names it; null: it did not say. */
  device: string | null
}

/** A factor on its way, or the codes that were made with it and are shown once. */
export type PendingEnrolment =
  | { kind: 'totp'; secret: string }
  /** It is made; the page says where it is kept. */
  | { kind: 'passkey-made'; factorId: string }
  /** Where codes will go; null: not said yet. */
  | { kind: 'contact'; channel: 'email' | 'sms'; address: string | null }
  | { kind: 'recovery-codes'; codes: readonly string[] }
  /** One was used and few are left: new ones are offered. */
  | { kind: 'few-codes'; left: number }

/** Which browser signs in, from where, and what that asks for. Written once, after the first proof. */
export interface JudgedSignIn {
  sub: string
  effect: RiskDecision['effect']
  /** Tell the person by mail, with a yes and a no. */
  notify: boolean
  /** Null where the pool does not judge. */
  risk: StoredRisk | null
  place: { country: string; city: string | null } | null
  deviceId: string | null
  /** The browser stands for the second factor. */
  isRemembered: boolean
  /** Id of the request that was judged: what a page of refusal shows. */
  reference: string
}

/** The journey's person is at a provider, or on the way back. One at a time: whoever leaves again has left the former one. */
export interface PendingDeparture {
  provider: string
  /** Keyed hash of what came along in `state` (RFC 6749 §10.12) or RelayState; it names the journey, and is used once. */
  stateHash: string
  remember: UpstreamState
  /** What came back, until the browser that left has fetched it. */
  arrival: UpstreamCallback | null
  /** Keyed hash of what the browser that brought it was given. */
  receiptHash: string | null
}

/** Somebody whom a provider has named, and who is not connected to an account yet. */
export interface PendingIdentity {
  provider: string
  identity: UpstreamIdentity
  /** The account with the same address, which has to be proven before it is connected; null: none is offered. */
  offeredTo: { sub: string; destination: string } | null
}

export interface FlowState {
  request: FlowRequest
  /** Id of the journey's sign-in event; tokens carry it as `event_id`. */
  eventId: string
  locale: Locale
  values: Readonly<Record<string, string>>
  failure: ShownFailure | null
  notice: string | null
  proof: Proof | null
  signUp: PendingSignUp | null
  recovery: PendingRecovery | null
  account: PendingAccount | null
  /** Given so far, the session's included where the journey builds on it. */
  proofs: readonly MethodProof[]
  /** The journey stands on the browser's session: proofs of before count, and the session must still be there at the end. */
  buildsOnSession: boolean
  /** The password must be replaced before the journey may end: an administrator chose it, or others know it. */
  owedPassword: 'temporary' | 'exposed' | null
  challenge: PendingChallenge | null
  /** What a passkey of the page as it stands has to sign: base64url of 32 random bytes, another one with every post. Null: none may. */
  passkeyChallenge: string | null
  /** The browser says that it can make passkeys. */
  canMakePasskeys: boolean
  enrolment: PendingEnrolment | null
  /** How the sign-in was judged; null until somebody has proven something. */
  judged: JudgedSignIn | null
  /** The person wants this browser to stand for the second factor from now on. */
  remembers: boolean
  firstCode: PendingFirstCode | null
  departure: PendingDeparture | null
  identity: PendingIdentity | null
  /** Epoch milliseconds of the messages sent in this journey, for the resend countdown. */
  sentAt: readonly number[]
  keepSignedIn: boolean
  /** Scopes the person allowed on the consent page. */
  consented: readonly string[] | null
  /** The journey ends with this error at the app (RFC 6749 §4.1.2.1). */
  refusal: { error: 'access_denied' | 'unmet_authentication_requirements'; description: string } | null
}

/** One run of a person through the hosted pages, consent included. The interaction holds the protocol, this row the journey. */
export interface Flow {
  poolId: string
  /** The interaction's uid. */
  id: string
  clientId: string
  /** Keyed hash of the secret in the browser's flow cookie. */
  secretHash: string
  step: FlowStep
  version: number
  /** Epoch milliseconds. */
  createdAt: number
  expiresAt: number
  state: FlowState
}
