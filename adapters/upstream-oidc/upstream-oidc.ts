import type {
  GuardedFetch,
  ProviderCheck,
  ReadProviderSecret,
  RedirectProvider,
  UpstreamLogout,
  UpstreamTokenRefresh,
} from '#core/federation/ports.ts'
import type { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { readTokenAnswer } from '#core/shared/token-answer.ts'
import { type Arrival, receiveClaims } from './arrival.ts'
import { checkProvider } from './check-provider.ts'
import { clientAuthOf } from './client-auth.ts'
import { departTo, readRemembered } from './departure.ts'
import { type KeySet, loadKeys, loadMetadata, type ProviderMetadata } from './provider-metadata.ts'
import { refreshTokens } from './refresh-tokens.ts'
import { type RememberedDocument, rememberedDocument } from './remembered-document.ts'
import { identityFrom, mergeClaims, namesFromForm } from './upstream-claims.ts'

export interface UpstreamOidcDependencies {
  call: GuardedFetch
  readSecret: ReadProviderSecret
  clock: Clock
  random: Random
}

export type UpstreamOidc = RedirectProvider & UpstreamLogout & UpstreamTokenRefresh & ProviderCheck

const MINUTES = 60_000
const METADATA = { freshMs: 60 * MINUTES, keptMs: 24 * 60 * MINUTES }
/** Withdrawn keys are believed for no longer than these. */
const KEYS = { freshMs: 10 * MINUTES, keptMs: 60 * MINUTES }

/** Keys belong to an address: where discovery names another one, the old ones are forgotten. */
const keysByAddress = (call: GuardedFetch, clock: Clock) => {
  let present: { address: string; document: RememberedDocument<KeySet> } | null = null
  return (address: string): RememberedDocument<KeySet> => {
    if (present?.address !== address) {
      const document = rememberedDocument({ load: () => loadKeys(address, call), clock, ...KEYS })
      present = { address, document }
    }
    return present.document
  }
}

/**
 * One OpenID Connect provider. Keep the value for as long as the settings do not change: it remembers discovery and keys.
 *
 * `finish` answers only to what `begin` of the same provider remembered, so that an answer of one provider is never taken for one
 * of another (attack 24).
 */
export const upstreamOidc = (settings: OidcProviderSettings, dependencies: UpstreamOidcDependencies): UpstreamOidc => {
  const { call, readSecret, clock, random } = dependencies
  const metadata = rememberedDocument({ load: () => loadMetadata(settings, call), clock, ...METADATA })
  const keysAt = keysByAddress(call, clock)
  const authenticate = clientAuthOf(settings, readSecret, clock)

  const arrivalAt = async (known: ProviderMetadata): Promise<Result<Arrival>> => {
    // Whoever set the provider up mistook the secret or removed it: nothing a page of ours should break over.
    const auth = await authenticate().catch(() => null)
    if (auth === null) return fail('upstream-invalid', { because: 'our secret for the provider cannot be used' })
    return ok({ settings, metadata: known, keys: keysAt(known.keys), auth, call })
  }

  const readMetadata = (): Promise<Result<ProviderMetadata>> => metadata.get()

  return {
    async begin(request) {
      const known = await readMetadata()
      return known.ok ? ok(departTo(known.value, settings, request, random)) : known
    },

    async finish(callback, state) {
      const remembered = readRemembered(state)
      if (remembered === null || remembered.provider !== settings.name || remembered.issuer !== settings.issuer)
        return fail('upstream-invalid', { because: 'the sign-in began at another provider' })
      if ((callback.method === 'POST') !== (settings.responseMode === 'form_post'))
        return fail('upstream-invalid', { because: 'the answer came in another way than was asked for' })
      const known = await readMetadata()
      if (!known.ok) return known
      const arrival = await arrivalAt(known.value)
      if (!arrival.ok) return arrival
      const received = await receiveClaims(arrival.value, callback, remembered)
      if (!received.ok) return received
      const { claims, idToken, answer } = received.value
      const names = settings.type === 'SignInWithApple' ? namesFromForm(callback.parameters.user) : {}
      const identity = identityFrom(mergeClaims(claims, names), settings.signsOutUpstream ? idToken : null)
      const tokens = settings.keepsTokens ? readTokenAnswer(answer, callback.now) : null
      return identity.ok && tokens !== null ? ok({ ...identity.value, tokens }) : identity
    },

    async refresh(tokens) {
      const known = await readMetadata()
      if (!known.ok) return known
      const arrival = await arrivalAt(known.value)
      return arrival.ok ? refreshTokens(arrival.value, tokens) : arrival
    },

    async logout(session, returnTo) {
      const known = await readMetadata()
      if (!settings.signsOutUpstream || !known.ok || known.value.endSession === null) return null
      const url = new URL(known.value.endSession)
      url.searchParams.set('id_token_hint', session)
      url.searchParams.set('client_id', settings.clientId)
      url.searchParams.set('post_logout_redirect_uri', returnTo)
      return { kind: 'redirect', url: url.href }
    },

    check: () =>
      checkProvider(settings, {
        secret: authenticate,
        metadata: () => loadMetadata(settings, call),
        keys: ({ keys }) => loadKeys(keys, call),
      }),
  }
}
