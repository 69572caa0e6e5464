import type { Result } from '../shared/result.ts'

/** Who the upstream says somebody is, after everything it said was verified. */
export interface UpstreamIdentity {
  /** Immutable and unique at this provider: OpenID Connect's `sub`, SAML's persistent NameID or the configured attribute, an entry's UUID. */
  subject: string
  /** As the upstream names them; values of an attribute in the order given. Size-capped by the adapter. */
  claims: Readonly<Record<string, unknown>>
  /** RFC 8176 values, where the upstream says how it authenticated; null: it does not. */
  amr: readonly string[] | null
  acr: string | null
  /** Epoch seconds of the authentication there; null: not said. */
  authenticatedAt: number | null
  /** What ends the upstream session later: an ID token (the hint of RP-initiated logout), a SAML SessionIndex. Sealed where it is kept. */
  session: string | null
}

/** What a journey asks of an upstream. */
export interface UpstreamRequest {
  /** Where the upstream sends the browser back to: `{base}/oauth2/idpresponse` or `{base}/saml2/idpresponse`. */
  callbackUrl: string
  /** Opaque and ours (OAuth `state`, SAML `RelayState`); names the provider and the journey. */
  state: string
  locale: string
  loginHint: string | null
  /** The person must authenticate there anew (`prompt=login`, `ForceAuthn`). */
  forceAuthentication: boolean
  /** Level asked for; null: none. */
  acr: string | null
  /** Epoch milliseconds. */
  now: number
}

/** What must be remembered between leaving and coming back. Plain JSON, sealed in the journey's row, used once. */
export type UpstreamState = Readonly<Record<string, string>>

/** How the browser is sent away: a redirect, or a form that posts itself. */
export type Departure =
  | { kind: 'redirect'; url: string }
  | { kind: 'post'; action: string; fields: Readonly<Record<string, string>> }

/** Parameters the browser brought back, by query or by form. */
export interface UpstreamCallback {
  method: 'GET' | 'POST'
  url: string
  parameters: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  now: number
}

/**
 * Signs people in by sending the browser elsewhere.
 *
 * Failures are expected outcomes: `upstream-refused` (with the provider's safe description in `because`), `upstream-invalid`
 * (what came back does not hold: the reason in `because`, for the log and never for the page), `upstream-unreachable`.
 */
export interface RedirectProvider {
  begin(request: UpstreamRequest): Promise<Result<{ departure: Departure; remember: UpstreamState }>>
  finish(callback: UpstreamCallback, remembered: UpstreamState): Promise<Result<UpstreamIdentity>>
}

/** Also able to end the upstream session. */
export interface UpstreamLogout {
  /** Null: the upstream has no way for this session. */
  logout(session: string, returnTo: string): Promise<Departure | null>
}

/** Checks names and passwords against a directory. */
export interface DirectorySource {
  /**
   * Who signed in, after the directory took the password for exactly that entry.
   *
   * Fails with `wrong-credentials` (also for a name that nobody has, or that several have), `user-disabled` (disabled, expired or
   * locked there), `password-expired` (the password was right, and has to be changed first), `upstream-unreachable` (down, slow, not
   * to be trusted, or refusing us), `upstream-invalid` (its answers do not hold). The reason is in `because`, never for the page.
   */
  authenticate(login: string, password: string): Promise<Result<UpstreamIdentity>>
}

/** Also able to change a password there, by the person's own. */
export interface DirectoryPasswords {
  /**
   * Also for a password that has expired, where the directory lets it be changed then. Fails as `authenticate` does, and with
   * `new-password-empty`, `new-password-refused`, `new-password-same` or `password-change-refused`, as the directory says.
   */
  changePassword(login: string, current: string, next: string): Promise<Result<void>>
}

/** Looks at a provider and says, line by line, what is right and what is wrong. */
export interface ProviderCheck {
  check(): Promise<readonly { line: string; ok: boolean; because: string | null }[]>
}

/** Ids of messages that were accepted once, kept until they would be refused as expired anyway (attack 39). */
export interface AssertionIds {
  /** True for the first call alone, of however many at once; `expiresAt` is when the id may be forgotten. */
  use(poolId: string, providerId: string, assertionId: string, expiresAt: Date): Promise<boolean>
}

/** The last good description of a provider, so that a start while the provider is down still knows its keys. */
export interface KeptMetadata {
  /** Null: none was kept. */
  load(poolId: string, providerId: string): Promise<string | null>
  keep(poolId: string, providerId: string, document: string, at: Date): Promise<void>
}

/** What an outgoing call to an address that somebody configured may do (attacks 12, 13). */
export interface GuardedRequest {
  url: string
  method?: 'GET' | 'POST'
  headers?: Readonly<Record<string, string>>
  body?: string
  /** Milliseconds for the whole call. */
  timeoutMs?: number
  maxBytes?: number
}

/**
 * Calls out to one address: resolves it once, refuses private ranges unless the deployment opts in, connects to the address it
 * has checked, follows no redirect, and stops at the limits. Fails with `upstream-unreachable`, the reason in `because`.
 */
export type GuardedFetch = (
  request: GuardedRequest,
) => Promise<Result<{ status: number; headers: Readonly<Record<string, string>>; body: string }>>

/**
 * Resolves a host that somebody configured, once, by the rules of `GuardedFetch`. Whoever connects goes to one of these addresses and
 * does not ask for the name again. Never empty. Fails with `upstream-unreachable`, the reason in `because`.
 */
export type GuardedLookup = (host: string) => Promise<Result<readonly { address: string; family: 4 | 6 }[]>>

/** Opens what the settings of a provider name: a client secret, or a private key (PKCS #8, PEM). Throws when there is none. */
export type ReadProviderSecret = (reference: string) => Promise<string>
