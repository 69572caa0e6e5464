import type { Result } from '../shared/result.ts'
import type { Attributes } from '../users/user.ts'

/** Where a trigger is called from; Cognito's `triggerSource` without its first word. */
export interface TriggerCall {
  poolId: string
  clientId: string | null
  /** The sign-in's or sign-up's event id. */
  eventId: string
  username: string
  attributes: Attributes
  locale: string
  clientMetadata: Readonly<Record<string, string>>
}

export interface PreSignUpAnswer {
  autoConfirm: boolean
  autoVerifyEmail: boolean
  autoVerifyPhone: boolean
}

export interface TokenClaimsAnswer {
  idToken: { add: Readonly<Record<string, unknown>>; suppress: readonly string[] }
  accessToken: {
    add: Readonly<Record<string, unknown>>
    suppress: readonly string[]
    addScopes: readonly string[]
    suppressScopes: readonly string[]
  }
  groups: { names: readonly string[]; roles: readonly string[]; preferredRole: string | null } | null
}

export interface MigratedUser {
  attributes: Attributes
  username?: string
  status: 'CONFIRMED' | 'RESET_REQUIRED'
}

export interface CustomMessageAnswer {
  subject: string | null
  text: string | null
  html: string | null
}

/**
 * The points at which an operator's own code may look at, change or refuse what is about to happen. Called outside any
 * transaction and before the deciding statement. A refusal is `trigger-refused`; its text may be shown only when marked public.
 * @see Cognito "Customizing user pool workflows with Lambda triggers"
 */
export interface Triggers {
  /** Before a person is made; may refuse, or confirm them and their addresses at once. */
  preSignUp(call: TriggerCall & { source: 'sign-up' | 'admin-create' | 'external' }): Promise<Result<PreSignUpAnswer>>
  /** After a person was confirmed. */
  postConfirmation(call: TriggerCall & { source: 'sign-up' | 'recovery' }): Promise<Result<void>>
  /** Before a password is compared; for a name nobody has too. */
  preAuthentication(call: TriggerCall & { userNotFound: boolean }): Promise<Result<void>>
  /** After all that is demanded was proven; may refuse. */
  postAuthentication(call: TriggerCall & { newDevice: boolean }): Promise<Result<void>>
  /** Before tokens are made; null: their claims stay as they are. */
  preTokenGeneration(
    call: TriggerCall & {
      source: 'hosted-auth' | 'refresh-tokens' | 'client-credentials' | 'new-password'
      scopes: readonly string[]
      groups: readonly string[]
      roles: readonly string[]
      preferredRole: string | null
    },
  ): Promise<Result<TokenClaimsAnswer | null>>
  /** Called when a name is unknown; null: nobody there either. */
  migrateUser(
    call: TriggerCall & { source: 'sign-in' | 'forgot-password'; password: string | null },
  ): Promise<Result<MigratedUser | null>>
  /** Before a message is made; null: the words of the catalogue. */
  customMessage(
    call: TriggerCall & { source: string; codeParameter: string; linkParameter: string | null },
  ): Promise<Result<CustomMessageAnswer | null>>
  defineChallenge(
    call: TriggerCall & { session: readonly { challengeName: string; challengeResult: boolean }[] },
  ): Promise<Result<{ challengeName: string | null; issueTokens: boolean; failAuthentication: boolean }>>
}
