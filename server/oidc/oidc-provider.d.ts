// oidc-provider ships no types of its own, and the community's lag behind. This is the part of its public surface that we use.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'
  import type { MethodProof } from '#core/factors/factor.ts'

  export type Payload = Record<string, unknown>

  export interface ModelClass<T> {
    new (input?: Payload): T
    find(value: string, options?: Payload): Promise<T | undefined>
    readonly IN_PAYLOAD: string[]
    readonly adapter: { destroy(id: string): Promise<void> }
    revokeByGrantId?(grantId: string): Promise<void>
  }

  export interface Model {
    jti: string
    kind: string
    iat: number
    exp: number
    save(ttl?: number): Promise<string>
    destroy(): Promise<void>
    generateTokenId(): string
    getValueAndPayload(): Promise<{ value: string; payload?: Payload }>
    readonly isExpired: boolean
    readonly remainingTTL: number
  }

  export interface Token extends Model {
    accountId?: string
    clientId: string
    grantId?: string
    scope?: string
    sid?: string
    gty?: string
    aud?: string
    authTime?: number
    acr?: string
    amr?: string[]
    /** The request's claims parameter. */
    claims?: { id_token?: { acr?: { essential?: boolean; value?: string; values?: string[] } } }
    consumed?: number
    /** Of an authorization code (RFC 6749 §4.1.2, RFC 7636 §4.4). */
    redirectUri?: string
    codeChallenge?: string
    codeChallengeMethod?: string
    readonly client?: Client
    readonly scopes: Set<string>
    consume(): Promise<void>
  }

  export interface Grant extends Model {
    accountId: string
    clientId: string
    eventId?: string
    addOIDCScope(scope: string): void
    /** Refused by the person; counts as asked for. */
    rejectOIDCScope(scope: string): void
    addOIDCClaims(claims: string[]): void
    rejectOIDCClaims(claims: string[]): void
    getOIDCScopeEncountered(): string
    getOIDCScopeFiltered(filter: Set<string>): string
  }

  export interface IdToken {
    ctx?: KoaContext
    payload(): Promise<Payload>
    issue(options: { use: string }): Promise<string>
  }

  export interface Claims {
    scope(value?: string): Claims
    mask(value: Payload): void
  }

  export interface Session extends Model {
    uid: string
    accountId?: string
    loginTs?: number
    amr?: string[]
    acr?: string
    /** Proofs of the person's sign-in, kept by our subclass. */
    proofs?: MethodProof[]
    authorizations?: Record<string, { sid?: string; grantId?: string }>
    state?: Payload
    grantIdFor(clientId: string, value?: string): string | undefined
    sidFor(clientId: string): string | undefined
    authTime(): number | undefined
    loginAccount(details: Payload): void
  }

  export interface Interaction extends Model {
    uid: string
    params: Payload & { client_id: string; redirect_uri: string; scope?: string }
    prompt: { name: string; reasons: string[]; details: Payload }
    session?: { accountId?: string; uid?: string }
    grantId?: string
    result?: Payload & { login?: { proofs?: MethodProof[] } }
    returnTo: string
    lastSubmission?: Payload
  }

  export interface Client {
    clientId: string
    clientName?: string
    clientAuthMethod: string
    redirectUris: string[]
    scope?: string
    /** Our own settings, carried along as extra client metadata. */
    readonly portico_settings: import('#core/clients/client-settings.ts').ClientSettings
    compareClientSecret(actual: string): Promise<boolean> | boolean
    redirectUriAllowed(uri: string): boolean
    responseModeAllowed(mode: string | undefined, type: string | undefined, profile: unknown): boolean
    postLogoutRedirectUriAllowed(uri: string): boolean
    grantTypeAllowed(type: string): boolean
    includeSid(): boolean
    metadata(): Payload
  }

  export interface OidcContext {
    client: Client
    params: Record<string, string | undefined> & { toPlainObject?(): Payload }
    entities: {
      Account?: unknown
      AccessToken?: Token
      AuthorizationCode?: Token
      RefreshToken?: Token
      RotatedRefreshToken?: Token
      Client?: Client
      Grant?: Grant
      Interaction?: Interaction
      Session?: Session
      IdTokenHint?: { payload: Payload }
    }
    session: Session
    grant?: Grant
    result?: { login?: Payload; consent?: { grantId?: string } }
    provider: Provider
    route: string
    body?: Payload
    requestParamScopes: Set<string>
    prompts: Set<string>
    requestParamOIDCScopes: Set<string>
    requestParamClaims: Set<string>
    /** The claims parameter, with what max_age and acr_values ask for. */
    claims?: { id_token?: { acr?: { essential?: boolean; value?: string; values?: string[] } } }
    /** Level of the session. */
    readonly acr?: string
    entity(kind: string, value: unknown): void
  }

  export interface KoaContext {
    req: IncomingMessage
    res: ServerResponse
    oidc: OidcContext
    cookies: {
      get(name: string, options?: Payload): string | undefined
      set(name: string, value: string | null, options?: Payload): void
    }
    path: string
    method: string
    query: Record<string, string | string[]>
    status: number
    body: unknown
    type: string
    ip: string
    state: Payload
    respond?: boolean
    url: string
    get(header: string): string
    set(header: string, value: string): void
    redirect(to: string): void
  }

  type Next = () => Promise<void>

  export type GrantHandler = (ctx: KoaContext, next?: Next) => Promise<void>

  export class Provider {
    constructor(issuer: string, configuration: Payload)
    readonly issuer: string
    proxy: boolean
    maxIpsCount: number
    proxyIpHeader: string
    silent: boolean
    static readonly ctx: KoaContext | undefined
    get Client(): ModelClass<Client> & { prototype: Client; find(id: string): Promise<Client | undefined> }
    get Grant(): ModelClass<Grant>
    get Session(): ModelClass<Session> & {
      get(ctx: KoaContext): Promise<Session>
      findByUid(uid: string): Promise<Session | undefined>
    }
    get Interaction(): ModelClass<Interaction>
    get AccessToken(): ModelClass<Token>
    get ClientCredentials(): ModelClass<Token>
    get AuthorizationCode(): ModelClass<Token>
    get RefreshToken(): ModelClass<Token>
    get IdToken(): {
      new (available: Payload, options: { ctx?: KoaContext; client?: Client }): IdToken
      validate(jwt: string, client: { clientId: string }): Promise<{ payload: Payload }>
      expiresIn(ctx: KoaContext, token: IdToken, client: Client): number
    }
    get Claims(): new (
      available: Payload,
      options: { ctx?: KoaContext; client?: Client },
    ) => Claims
    registerGrantType(name: string, handler: GrantHandler, parameters?: unknown, duplicates?: unknown): void
    registerResponseMode(name: string, handler: (ctx: KoaContext, redirectUri: string, out: Payload) => unknown): void
    use(middleware: (ctx: KoaContext, next: Next) => Promise<unknown>): this
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
    on(event: string, listener: (...args: never[]) => void): this
    createContext(req: IncomingMessage, res: ServerResponse): KoaContext
    cookieName(type: 'session' | 'interaction' | 'resume'): string
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: Payload,
      options?: { mergeWithLastSubmission?: boolean },
    ): Promise<void>
    urlFor(name: string, options?: Payload): string
  }

  export const errors: Record<
    | 'InvalidGrant'
    | 'UnmetAuthenticationRequirements'
    | 'InvalidRequest'
    | 'UnauthorizedClient'
    | 'InvalidClient'
    | 'InvalidScope'
    | 'InvalidToken'
    | 'AccessDenied'
    | 'SessionNotFound'
    | 'OIDCProviderError',
    new (
      description?: string,
      detail?: string,
    ) => Error & { error: string; error_description?: string; statusCode: number }
  >

  export namespace interactionPolicy {
    class Check {
      constructor(
        reason: string,
        description: string,
        error: string,
        check: (ctx: KoaContext) => boolean | Promise<boolean>,
      )
      static readonly REQUEST_PROMPT: true
      static readonly NO_NEED_TO_PROMPT: false
    }
    interface Prompt {
      readonly name: string
      checks: Check[] & { add(check: Check): void; remove(reason: string): void }
    }
    const Prompt: new (info: { name: string; requestable: boolean }, ...checks: Check[]) => Prompt
    function base(): Prompt[] & { get(name: string): Prompt; add(prompt: Prompt, index?: number): void }
  }

  export default Provider
}
