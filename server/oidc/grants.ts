import type { Grant, KoaContext } from 'oidc-provider'
import type { ClientSettings } from '#core/clients/client-settings.ts'
import { newEvent } from '#core/events/index.ts'
import { scopesToAllow } from '#core/flows/index.ts'
import { allowClaims } from './claims-allowed.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'

const allow = (ctx: KoaContext, pool: PoolForOidc, grant: Grant, scopes: Iterable<string>): void => {
  grant.addOIDCScope([...scopes].join(' '))
  const { client, requestParamOIDCScopes, requestParamClaims } = ctx.oidc
  allowClaims(grant, pool, client.portico_settings, requestParamOIDCScopes, [...requestParamClaims])
}

/** Outlives the last refresh token of a code redeemed at the session's last moment. Seconds. */
export const grantSeconds = (
  { pool }: PoolForOidc,
  { refreshTokenSeconds }: Pick<ClientSettings, 'refreshTokenSeconds'>,
): number => refreshTokenSeconds + pool.settings.session.maxMinutes * 60 + 600

/** Whether the session's person allowed this client everything that is asked for, now or before. */
const isAllowed = async (
  ctx: KoaContext,
  { pool }: PoolForOidc,
  { consents }: OidcDeps,
  sub: string,
): Promise<boolean> => {
  if (ctx.oidc.client.portico_settings.firstParty) return true
  const asked = scopesToAllow([...ctx.oidc.requestParamOIDCScopes])
  if (asked.length === 0) return true
  const allowed = new Set(await consents.scopes(pool.id, sub, ctx.oidc.client.clientId))
  return asked.every((scope) => allowed.has(scope))
}

/**
 * The grant an authorization request builds on: the journey's own, the session's for this client, or — for a person who
 * has a session and needs no asking — a new one, which is a silent sign-in and an event.
 */
export const loadGrant = async (ctx: KoaContext, pool: PoolForOidc, deps: OidcDeps): Promise<Grant | undefined> => {
  const { oidc } = ctx
  const { provider, client, session } = oidc
  const fromJourney = oidc.result?.consent?.grantId
  const sub = session.accountId
  const known = fromJourney ?? session.grantIdFor(client.clientId)
  const existing = known === undefined ? undefined : await provider.Grant.find(known)
  if (fromJourney !== undefined || sub === undefined) return existing
  if (!(await isAllowed(ctx, pool, deps, sub))) return existing
  if (existing !== undefined && existing.accountId === sub) {
    const missing = [...oidc.requestParamOIDCScopes].filter(
      (scope) => !existing.getOIDCScopeEncountered().split(' ').includes(scope),
    )
    if (missing.length > 0 || oidc.requestParamClaims.size > 0) {
      allow(ctx, pool, existing, missing)
      await existing.save()
    }
    return existing
  }
  const now = deps.clock.now()
  const event = newEvent(deps.random, now, {
    poolId: pool.pool.id,
    type: 'sign_in',
    outcome: 'success',
    sub,
    clientId: client.clientId,
    context: deps.contextOf(ctx.req),
    detail: { silent: true },
  })
  // Before the grant, which the library saves in a statement of its own: there may be an event of a sign-in that failed after
  // it, and no sign-in without its event.
  await deps.events.write({ events: [event] })
  const grant = new provider.Grant({
    accountId: sub,
    clientId: client.clientId,
    eventId: event.id,
    expiresIn: grantSeconds(pool, client.portico_settings),
  })
  allow(ctx, pool, grant, oidc.requestParamOIDCScopes)
  await grant.save()
  return grant
}
