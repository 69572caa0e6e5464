import { errors, interactionPolicy, type KoaContext } from 'oidc-provider'
import { ACR_MULTI_FACTOR, type Acr, isAcr, reaches } from '#core/factors/index.ts'
import type { PoolSettings } from '#core/pools/pool-settings.ts'

/** Levels an app calls essential (OpenID Connect Core §5.5.1.1); empty when it calls none. */
const essentialLevels = ({ oidc }: KoaContext): readonly string[] => {
  const asked = oidc.claims?.id_token?.acr
  if (asked?.essential !== true) return []
  if (asked.values !== undefined && !Array.isArray(asked.values))
    throw new errors.InvalidRequest('acr.values of the claims parameter must be a list')
  return asked.values ?? (asked.value === undefined ? [] : [asked.value])
}

/** Levels of `acr_values`, in the app's order; those nobody knows here are passed over (OpenID Connect Core §3.1.2.1). */
const wishedLevels = ({ oidc }: KoaContext): readonly Acr[] =>
  typeof oidc.params.acr_values === 'string' ? oidc.params.acr_values.split(' ').filter(isAcr) : []

/** The level a journey should reach for this request: an essential one before a wished one; null: none was named. */
export const levelAskedFor = (ctx: KoaContext): Acr | null =>
  essentialLevels(ctx).find(isAcr) ?? wishedLevels(ctx)[0] ?? null

/** Whether the app cannot do without the level it named. */
export const isLevelEssential = (ctx: KoaContext): boolean => essentialLevels(ctx).some(isAcr)

/**
 * Whether to ask the person for a higher level. What cannot be reached, or was not just now, is said to the app and not
 * asked for again and again (OpenID Connect Unmet Authentication Requirements 1.0).
 */
const asksForLevel = (ctx: KoaContext): boolean => {
  const wanted = essentialLevels(ctx)
  if (wanted.length === 0 || wanted.some((level) => isAcr(level) && reaches(ctx.oidc.acr, level))) return false
  if (ctx.oidc.result?.login !== undefined || !wanted.some(isAcr))
    throw new errors.UnmetAuthenticationRequirements('the essential acr cannot be reached')
  return true
}

/** A level that is wished for is asked for once; a request that may not ask goes on with what there is. */
const wishesForLevel = (ctx: KoaContext): boolean => {
  const [wished] = wishedLevels(ctx)
  const mayAsk = !ctx.oidc.prompts.has('none') && ctx.oidc.result?.login === undefined
  return wished !== undefined && mayAsk && !reaches(ctx.oidc.acr, wished)
}

/**
 * A session of a password alone is not enough where the app, or by now the pool, asks everybody for two factors. A browser
 * that was remembered at sign-in stands in for the pool's demand, not for the app's.
 */
const owesSecondFactor =
  ({ mfa }: PoolSettings) =>
  ({ oidc }: KoaContext): boolean => {
    const { session, result, client } = oidc
    // Second factors were the provider's business at this sign-in; what the app asks for is asked for here all the same.
    const isCovered = session.proofs?.some(({ federation }) => federation?.coversSecondFactor === true) === true
    if (result?.login !== undefined || session.accountId === undefined || reaches(session.acr, ACR_MULTI_FACTOR))
      return false
    if (client.portico_settings.requireSecondFactor) return true
    return mfa === 'required' && !isCovered && session.proofs?.some(({ method }) => method === 'device') !== true
  }

/** When a journey is needed: the library's rules, and ours. */
export const journeyPolicy = (settings: PoolSettings) => {
  const { Check, Prompt } = interactionPolicy
  const prompts = interactionPolicy.base()
  // Native apps of ours sign in silently like others; who may do what without asking is the client's first-party setting.
  prompts.get('consent').checks.remove('native_client_prompt')
  const { checks } = prompts.get('login')
  checks.remove('essential_acr')
  checks.remove('essential_acrs')
  checks.add(new Check('essential_level', 'a higher level is asked for', 'login_required', asksForLevel))
  checks.add(new Check('wished_level', 'a higher level is wished for', 'login_required', wishesForLevel))
  checks.add(new Check('second_factor', 'two factors are asked for', 'login_required', owesSecondFactor(settings)))
  checks.add(
    new Check(
      'own_password',
      'the change of a password asks the person',
      'login_required',
      ({ oidc }) => oidc.params.screen_hint === 'change-password' && oidc.result?.login === undefined,
    ),
  )
  checks.add(
    new Check(
      'own_factor',
      'a factor is set up by the person',
      'login_required',
      ({ oidc }) => /^enrol-/.test(String(oidc.params.screen_hint)) && oidc.result?.login === undefined,
    ),
  )
  checks.add(
    new Check(
      'own_connection',
      'a provider is connected by the person',
      'login_required',
      // Whoever has a fresh session proves nothing anew: the journey is over when it has come to an end.
      ({ oidc }) => oidc.params.screen_hint === 'connect-provider' && oidc.result === undefined,
    ),
  )
  if (settings.session.maxMinutes === 0) {
    checks.add(
      new Check(
        'no_silent_session',
        'sessions of this pool are never reused silently',
        'login_required',
        ({ oidc }) => oidc.result?.login === undefined,
      ),
    )
  }
  prompts.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  prompts.add(new Prompt({ name: 'create', requestable: true }), 0)
  return prompts
}
