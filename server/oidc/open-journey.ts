import type { Interaction, KoaContext, Session } from 'oidc-provider'
import type { ClientSettings } from '#core/clients/client-settings.ts'
import { ACR_SINGLE_FACTOR, isAcr } from '#core/factors/index.ts'
import { isDirectory } from '#core/federation/index.ts'
import {
  type FlowRequest,
  LOCAL_ACCOUNTS,
  LONGEST_JOURNEY_SECONDS,
  type Proof,
  providerOfWord,
} from '#core/flows/index.ts'
import { flowCookieName } from '../cookies.ts'
import { chooseLocale, words } from '../locale.ts'
import { isLevelEssential, levelAskedFor } from './policy.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'

const screenOf = (hint: unknown, prompts: readonly string[]): FlowRequest['screen'] => {
  if (prompts.includes('create') || hint === 'signup' || hint === 'sign-up') return 'sign-up'
  if (hint === 'forgot-password' || hint === 'change-password') return hint
  if (hint === 'enrol-totp' || hint === 'enrol-passkey' || hint === 'connect-provider') return hint
  return 'sign-in'
}

/** Reasons to ask a person with a good session for a factor more, and for nothing else (see policy.ts). */
const STEP_UP_REASONS: ReadonlySet<string> = new Set(['essential_level', 'wished_level', 'second_factor'])

/** What the browser's session stands on; one of before proofs were kept stands on its password. */
const proofOfSession = ({ accountId = '', loginTs = 0, amr = [], acr, proofs }: Session): Proof => ({
  sub: accountId,
  authenticatedAt: loginTs * 1000,
  amr,
  acr: isAcr(acr) ? acr : ACR_SINGLE_FACTOR,
  proofs: proofs ?? [{ method: 'password', at: loginTs * 1000 }],
  isFromSession: true,
})

/**
 * The identity provider that the app chose (Cognito's `identity_provider` and `idp_identifier`); null: none, or none that its
 * people may use, and they choose themselves.
 */
const providerAskedFor = async (
  { identity_provider: name, idp_identifier: word }: Interaction['params'],
  settings: ClientSettings,
  { pool }: PoolForOidc,
  { providers }: OidcDeps,
): Promise<string | null> => {
  const isNamed = typeof name === 'string' && name !== '' && name !== LOCAL_ACCOUNTS
  if (!isNamed && (typeof word !== 'string' || word === '')) return null
  const known = await providers.list(pool.id)
  const asked = isNamed ? name.slice(0, 64) : providerOfWord({ settings }, known, String(word).slice(0, 256))?.name
  // Nobody is sent to a directory: its people are asked by the ordinary form.
  return known.some((provider) => provider.name === asked && isDirectory(provider)) ? null : (asked ?? null)
}

/** Opens the flow of an interaction, gives the browser its cookie, and says where the journey's pages are. */
export const openJourney = async (
  ctx: KoaContext,
  interaction: Interaction,
  pool: PoolForOidc,
  deps: OidcDeps,
): Promise<string> => {
  const { params, prompt } = interaction
  const { session } = ctx.oidc
  const prompts = words(params.prompt)
  const screen = screenOf(params.screen_hint, prompts)
  const isEnrolment = screen === 'enrol-totp' || screen === 'enrol-passkey'
  const isOwn = isEnrolment || screen === 'change-password' || screen === 'connect-provider'
  const isStepUp = prompt.name === 'login' && prompt.reasons.every((reason) => STEP_UP_REASONS.has(reason))
  const mayBuildOnSession =
    session.accountId !== undefined && (prompt.name === 'consent' || isStepUp || (isOwn && !prompts.includes('login')))
  const provider = await providerAskedFor(params, ctx.oidc.client.portico_settings, pool, deps)
  const path = `${pool.base}/flow/${interaction.uid}`
  const { secret } = await deps.openFlow({
    poolId: pool.pool.id,
    flowId: interaction.uid,
    clientId: params.client_id,
    request: {
      scopes: words(params.scope),
      redirectUri: params.redirect_uri,
      prompts,
      loginHint: typeof params.login_hint === 'string' ? params.login_hint.slice(0, 256) : null,
      screen,
      // Whoever has a session is asked for the missing factor, or for their permission, alone.
      provider: isStepUp || prompt.name === 'consent' ? null : provider,
      mustBeFresh: prompts.includes('login') || params.max_age !== undefined,
      foreignLevel: words(params.acr_values).find((level) => !isAcr(level)) ?? null,
      level: levelAskedFor(ctx),
      isLevelEssential: isLevelEssential(ctx),
    },
    locale: chooseLocale(
      { lang: params.lang, ui_locales: params.ui_locales },
      ctx.req.headers,
      pool.pool.settings.defaultLocale,
    ),
    sessionProof: mayBuildOnSession ? proofOfSession(session) : null,
    needsConsentOnly: prompt.name === 'consent',
    enrolIn: isEnrolment ? pool.pool : null,
    stepUp: isStepUp ? { pool: pool.pool, client: { settings: ctx.oidc.client.portico_settings } } : null,
    ttlSeconds: deps.config.FLOW_TTL_SECONDS,
    context: deps.contextOf(ctx.req),
  })
  ctx.cookies.set(flowCookieName(deps.config), secret, {
    path,
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.config.isSecure,
    signed: false,
    overwrite: true,
    // The row says when the journey ends; the cookie only has to be there as long as it may.
    maxAge: LONGEST_JOURNEY_SECONDS * 1000,
  })
  return path
}
