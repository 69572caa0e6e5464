import type { Clock } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { IdentityKey } from './federated-profile.ts'
import { type IdentityProvider, labelOf } from './identity-provider.ts'
import type { IdentityStore, ProviderReader, TokenRefreshes, UpstreamRecord, UpstreamTokens } from './ports.ts'
import { keepsTokens } from './token-settings.ts'

export interface FreshUpstreamTokenPorts {
  providers: Pick<ProviderReader, 'find'>
  identities: Pick<IdentityStore, 'list' | 'record' | 'keepTokens' | 'dropTokens'>
  tokenRefreshes: TokenRefreshes
  clock: Clock
}

/** For calls to the provider's own interfaces in a person's name. */
export interface FreshUpstreamToken {
  provider: string
  subject: string
  accessToken: string
  /** Epoch milliseconds; null: the provider does not say. */
  expiresAt: number | null
}

/** A token that is on its way out is no good to who gets it now. Milliseconds. */
const LEFT_MS = 60_000

interface Kept {
  key: IdentityKey
  record: UpstreamRecord
  tokens: UpstreamTokens
}

const keptAt = async ({ identities }: FreshUpstreamTokenPorts, key: IdentityKey): Promise<Kept | null> => {
  const record = await identities.record(key)
  return record === null || record.tokens === null ? null : { key, record, tokens: record.tokens }
}

/** Of a person's identities at the provider the one that signed in last, among those whose tokens are kept. */
const lastKept = async (ports: FreshUpstreamTokenPorts, keys: readonly IdentityKey[]): Promise<Kept | null> => {
  const kept = await Promise.all(keys.map((key) => keptAt(ports, key)))
  return kept.filter((one) => one !== null).sort((a, b) => +b.record.at - +a.record.at)[0] ?? null
}

const isFresh = ({ expiresAt }: UpstreamTokens, now: number): boolean =>
  expiresAt === null || expiresAt - now >= LEFT_MS

const answer = ({ key, tokens }: Pick<Kept, 'key' | 'tokens'>): Result<FreshUpstreamToken> =>
  ok({ provider: key.provider, subject: key.subject, accessToken: tokens.accessToken, expiresAt: tokens.expiresAt })

const isSame = (a: UpstreamTokens, b: UpstreamTokens): boolean =>
  a.accessToken === b.accessToken && a.refreshToken === b.refreshToken

/** Of several refreshes at once the last to come back is kept; with each of them the provider gave a token that works. */
const renewed = async (
  ports: FreshUpstreamTokenPorts,
  provider: IdentityProvider,
  kept: Kept,
  triesLeft: number,
): Promise<Result<FreshUpstreamToken>> => {
  const { key, tokens, record } = kept
  const now = ports.clock.now().getTime()
  if (isFresh(tokens, now)) return answer(kept)
  const { refreshToken } = tokens
  const refreshing = refreshToken === null ? null : await ports.tokenRefreshes(provider)
  if (refreshToken === null || refreshing === null) return fail('upstream-tokens-expired')
  const refreshed = await refreshing.refresh({ refreshToken, subject: key.subject, now })
  if (refreshed.ok) {
    const next = { ...refreshed.value, refreshToken: refreshed.value.refreshToken ?? refreshToken }
    if (await ports.identities.keepTokens(key, next, record.at)) return answer({ key, tokens: next })
  } else if (refreshed.failure.code !== 'upstream-refused') return refreshed
  // A sign-in or a refresh came between, which left what is newer, or took away what there was.
  const present = await keptAt(ports, key)
  if (present !== null && triesLeft > 0 && !isSame(present.tokens, tokens))
    return renewed(ports, provider, present, triesLeft - 1)
  if (refreshed.ok) return fail('upstream-tokens-missing')
  await ports.identities.dropTokens(key, tokens)
  return refreshed
}

/**
 * An access token of the provider for a person: the kept one while it has a minute left or the provider does not say how long it
 * lasts, otherwise a new one, which is kept in its place. A new refresh token replaces the old one (RFC 6749 §6). A refresh token
 * that another process has used meanwhile is no refusal where that one has left its successor.
 *
 * Fails with `provider-unknown`, `identity-unknown` where the person has no identity there, `upstream-tokens-missing` where none is
 * kept, `upstream-tokens-expired` where it cannot be renewed without the person, `upstream-refused` where the provider takes the
 * refresh token no more (its tokens are dropped then), `upstream-unreachable` or `upstream-invalid` (they stay).
 */
export const freshUpstreamToken =
  (ports: FreshUpstreamTokenPorts) =>
  async ({
    poolId,
    sub,
    provider: name,
  }: {
    poolId: string
    sub: string
    provider: string
  }): Promise<Result<FreshUpstreamToken>> => {
    const provider = await ports.providers.find(poolId, name)
    if (provider === null) return fail('provider-unknown')
    const keys = (await ports.identities.list(poolId, sub)).filter((identity) => identity.provider === name)
    if (keys.length === 0) return fail('identity-unknown')
    const kept = keepsTokens(provider.settings) ? await lastKept(ports, keys) : null
    const result = kept === null ? fail('upstream-tokens-missing') : await renewed(ports, provider, kept, 1)
    if (result.ok) return result
    const { failure } = result
    const params = { ...failure.params, provider: labelOf(provider) }
    return { ok: false, failure: { ...failure, params } }
  }
