import type { KoaContext, Payload, Token } from 'oidc-provider'

/** What our models ask of the house. */
export interface ModelHooks {
  /** The access token as it leaves: a JWT, or its opaque id. */
  representAccessToken(token: Token, payload: Payload, ctx: KoaContext | undefined): Promise<string>
  /** Id of the stored token behind a presented value; null when it is none of ours. */
  recogniseAccessToken(value: string): { jti: string; clientCredentials: Payload | null } | null
  /** Whether the client of a stored token may still act: disabled or deleted, its tokens are nobody's. */
  isLiveClient(clientId: unknown): Promise<boolean>
  /** A client's own token has no row; revoked, it leaves one until it would have expired. */
  revokeMachineToken(token: { jti: string; exp: number; clientId: string }): Promise<void>
  isRevokedMachineToken(jti: string): Promise<boolean>
  /** Id of a new access token: a UUID where it becomes a JWT's `jti`; null: the library's own random one. */
  accessTokenId(ctx: KoaContext | undefined): string | null
  /** The signed ID token, made of the library's claims and ours. */
  idToken(claims: Payload, ctx: KoaContext, lifetimeSeconds: number): Promise<string>
  /** Claims of an ID token this pool gave to the client, expired or not; null for anything else. */
  recogniseIdToken(jwt: string, clientId: string): Payload | null
  /** Claims that come with a scope beside those the provider was configured with. */
  claimsBeyondScope(scope: string): readonly string[]
  matchesClientSecret(clientId: string, presented: string): Promise<boolean>
  /** The refresh token that follows this one: always the same, so that a lost answer can be repeated. */
  successorOf(refreshTokenId: string): string
  /** Whether a refresh token that was rotated away may be used once more: its answer may have been lost. */
  isWithinGrace(token: Token): Promise<boolean>
  /** Somebody presented what was used before: written down, whatever comes of it. */
  reused(token: Token): Promise<void>
  /** True for exactly one caller; for a refresh token within its grace window, for all. */
  consume(kind: 'AuthorizationCode' | 'RefreshToken', id: string): Promise<boolean>
  formPost(ctx: KoaContext, action: string, fields: Payload): unknown
  /** Scopes of a client_credentials request; throws `invalid_scope` for what the client may not have. */
  machineScopes(ctx: KoaContext): string | undefined
  /** What of a granted scope the client of this request may still have. */
  stillAllowed(scope: string, ctx: KoaContext | undefined): string
}
