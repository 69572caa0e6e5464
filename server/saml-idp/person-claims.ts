import type { AppClient } from '#core/clients/client-settings.ts'
import { quirksOf } from '#core/pools/pool-settings.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { attributeClaims, groupsOf, idTokenExtras, type TokenAccount, withTriggerClaims } from '#core/tokens/index.ts'
import { readableAttributes } from '#core/users/index.ts'
import type { OidcDeps } from '../oidc/pool-for-oidc.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import type { RedeemedCode } from '../oidc/redeem-inside.ts'

export interface PersonClaims {
  user: TokenAccount['user']
  claims: Readonly<Record<string, unknown>>
}

/**
 * What an ID token of this sign-in would say of the person, read at this moment, the trigger's word included. Fails with `user-unknown`
 * for somebody who is gone or disabled since, and as the trigger does.
 */
export const personClaims = async (
  { accounts, triggers, random }: Pick<OidcDeps, 'accounts' | 'triggers' | 'random'>,
  { pool: { id, settings } }: PoolRuntime,
  client: AppClient,
  code: RedeemedCode,
): Promise<Result<PersonClaims>> => {
  const account = await accounts.find(id, code.sub)
  if (account === null) return fail('user-unknown')
  const { user } = account
  const own = groupsOf(account)
  const answer = await triggers.preTokenGeneration({
    poolId: id,
    clientId: client.id,
    eventId: code.eventId ?? '',
    username: user.username,
    attributes: user.attributes,
    locale: settings.defaultLocale,
    clientMetadata: {},
    source: 'hosted-auth',
    scopes: client.settings.scopes,
    ...own,
  })
  if (!answer.ok) return answer
  const change = answer.value
  const groups =
    change?.groups == null
      ? own
      : { groups: change.groups.names, roles: change.groups.roles, preferredRole: change.groups.preferredRole }
  const readable = readableAttributes(settings, client.settings)
  const jti = random.uuid()
  const claims = {
    ...attributeClaims(user.attributes, settings.attributes, readable, quirksOf(settings), 'id_token'),
    sub: user.sub,
    ...idTokenExtras(account, groups, {
      eventId: code.eventId,
      originJti: jti,
      jti,
      authTime: code.authTime,
      acr: code.acr,
      amr: code.amr,
    }),
  }
  return ok({ user, claims: change === null ? claims : withTriggerClaims(claims, change.idToken) })
}
