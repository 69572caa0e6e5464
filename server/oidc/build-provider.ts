import { errors, type KoaContext, type Payload } from 'oidc-provider'
import { ACR_VALUES } from '#core/factors/index.ts'
import { LONGEST_JOURNEY_SECONDS } from '#core/flows/index.ts'
import { quirksOf } from '#core/pools/pool-settings.ts'
import { attributeClaims, identityClaims } from '#core/tokens/index.ts'
import { readableAttributes } from '#core/users/index.ts'
import { artifactAdapter } from './artifact-adapter.ts'
import { clientMetadata } from './client-metadata.ts'
import { loadGrant } from './grants.ts'
import { openJourney } from './open-journey.ts'
import { journeyPolicy } from './policy.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'
import { PoolProvider } from './pool-provider.ts'
import { recordProviderEvents } from './provider-events.ts'
import { checkAskedScope, knownScopes, scopeClaims } from './scopes.ts'
import { tokenHooks } from './token-hooks.ts'

/** A native scheme has no origin; only http and https ones can stand in an Origin header. */
const originOf = (uri: string): string | null => (/^https?:/.test(uri) ? new URL(uri).origin : null)

/** Where no session is reused for apps, a person's own account still needs one to be looked after. */
const OWN_MINUTES = 15

/** Paths below the base URL: Cognito's, capital I included; further endpoints beside them. */
export const ROUTES = {
  authorization: '/oauth2/authorize',
  token: '/oauth2/token',
  userinfo: '/oauth2/userInfo',
  revocation: '/oauth2/revoke',
  introspection: '/oauth2/introspect',
  end_session: '/logout',
  jwks: '/.well-known/jwks.json',
} as const

/** Wires one Provider to one pool. Every decision is a call into core; this file only translates. */
export const buildProvider = (pool: PoolForOidc, deps: OidcDeps): PoolProvider => {
  const { settings, id } = pool.pool
  const { config, clients, accounts, artifacts, clock } = deps
  const quirks = quirksOf(settings)
  const path = pool.base === '' ? '/' : pool.base
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, secure: config.isSecure, overwrite: true }
  const prefix = config.isSecure ? '__Secure-' : ''
  const nowEpoch = () => Math.floor(clock.now().getTime() / 1000)

  const scopes = new Set(knownScopes(pool))

  const findClient = async (clientId: string): Promise<Payload | undefined> => {
    const found = await clients.find(id, clientId)
    return found === null ? undefined : clientMetadata(found, pool.pool, scopes)
  }

  const provider = PoolProvider.build(
    pool.issuer,
    {
      adapter: artifactAdapter(artifacts.forPool(id), findClient, nowEpoch),
      jwks: {
        keys: pool.keys.filter((key) => key.status !== 'gone').map((key) => ({ ...key.privateJwk, use: 'sig' })),
      },
      cookies: {
        keys: deps.cookieKeys,
        names: {
          session: `${prefix}portico_session`,
          interaction: `${prefix}portico_interaction`,
          resume: `${prefix}portico_resume`,
        },
        // A session of one pool is not sent to another, and could not be read there (rows are keyed by pool).
        long: { ...cookie, path },
        // No path: the library scopes it to the journey's own address, so that two tabs do not overwrite each other.
        short: cookie,
      },
      routes: ROUTES,
      claims: scopeClaims(pool),
      scopes: [...scopes],
      acrValues: [...ACR_VALUES],
      subjectTypes: ['public'],
      responseTypes: ['code'],
      clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
      enabledJWA: { idTokenSigningAlgValues: [settings.algorithm] },
      clientDefaults: {
        id_token_signed_response_alg: settings.algorithm,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      extraClientMetadata: { properties: ['portico_settings'] },
      // `scope` stands here for its check, which runs once the redirect address is known to be the client's.
      extraParams: {
        lang: null,
        screen_hint: null,
        identity_provider: null,
        idp_identifier: null,
        scope: checkAskedScope,
      },
      conformIdTokenClaims: !quirks.profileClaimsInIdToken,
      allowOmittingSingleRegisteredRedirectUri: false,
      // A POST to the authorization endpoint is sent on as a GET (answer.ts): the library would want SameSite=None for it.
      enableHttpPostMethods: false,
      clockTolerance: 10,
      expiresWithSession: () => false,
      issueRefreshToken: (_ctx: KoaContext, client: { grantTypeAllowed(type: string): boolean }) =>
        client.grantTypeAllowed('refresh_token'),
      rotateRefreshToken: (ctx: KoaContext) =>
        ctx.oidc.client.portico_settings.refreshRotation.enabled && ctx.state.repeatedRefreshToken === undefined,
      revokeGrantPolicy: () => true,
      pkce: {
        required: (_ctx: KoaContext, client: KoaContext['oidc']['client']) =>
          client.portico_settings.type !== 'confidential' || client.portico_settings.pkce === 'required',
      },
      clientBasedCORS: (_ctx: KoaContext, origin: string, client: KoaContext['oidc']['client']) =>
        origin !== 'null' &&
        [...client.redirectUris.map(originOf), ...client.portico_settings.allowedOrigins].includes(origin),
      ttl: {
        AccessToken: (_ctx: KoaContext, _token: unknown, client: KoaContext['oidc']['client']) =>
          client.portico_settings.accessTokenSeconds,
        ClientCredentials: (_ctx: KoaContext, _token: unknown, client: KoaContext['oidc']['client']) =>
          client.portico_settings.accessTokenSeconds,
        IdToken: (_ctx: KoaContext, _token: unknown, client: KoaContext['oidc']['client']) =>
          client.portico_settings.idTokenSeconds,
        AuthorizationCode: 300,
        // The journey's row decides when it is over: each step extends it, up to this.
        Interaction: LONGEST_JOURNEY_SECONDS,
        // A rotated token lives for what the first had left.
        RefreshToken: (ctx: KoaContext, _token: unknown, client: KoaContext['oidc']['client']) =>
          Math.max(
            1,
            ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? client.portico_settings.refreshTokenSeconds,
          ),
        // Absolute: counted from the sign-in, not from the last use.
        Session: (_ctx: KoaContext, session: { loginTs?: number }) =>
          session.loginTs === undefined
            ? config.FLOW_TTL_SECONDS
            : Math.max(1, session.loginTs + (settings.session.maxMinutes || OWN_MINUTES) * 60 - nowEpoch()),
      },
      async findAccount(_ctx: KoaContext, sub: string) {
        const account = await accounts.find(id, sub)
        if (account === null) return undefined
        return {
          accountId: sub,
          account,
          claims: async (use: 'id_token' | 'userinfo', _scope: string, asked: Payload) => {
            const client = PoolProvider.ctx?.oidc.client
            const readable =
              client === undefined ? new Set<string>() : readableAttributes(settings, client.portico_settings)
            const claims = attributeClaims(account.user.attributes, settings.attributes, readable, quirks, use)
            const identities = identityClaims(account, readable, quirks, use)
            if (readable.has('updated_at')) claims.updated_at ??= Math.floor(account.user.updatedAt.getTime() / 1000)
            const isSaid = (name: string) =>
              use === 'userinfo' || quirks.profileClaimsInIdToken || Object.hasOwn(asked, name)
            return {
              ...Object.fromEntries(Object.entries(claims).filter(([name]) => isSaid(name))),
              ...identities,
              sub,
            }
          },
        }
      },
      loadExistingGrant: (ctx: KoaContext) => loadGrant(ctx, pool, deps),
      interactions: {
        policy: journeyPolicy(settings),
        url: (ctx: KoaContext, interaction: Parameters<typeof openJourney>[1]) =>
          openJourney(ctx, interaction, pool, deps),
      },
      renderError: (ctx: KoaContext, out: Payload, error: Error) => deps.pages.protocolError(ctx, pool, out, error),
      features: {
        devInteractions: { enabled: false },
        revocation: {
          enabled: true,
          // RFC 7009 §2.1: a client that presents another one's token is told so.
          allowedPolicy: (_ctx: KoaContext, client: { clientId: string }, token: { clientId: string }) => {
            if (token.clientId === client.clientId) return true
            throw new errors.InvalidGrant('the token was issued to another client')
          },
        },
        // A client learns of its own tokens; one that acts as resource server is a confidential client of the pool.
        introspection: {
          enabled: true,
          allowedPolicy: (
            _ctx: KoaContext,
            client: { clientId: string; clientAuthMethod: string },
            token: { clientId: string },
          ) => client.clientAuthMethod !== 'none' || token.clientId === client.clientId,
        },
        clientCredentials: { enabled: true },
        claimsParameter: { enabled: true },
        userinfo: { enabled: true },
        resourceIndicators: { enabled: false },
        // For its client metadata alone: sign-out is ours (sign-out.ts), since a confirmed one may not redirect out of a form.
        rpInitiatedLogout: { enabled: true },
        // For `sid` in the ID tokens of clients that are to be told; the telling is ours (sign-out-worker.ts): it has to outlive
        // the request, and sessions end in other ways than at that endpoint.
        backchannelLogout: { enabled: true },
      },
    },
    tokenHooks(pool, deps),
  )
  if (quirks.missingScopeMeansAll) {
    provider.use(async (ctx, next) => {
      const { client_id: clientId, scope } = ctx.query
      if (ctx.path === ROUTES.authorization && scope === undefined && typeof clientId === 'string') {
        const found = await clients.find(id, clientId)
        if (found !== null) {
          ctx.query = { ...ctx.query, scope: found.client.settings.scopes.join(' ') }
          // The mount is what the full address has more than the relative one.
          Object.assign(ctx.req, { originalUrl: `${pool.base}${ctx.url}` })
        }
      }
      return next()
    })
  }
  // Emitted once the library's own answer stands: an outage is a 503 that may be tried again, not a 500.
  provider.on('server_error', (ctx: KoaContext, error: Error) => {
    const status = deps.onTrouble(deps.contextOf(ctx.req).requestId, error)
    ctx.status = status
    if (status === 503) ctx.set('retry-after', '10')
  })
  recordProviderEvents(provider, pool, deps)
  provider.silent = true
  // The library makes `Secure` cookies and addresses from what it thinks the scheme is. The front door has replaced every
  // forwarding header a caller sent by the one fact of the configuration.
  provider.proxy = config.isSecure
  return provider
}
