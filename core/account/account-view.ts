import type { FactorKind } from '../factors/factor.ts'
import type { AttributeField, PasswordRules, ShownFailure } from '../flows/flow-view.ts'
import type { AccountPage } from './account-places.ts'

/** Times cross as ISO 8601 text: the view is plain data. */
type Moment = string

export interface FactorView {
  id: string
  kind: FactorKind
  /** What the person calls it; null: the kind's own word. */
  name: string | null
  /** Where codes go, masked. */
  destination: string | null
  addedAt: Moment
  usedAt: Moment | null
  /** A passkey that is copied to the person's other devices. */
  isSynced: boolean
}

export interface SessionView {
  id: string
  kind: 'browser' | 'app'
  isHere: boolean
  /** Browser and system; null: not known. */
  agent: string | null
  place: { country: string; city: string | null } | null
  /** Names of apps; those of the account pages themselves are left out. */
  apps: readonly string[]
  signedInAt: Moment
  lastSeenAt: Moment
}

export interface DeviceView {
  id: string
  name: string
  place: { country: string; city: string | null } | null
  firstSeenAt: Moment
  lastSeenAt: Moment
  /** Until when it stands for the second step; null: it does not. */
  rememberedUntil: Moment | null
}

/** One of the person's events. */
export interface ActivityView {
  id: string
  /** Key of the sentence: the event's type in one word, with `Failed` at the end where it failed. */
  what: string
  at: Moment
  agent: string | null
  place: { country: string; city: string | null } | null
  app: string | null
  /** What was said of it. */
  feedback: 'valid' | 'invalid' | null
  /** The person may say that it was not them. */
  mayDisown: boolean
}

export interface AppView {
  id: string
  name: string
  scopes: readonly { scope: string; description: string | null }[]
  since: Moment
  lastUsedAt: Moment | null
}

/** An account elsewhere that leads into this one. */
export interface ConnectionView {
  /** What a form names it by. */
  key: string
  /** What people call the provider. */
  provider: string
  /** Key of its mark; null: it has none. */
  logo: string | null
  /** Who the person is there: an address or a name; null: it did not say. */
  identity: string | null
  since: Moment
  /** Without it nobody could sign in any more. */
  isLastWayIn: boolean
}

/** An address of the person's, as their own page shows it. */
export interface ContactView {
  value: string
  isProven: boolean
}

/** What one page of the account holds. */
export type AccountContent =
  | {
      page: 'overview'
      /** What the person begins a sign-in with; `nothing`: no way leads in at the moment. */
      by: 'password' | 'code' | 'provider' | 'nothing'
      /** What people call the providers that sign them in. */
      providers: readonly string[]
      /** How hard it is to be this person: the best they can show beyond that. */
      strength: 'alone' | 'code' | 'app' | 'passkey'
      /** Null: there is nothing to lose, or the person has none. */
      recoveryCodesLeft: number | null
      sessions: number
      recent: readonly ActivityView[]
    }
  | {
      page: 'methods'
      /** Null: the person has no password of here. */
      password: { changedAt: Moment } | null
      /** What people call the directory that has their password; null: none has. */
      directory: string | null
      passkeys: readonly FactorView[]
      factors: readonly FactorView[]
      /** Kinds that can be added now. */
      addable: readonly FactorKind[]
      /** What keepers of passkeys may know now, as JSON for the page's script; null: nothing. */
      passkeySignal: string | null
      preferred: FactorKind | null
      recoveryCodes: { left: number; total: number } | null
      /** Made just now, and shown once. */
      newCodes: readonly string[]
    }
  | {
      page: 'password'
      hasPassword: boolean
      /** What people call the directory that changes their password itself, and only there; null: it is changed here. */
      changedBy: string | null
      /** Null: the directory's own, which nobody here knows. */
      rules: PasswordRules | null
    }
  | { page: 'sessions'; sessions: readonly SessionView[]; devices: readonly DeviceView[] }
  | {
      page: 'profile'
      fields: readonly AttributeField[]
      /** What is kept now. */
      current: Readonly<Record<string, string>>
      email: ContactView | null
      phone: ContactView | null
    }
  | {
      page: 'email' | 'phone'
      current: ContactView | null
      /** The new address that waits for its code; null: none does. */
      waiting: string | null
      /** How long a code works. */
      minutes: number
    }
  | { page: 'activity'; show: 'sign-ins' | 'changes' | null; items: readonly ActivityView[] }
  | { page: 'disowned' }
  | { page: 'apps'; apps: readonly AppView[] }
  | {
      page: 'connections'
      identities: readonly ConnectionView[]
      /** What can be connected now. */
      providers: readonly { name: string; label: string; logo: string | null }[]
    }
  | { page: 'data'; export: { status: 'queued' | 'ready' | 'failed'; until: Moment } | null }
  | { page: 'preferences' }
  | { page: 'delete'; graceDays: number }

/** One page of a person's own account. Plain data: it crosses to the pages' own module world. */
export interface AccountView {
  page: AccountPage
  /** Hidden field `_token` of every form: bound to the browser's session. */
  formToken: string
  /** What the person signs in with. */
  signedInAs: string
  /** Sensitive acts are open: the person has just proven who they are. */
  isFresh: boolean
  failure: ShownFailure | null
  /** Key below `account.notice` in the catalogue. */
  notice: string | null
  /** What was typed before, secrets apart. */
  values: Readonly<Record<string, string>>
  /** False: the pool has no identity providers, and its pages do not speak of them. */
  offersConnections?: boolean
  /** IANA name of the zone that times are said in. */
  timeZone: string
  content: AccountContent
}
