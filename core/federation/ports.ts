import type { Alongside } from '../shared/alongside.ts'
import type { Result } from '../shared/result.ts'
import type { IdentityKey, LinkedIdentity } from './federated-profile.ts'
import type { IdentityProvider } from './identity-provider.ts'

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
  /** What the provider calls the person when it ends their session: SAML's NameID, whatever the subject is. Absent: it never does. */
  nameId?: string
  /** The provider's tokens, where its settings keep them; absent: it has none, or they are not kept. */
  tokens?: UpstreamTokens
}

/** Tokens of an upstream, for calls to its interfaces. Sealed where they are kept. */
export interface UpstreamTokens {
  accessToken: string
  refreshToken: string | null
  /** Epoch milliseconds; null: not said. */
  expiresAt: number | null
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
  /** The person must be asked which account to use, where the protocol has a way to say so (`prompt=select_account`). */
  asksForAccount: boolean
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
 * (what came back does not hold: the reason in `because`, for the log and never for the page), `upstream-unreachable`, `upstream-slow` (no answer in
 * time).
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

/** A refresh token, and whose it is. */
export interface TokensToRefresh {
  refreshToken: string
  /** At the provider. */
  subject: string
  /** Epoch milliseconds. */
  now: number
}

/** Also able to renew tokens without the person. */
export interface UpstreamTokenRefresh {
  /**
   * New tokens; `refreshToken` is null where the old one goes on. Fails with `upstream-refused` where the provider takes this refresh
   * token no more, `upstream-invalid` (also where it refuses us rather than the token), `upstream-unreachable`.
   */
  refresh(tokens: TokensToRefresh): Promise<Result<UpstreamTokens>>
}

/** What renews a provider's tokens; null: nothing does. */
export type TokenRefreshes = (provider: IdentityProvider) => Promise<UpstreamTokenRefresh | null>

/** Checks names and passwords against a directory. */
export interface DirectorySource {
  /**
   * Who signed in, after the directory took the password for exactly that entry.
   *
   * Fails with `wrong-credentials` (also for a name that nobody has, or that several have), `user-disabled` (disabled, expired or
   * locked there), `password-expired` (the password was right, and has to be changed first), `upstream-unreachable` (down, not to
   * be trusted, or refusing us), `upstream-slow` (no answer in time), `upstream-invalid` (its answers do not hold). The reason is in `because`, never for the page.
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

/** A directory of a pool as sign-ins and changes of passwords ask it; `passwords` is null where its settings leave them alone. */
export interface AskedDirectory extends DirectorySource {
  readonly passwords: DirectoryPasswords | null
}

/** Looks at a provider and says, line by line, what is right and what is wrong. */
export interface ProviderCheck {
  check(): Promise<readonly ProviderCheckLine[]>
}

export interface ProviderCheckLine {
  line: string
  ok: boolean
  /** Right, and worth knowing: what many providers leave out, or what cannot be told without signing in. */
  isNote?: true
  because: string | null
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
 * has checked, follows no redirect, and stops at the limits. Fails with `upstream-unreachable`, or with `upstream-slow` when the time
 * runs out; the reason is in `because`.
 */
export type GuardedFetch = (
  request: GuardedRequest,
) => Promise<Result<{ status: number; headers: Readonly<Record<string, string>>; body: string }>>

/**
 * Resolves a host that somebody configured, once, by the rules of `GuardedFetch`. Whoever connects goes to one of these addresses and
 * does not ask for the name again. Never empty. Fails with `upstream-unreachable`, the reason in `because`.
 */
export type GuardedLookup = (host: string) => Promise<Result<readonly { address: string; family: 4 | 6 }[]>>

/** Opens the secret of a provider: a client secret, a private key (PKCS #8, PEM), or a password. Throws when there is none. */
export type ReadProviderSecret = () => Promise<string>

/** The providers of pools, as sign-ins read them. */
export interface ProviderReader {
  /** In the order of the pool: by `position`, then by name. Those that are switched off are in it. */
  list(poolId: string): Promise<readonly IdentityProvider[]>
  /** By name, letter by letter. Null: none in this pool. */
  find(poolId: string, name: string): Promise<IdentityProvider | null>
}

/** Keeps providers. Every change bumps the pool's version, and is one transaction with what stands alongside. */
export interface ProviderStore extends ProviderReader {
  /** Fails with `already-exists` for a name that is taken whatever its letter case, or an identifier that another provider has. */
  create(provider: IdentityProvider, secret: string | null, alongside: Alongside): Promise<Result<void>>
  /**
   * `secret`: undefined leaves the one there is. With `endSessionsAt`, sessions end as `endSessionsBy` ends them, in the same
   * transaction. So go the tokens that were kept, where none are kept from now on (`dropsTokens`). Fails with `provider-unknown`, or
   * `already-exists` for an identifier.
   */
  change(
    provider: IdentityProvider,
    secret: string | undefined,
    alongside: Alongside,
    endSessionsAt?: Date,
  ): Promise<Result<void>>
  /**
   * Its identities go with it, the people stay. Sessions end as `endSessionsBy` ends them, in the same transaction and as of the
   * event alongside. Fails with `provider-unknown`.
   */
  delete(poolId: string, name: string, alongside: Alongside): Promise<Result<void>>
  /** The client secret, private key or bind password; null: none was given. */
  secret(poolId: string, name: string): Promise<string | null>
  /** Nothing is honoured any more that anybody who ever came in by the provider was given before `at` (attack 26). */
  endSessionsBy(poolId: string, name: string, at: Date): Promise<void>
}

/** What a provider said of somebody at their last sign-in. */
export interface UpstreamRecord {
  claims: Readonly<Record<string, unknown>>
  tokens: UpstreamTokens | null
  at: Date
}

/** Whose identities are whose. */
export interface IdentityStore {
  /** Null: nobody's. */
  find(key: IdentityKey): Promise<(LinkedIdentity & { sub: string }) | null>
  /** A person's, the one that made the profile first, then by time. */
  list(poolId: string, sub: string): Promise<readonly LinkedIdentity[]>
  /**
   * Fails with `identity-taken` where somebody has it, of two at once exactly one wins; with `too-many-identities` past Cognito's
   * five; with `provider-unknown` and `user-missing`; with `upstream-invalid` for a subject that cannot be kept (`isSubject`).
   */
  link(identity: LinkedIdentity, sub: string, alongside: Alongside): Promise<Result<void>>
  /**
   * With `endSessionsAt`, nothing is honoured any more that the person was given before, in the same transaction; with `keepSession`
   * besides, the session of that id and what it gave stay, as `OwnSessions.endOthers` leaves them. With `keepOneOf`, an identity at
   * one of these providers has to be left, of two removals at once as well: fails with `last-way-in`. Fails with `identity-unknown`
   * where the person does not have it.
   */
  unlink(
    key: IdentityKey,
    sub: string,
    alongside: Alongside,
    how?: { endSessionsAt?: Date; keepSession?: string; keepOneOf?: readonly string[] },
  ): Promise<Result<void>>
  /**
   * Keeps what was said at a sign-in, and moves the person between the groups that the provider's rules manage; a group that
   * is not there is made. Nothing happens when the identity is gone meanwhile, or a later sign-in was noted. Tokens are kept where
   * the provider's settings say so at that moment.
   */
  note(
    key: IdentityKey,
    record: UpstreamRecord,
    groups: { into: readonly string[]; outOf: readonly string[] },
  ): Promise<void>
  /**
   * Keeps tokens in the place of those of the sign-in that was noted `at`. False, and nothing is kept: a later one was noted
   * meanwhile, the identity is gone, or the provider's settings keep none any more.
   */
  keepTokens(key: IdentityKey, tokens: UpstreamTokens, at: Date): Promise<boolean>
  /** Takes exactly these tokens away; others that were kept meanwhile stay. */
  dropTokens(key: IdentityKey, tokens: UpstreamTokens): Promise<void>
  /** Null: none is kept. */
  record(key: IdentityKey): Promise<UpstreamRecord | null>
}

/** Sessions at providers that sign-ins here stand on, so that they can be ended. */
export interface UpstreamSessionStore {
  /** `session` as the provider's adapter gave it, sealed; of `nameId` a keyed hash, by which alone its people are found. */
  keep(session: KeptUpstreamSession, nameId?: string): Promise<void>
  /** Null: unknown or expired. */
  find(poolId: string, id: string, now: Date): Promise<KeptUpstreamSession | null>
  /** `sub` of everybody with a session that has not expired, whom the provider calls this, letter by letter; each once. */
  peopleNamed(poolId: string, provider: string, nameId: string, now: Date): Promise<readonly string[]>
}

/** Identities that providers sent without being asked, until the journeys begin that they are for. */
export interface UnsolicitedIdentities {
  keep(
    poolId: string,
    id: string,
    kept: { provider: string; identity: UpstreamIdentity; expiresAt: Date },
  ): Promise<void>
  /** Once: of two at once exactly one gets it. Null: unknown, taken or expired. */
  take(poolId: string, id: string, now: Date): Promise<{ provider: string; identity: UpstreamIdentity } | null>
}

export interface KeptUpstreamSession extends IdentityKey {
  /** Named by the proof of the sign-in. */
  id: string
  sub: string
  session: string
  expiresAt: Date
}
