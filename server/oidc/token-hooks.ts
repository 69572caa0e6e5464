import { hash } from 'node:crypto'
import { errors, type KoaContext, type Payload, type Token } from 'oidc-provider'
import { newEvent } from '#core/events/index.ts'
import { ACR_VALUES, reaches } from '#core/factors/index.ts'
import { quirksOf } from '#core/pools/pool-settings.ts'
import {
  accessTokenExtras,
  clientTokenExtras,
  type GroupClaims,
  groupsOf,
  idTokenExtras,
  type SignInFacts,
  type TokenAccount,
  withTriggerClaims,
} from '#core/tokens/index.ts'
import type { TokenClaimsAnswer } from '#core/triggers/index.ts'
import type { ModelHooks } from './model-hooks.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'
import { graceful } from './refresh-grace.ts'
import { claimsBeyondScope, machineScopes, stillAllowed } from './scopes.ts'
import { leftHalfHash } from './token-signer.ts'

interface AccountEntity {
  account: TokenAccount
}

type TriggerAnswer = Awaited<ReturnType<OidcDeps['triggers']['preTokenGeneration']>>

/** The level reached; where the app named others as essential, the strongest of them that it reaches too. */
const levelToTell = (
  reached: string | undefined,
  asked: { essential?: boolean; value?: string; values?: string[] } | undefined,
): string | undefined => {
  const named = asked?.essential === true ? (asked.values ?? (asked.value === undefined ? [] : [asked.value])) : []
  if (reached === undefined || named.length === 0 || named.includes(reached)) return reached
  return ACR_VALUES.findLast((level) => named.includes(level) && reaches(reached, level)) ?? reached
}

/** A UUID that says nothing and is the same for the same input. */
const derivedUuid = (value: string): string => {
  const hex = hash('sha256', value)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Kind under which revoked tokens of clients are remembered. */
const REVOKED = 'RevokedClientCredentials'

/** How this pool's tokens look: Cognito's claims, signed with the pool's keys, and found again by signature. */
export const tokenHooks = (pool: PoolForOidc, deps: OidcDeps): ModelHooks => {
  const { artifacts, clients, hashes, random, clock, triggers } = deps
  const { id, settings } = pool.pool
  const quirks = quirksOf(settings)
  const store = artifacts.forPool(id)

  const accountOf = (ctx: KoaContext | undefined): TokenAccount | null =>
    (ctx?.oidc.entities.Account as AccountEntity | undefined)?.account ?? null

  const factsOf = (ctx: KoaContext, jti: string): SignInFacts => {
    const { Grant: grant, AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities
    const source = code ?? refresh
    // Kept by every refresh: derived from what a refresh keeps too.
    const origin = hashes.of('origin-jti', `${source?.grantId ?? ''}|${source?.authTime ?? ''}|${source?.sid ?? ''}`)
    return {
      eventId: grant?.eventId ?? null,
      originJti: derivedUuid(`origin|${origin}`),
      jti,
      authTime: source?.authTime,
      acr: source === undefined ? undefined : levelToTell(source.acr, source.claims?.id_token?.acr),
      amr: source?.amr,
    }
  }

  /** What the ID token of the same answer is bound to (`at_hash`). */
  const issuedAccessToken = new WeakMap<object, string>()

  /** The pre-token-generation trigger runs once per answer and speaks for both tokens. */
  const asked = new WeakMap<object, Promise<TriggerAnswer>>()
  const askTrigger = (
    ctx: KoaContext,
    account: TokenAccount,
    groups: GroupClaims,
    facts: SignInFacts,
  ): Promise<TriggerAnswer> => {
    const known = asked.get(ctx)
    if (known !== undefined) return known
    const answer = triggers.preTokenGeneration({
      poolId: id,
      clientId: ctx.oidc.client.clientId,
      eventId: facts.eventId ?? '',
      username: account.user.username,
      attributes: account.user.attributes,
      locale: settings.defaultLocale,
      clientMetadata: {},
      source: ctx.oidc.params.grant_type === 'refresh_token' ? 'refresh-tokens' : 'hosted-auth',
      scopes: [...(ctx.oidc.entities.AccessToken?.scopes ?? [])],
      ...groups,
    })
    asked.set(ctx, answer)
    return answer
  }

  /** Expected, like any refusal of a trigger: no tokens, and no trouble of ours. */
  const unlessRefused = (answer: TriggerAnswer): TokenClaimsAnswer | null => {
    if (!answer.ok) throw new errors.InvalidGrant('token generation was refused', answer.failure.because)
    return answer.value
  }

  /** A client on its own behalf is nobody and in no group. */
  const askAboutMachine = async (ctx: KoaContext, scope: unknown): Promise<TokenClaimsAnswer | null> => {
    const { clientId } = ctx.oidc.client
    return unlessRefused(
      await triggers.preTokenGeneration({
        poolId: id,
        clientId,
        eventId: random.uuid(),
        username: clientId,
        attributes: {},
        locale: settings.defaultLocale,
        clientMetadata: {},
        source: 'client-credentials',
        scopes: typeof scope === 'string' && scope !== '' ? scope.split(' ') : [],
        groups: [],
        roles: [],
        preferredRole: null,
      }),
    )
  }

  const personalised = async (ctx: KoaContext, account: TokenAccount, jti: string) => {
    const own = groupsOf(account)
    const facts = factsOf(ctx, jti)
    const answer = await askTrigger(ctx, account, own, facts)
    const change = unlessRefused(answer)
    const groups =
      change?.groups == null
        ? own
        : { groups: change.groups.names, roles: change.groups.roles, preferredRole: change.groups.preferredRole }
    return { facts, groups, change }
  }

  const countIssue = (ctx: KoaContext, sub: string | null): void => {
    const grantType = ctx.oidc.params.grant_type
    void deps.events.count(
      newEvent(random, clock.now(), {
        poolId: id,
        type: grantType === 'refresh_token' ? 'token.refreshed' : 'token.issued',
        outcome: 'success',
        sub: grantType === 'client_credentials' ? null : sub,
        clientId: ctx.oidc.client.clientId,
        detail: { grant: grantType ?? '' },
      }),
    )
  }

  const represent = async (token: Token, payload: Payload, ctx: KoaContext): Promise<string> => {
    const { client } = ctx.oidc
    const { accessTokenFormat } = client.portico_settings
    const account = accountOf(ctx)
    const jti = token.kind === 'AccessToken' ? token.jti : random.uuid()
    // Asked whatever the token looks like: an opaque one shows no claims, but may be refused, and its ID token is changed.
    const person = account === null ? null : { account, ...(await personalised(ctx, account, jti)) }
    const change = person === null ? await askAboutMachine(ctx, payload.scope) : person.change
    countIssue(ctx, account?.user.sub ?? null)
    if (accessTokenFormat === 'opaque' && token.kind === 'AccessToken') return token.jti
    const base: Payload = {
      sub: payload.accountId ?? payload.clientId,
      iss: pool.issuer,
      client_id: payload.clientId,
      scope: payload.scope,
      iat: payload.iat,
      exp: payload.exp,
      ...(accessTokenFormat === 'rfc9068' ? { aud: payload.aud ?? payload.clientId } : {}),
      ...(person === null
        ? clientTokenExtras(jti, Number(payload.iat))
        : accessTokenExtras(person.account, person.groups, person.facts)),
    }
    const typ = accessTokenFormat === 'rfc9068' ? 'at+jwt' : quirks.omitTyp ? null : 'JWT'
    const use = quirks.separateAccessTokenKey ? 'access' : 'id'
    return pool.signer.sign(use, typ, change === null ? base : withTriggerClaims(base, change.accessToken))
  }

  return {
    async representAccessToken(token, payload, ctx) {
      if (ctx === undefined) throw new Error('access tokens are issued on a request')
      const value = await represent(token, payload, ctx)
      issuedAccessToken.set(ctx, value)
      return value
    },
    recogniseAccessToken(value) {
      if (value.split('.').length !== 3) {
        // The id of a JWT's row is inside the JWT: alone it is no credential.
        return UUID.test(value) ? null : { jti: value, clientCredentials: null }
      }
      const claims = pool.signer.recognise(value)
      if (claims === null || claims.token_use !== 'access' || typeof claims.jti !== 'string') return null
      const now = Math.floor(clock.now().getTime() / 1000)
      if (typeof claims.exp !== 'number' || claims.exp <= now) return null
      const isOfClient = claims.username === undefined && claims.sub === claims.client_id
      return {
        jti: claims.jti,
        clientCredentials: isOfClient
          ? {
              jti: claims.jti,
              iat: claims.iat,
              exp: claims.exp,
              clientId: claims.client_id,
              scope: claims.scope,
              aud: claims.aud,
            }
          : null,
      }
    },
    async idToken(claims, ctx, lifetimeSeconds) {
      const account = accountOf(ctx)
      if (account === null) throw new Error('ID tokens are about a person')
      const { facts, groups, change } = await personalised(ctx, account, random.uuid())
      const now = Math.floor(clock.now().getTime() / 1000)
      const accessToken = issuedAccessToken.get(ctx)
      const all = {
        ...claims,
        iss: pool.issuer,
        aud: ctx.oidc.client.clientId,
        iat: now,
        exp: now + lifetimeSeconds,
        ...(accessToken === undefined ? {} : { at_hash: leftHalfHash(settings.algorithm, accessToken) }),
        ...idTokenExtras(account, groups, facts),
      }
      return pool.signer.sign(
        'id',
        quirks.omitTyp ? null : 'JWT',
        change === null ? all : withTriggerClaims(all, change.idToken),
      )
    },
    recogniseIdToken(jwt, clientId) {
      const claims = pool.signer.recognise(jwt)
      const isOurs = claims?.token_use === 'id' && claims.iss === pool.issuer && claims.aud === clientId
      return isOurs && typeof claims.sub === 'string' ? claims : null
    },
    claimsBeyondScope: claimsBeyondScope(pool, quirks),
    machineScopes: machineScopes(pool),
    stillAllowed: stillAllowed(pool),
    async matchesClientSecret(clientId, presented) {
      const found = await clients.find(id, clientId)
      if (found === null || found.client.settings.type !== 'confidential') return false
      const candidates = hashes.everyOf('client-secret', presented)
      // Every live secret is compared with every candidate, so that the time tells nothing of which.
      const matching = found.secretHashes.filter((secret) =>
        candidates.map((candidate) => hashes.equal(secret, candidate)).includes(true),
      )
      const [stored] = matching
      const [present] = candidates
      if (stored !== undefined && present !== undefined && stored !== present)
        await clients.renewSecret(id, clientId, stored, present)
      return stored !== undefined
    },
    isLiveClient: async (clientId) => typeof clientId === 'string' && (await clients.find(id, clientId)) !== null,
    revokeMachineToken: ({ jti, exp, clientId }) =>
      store.upsert(REVOKED, jti, { clientId }, Math.max(1, exp - Math.floor(clock.now().getTime() / 1000))),
    isRevokedMachineToken: async (jti) => (await store.find(REVOKED, jti)) !== null,
    ...graceful(pool, deps, store),
    formPost: (ctx, action, fields) => deps.pages.formPost(ctx, pool, action, fields),
    accessTokenId: (ctx) => (ctx?.oidc.client.portico_settings.accessTokenFormat === 'opaque' ? null : random.uuid()),
  }
}
