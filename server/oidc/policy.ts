import { errors, interactionPolicy, type KoaContext } from 'oidc-provider'

/** Level reached with a password alone. Second factors bring their own. */
export const ACR_SINGLE_FACTOR = 'urn:portico:acr:single-factor'

/** Levels that can be reached, the weakest first. */
export const ACR_VALUES = [ACR_SINGLE_FACTOR]

/** Levels an app calls essential (OpenID Connect Core §5.5.1.1); empty when it calls none. */
const essentialLevels = ({ oidc }: KoaContext): readonly string[] => {
  const asked = oidc.claims?.id_token?.acr
  if (asked?.essential !== true) return []
  if (asked.values !== undefined && !Array.isArray(asked.values))
    throw new errors.InvalidRequest('acr.values of the claims parameter must be a list')
  return asked.values ?? (asked.value === undefined ? [] : [asked.value])
}

/**
 * Whether to ask the person for a higher level. What cannot be reached, or was not just now, is said to the app and not
 * asked for again and again (OpenID Connect Unmet Authentication Requirements 1.0).
 */
const asksForLevel = (ctx: KoaContext): boolean => {
  const wanted = essentialLevels(ctx)
  if (wanted.length === 0 || (ctx.oidc.acr !== undefined && wanted.includes(ctx.oidc.acr))) return false
  if (ctx.oidc.result?.login !== undefined || !wanted.some((level) => ACR_VALUES.includes(level)))
    throw new errors.UnmetAuthenticationRequirements('the essential acr cannot be reached')
  return true
}

/** When a journey is needed: the library's rules, and ours. */
export const journeyPolicy = (sessionMaxMinutes: number) => {
  const { Check, Prompt } = interactionPolicy
  const prompts = interactionPolicy.base()
  // Native apps of ours sign in silently like others; who may do what without asking is the client's first-party setting.
  prompts.get('consent').checks.remove('native_client_prompt')
  const { checks } = prompts.get('login')
  checks.remove('essential_acr')
  checks.remove('essential_acrs')
  checks.add(new Check('essential_level', 'a higher level is asked for', 'login_required', asksForLevel))
  checks.add(
    new Check(
      'own_password',
      'the change of a password asks the person',
      'login_required',
      ({ oidc }) => oidc.params.screen_hint === 'change-password' && oidc.result?.login === undefined,
    ),
  )
  if (sessionMaxMinutes === 0) {
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
