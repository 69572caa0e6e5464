import type { KoaContext, Provider } from 'oidc-provider'
import { type EventFacts, newEvent } from '#core/events/index.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'

/**
 * Writes down what the library decides by itself: a grant revoked at the revocation endpoint or after a replay, and clients
 * that could not say who they are. Not in the transaction of the act: the library deletes kind by kind, each in a statement of
 * its own, and says so afterwards, waiting for nobody. An event that cannot be written is reported as trouble and changes no
 * answer.
 */
export const recordProviderEvents = (provider: Provider, { pool }: PoolForOidc, deps: OidcDeps): void => {
  const record = (ctx: KoaContext, facts: Pick<EventFacts, 'type' | 'outcome' | 'reason' | 'sub' | 'detail'>): void => {
    const context = deps.contextOf(ctx.req)
    const clientId = ctx.oidc.entities.Client?.clientId ?? null
    const event = newEvent(deps.random, deps.clock.now(), { ...facts, poolId: pool.id, clientId, context })
    deps.events.write({ events: [event] }).catch((error: Error) => deps.onTrouble(context.requestId, error))
  }

  provider.on('grant.revoked', (ctx: KoaContext) => {
    const { AccessToken: access, RefreshToken: refresh, AuthorizationCode: code } = ctx.oidc.entities
    const sub = (access ?? refresh ?? code)?.accountId ?? null
    record(ctx, { type: 'token.revoked', outcome: 'success', sub, detail: { at: ctx.oidc.route } })
  })

  for (const refusal of ['grant.error', 'revocation.error', 'introspection.error']) {
    provider.on(refusal, (ctx: KoaContext, { error }: Error & { error?: string }) => {
      if (error !== 'invalid_client') return
      record(ctx, {
        type: 'client.authenticated',
        outcome: 'failure',
        reason: error,
        detail: { at: ctx.oidc.route },
      })
    })
  }
}
