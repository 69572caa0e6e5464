import { guardedFetch } from '#adapters/guarded-fetch/guarded-fetch.ts'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { UpstreamOidc } from '#adapters/upstream-oidc/upstream-oidc.ts'
import { upstreamOidc } from '#adapters/upstream-oidc/upstream-oidc.ts'
import type { GuardedFetch, UpstreamRequest, UpstreamState } from '#core/federation/ports.ts'
import { OidcProviderSettings } from '#core/federation/provider-settings.ts'

export const UPSTREAM_CLIENT = 'portico-client'
export const UPSTREAM_CALLBACK = 'https://id.fjord.example/oauth2/idpresponse'

/** A clock that stands still until it is told. */
export const movableClock = (iso: string) => {
  let at = Date.parse(iso)
  return { now: () => new Date(at), advance: (ms: number) => (at += ms) }
}

export interface UpstreamClient {
  upstream: UpstreamOidc
  settings: OidcProviderSettings
  begin(more?: Partial<UpstreamRequest>): Promise<{ url: URL; remember: UpstreamState }>
  finish(
    parameters: Readonly<Record<string, string>>,
    remember: UpstreamState,
    method?: 'GET' | 'POST',
  ): ReturnType<UpstreamOidc['finish']>
}

/** Reaches this machine, and nothing reserved. */
export const loopbackFetch = guardedFetch({ allowPrivate: true, allowHttp: true })

/** A provider as the house would set it up, and a browser's way there and back. */
export const upstreamClient = (
  given: object,
  clock: { now(): Date },
  { call = loopbackFetch, secret = 'swordfish' }: { call?: GuardedFetch; secret?: string } = {},
): UpstreamClient => {
  const settings = OidcProviderSettings.parse({
    ...{ kind: 'oidc', name: 'Corporate', clientId: UPSTREAM_CLIENT },
    ...given,
  })
  const upstream = upstreamOidc(settings, { call, readSecret: async () => secret, clock, random: systemRandom })
  return {
    upstream,
    settings,
    async begin(more = {}) {
      const request: UpstreamRequest = {
        ...{ callbackUrl: UPSTREAM_CALLBACK, state: 'state-of-the-journey', locale: 'en', loginHint: null },
        ...{ forceAuthentication: false, asksForAccount: false, acr: null, now: clock.now().getTime() },
        ...more,
      }
      const begun = await upstream.begin(request)
      if (!begun.ok) throw new Error(begun.failure.because)
      const { departure, remember } = begun.value
      return { url: new URL(departure.kind === 'redirect' ? departure.url : departure.action), remember }
    },
    finish: (parameters, remember, method = 'GET') =>
      upstream.finish({ method, url: UPSTREAM_CALLBACK, parameters, now: clock.now().getTime() }, remember),
  }
}
