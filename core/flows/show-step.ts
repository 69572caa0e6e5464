import type { AppClient } from '../clients/client-settings.ts'
import type { IdentityProvider } from '../federation/identity-provider.ts'
import { type Pool, passwordRulesOf } from '../pools/pool-settings.ts'
import type { KeyedHash } from '../shared/ports.ts'
import { shownName, signUpAttributes, signUpNameKinds } from '../users/index.ts'
import type { User } from '../users/ports.ts'
import { missingAttributes, scopesToAllow } from './after-proof.ts'
import { codeView } from './code-view.ts'
import { asksForNames, hasLocalAccounts, offeredDirectories } from './federation/offered-providers.ts'
import { connectView, proofNotice, providerButtons, waitingProvider } from './federation/provider-view.ts'
import { methodsOf } from './federation/whose-password.ts'
import { asksNameFirst, namedMethods } from './first-factors.ts'
import type { Flow } from './flow.ts'
import type {
  AttributeField,
  ChallengeView,
  EnrolmentView,
  FlowStep,
  FlowView,
  PageFrame,
  PasskeyCall,
} from './flow-view.ts'
import { offersPasskeys } from './passkey-ceremony.ts'
import { stepToken } from './step-token.ts'
import { isRequiredScope } from './steps/consent.ts'
import { ENTRY_STEPS, STEP_DEMANDS } from './steps.ts'

/** The step whose page an address may show: itself where the journey allows it, else the journey's own. */
export const stepToShow = (flow: Flow, asked: FlowStep): FlowStep => {
  if (flow.step === 'done') return 'done'
  if (asked === flow.step || ENTRY_STEPS.has(asked)) return STEP_DEMANDS[asked](flow) ? asked : 'sign-in'
  return STEP_DEMANDS[flow.step](flow) ? flow.step : 'sign-in'
}

/** Pages that lead to a first proof other than a passkey. */
const ASKING_STEPS: ReadonlySet<FlowStep> = new Set(['sign-in', 'password', 'sign-up'])

const attributeField =
  (pool: Pool, locale: string, required: ReadonlySet<string>) =>
  (name: string): AttributeField => {
    const schema = pool.settings.attributes[name]
    return {
      name,
      label:
        schema?.label?.[locale] ??
        schema?.label?.en ??
        (name.startsWith('custom:') ? name.slice('custom:'.length) : null),
      type: schema?.type ?? 'string',
      required: required.has(name),
    }
  }

export interface ShowStep {
  flow: Flow
  pool: Pool
  client: AppClient
  step: FlowStep
  frame: PageFrame
  /** The person of the journey's proof, where a page names them. */
  person: User | null
  /** Sentences of the resource servers' scopes. */
  scopeDescriptions: Readonly<Record<string, string>>
  now: Date
  /** Identity providers of the pool. */
  providers: readonly IdentityProvider[]
  /** The one that this browser took last; null: none that is known. */
  lastProvider: string | null
  challenge: ChallengeView | null
  enrolment: EnrolmentView | null
  passkey: PasskeyCall | null
}

/** What may be typed as a name: where a directory is asked, its names too, which are words of any form. */
const namesOfPage = ({ pool, client, step, providers }: ShowStep): FlowView['signIn']['names'] => {
  const { signInNames } = pool.settings
  const hasWords = signInNames.includes('username') || signInNames.includes('preferred_username')
  const isSignIn = step === 'sign-in' || step === 'password' || step === 'choose-method'
  return isSignIn && !hasWords && offeredDirectories(client, providers).length > 0
    ? [...signInNames, 'username']
    : signInNames
}

/** Everything the page of a step may show, as plain data: it crosses into the pages' own module world. */
export const showStep = (hashes: KeyedHash, input: ShowStep): FlowView => {
  const { flow, pool, client, step, frame, person } = input
  const { settings } = pool
  const { locale } = flow.state
  const own = flow.step === step
  const isProving = waitingProvider(input) !== null
  const kinds = signUpNameKinds(pool)
  const required = new Set(signUpAttributes(pool))
  const scopes = scopesToAllow(flow.state.request.scopes).map((scope) => ({
    scope,
    description: input.scopeDescriptions[scope] ?? null,
  }))
  return {
    flowId: flow.id,
    step,
    frame,
    stepToken: stepToken(hashes, flow),
    values: {
      ...(flow.state.request.loginHint === null ? {} : { username: flow.state.request.loginHint }),
      // Who came with a session typed no name; password managers save and change by it.
      ...(step === 'change-password' && person !== null ? { username: shownName(pool, person) } : {}),
      ...flow.state.values,
    },
    failure: own ? flow.state.failure : null,
    notice: (own ? flow.state.notice : null) ?? proofNotice(input).notice,
    signIn: {
      names: namesOfPage(input),
      identifierFirst: asksNameFirst(settings),
      methods: step === 'sign-up' ? namedMethods(settings) : methodsOf(input, input.providers),
      // A new account is not the one that waits to be proven.
      signUpOpen: settings.selfSignUp && hasLocalAccounts(client) && (step === 'sign-up' || !isProving),
      keepSignedIn: settings.session.keepSignedIn,
      hasLocalAccounts: hasLocalAccounts(client),
      asksForNames: isProving || asksForNames(client, input.providers),
    },
    providers: providerButtons(input),
    connect: connectView(input),
    signUp: {
      nameKind:
        kinds.length > 1
          ? 'email_or_phone'
          : kinds[0] === 'preferred_username' || kinds[0] === undefined
            ? 'username'
            : kinds[0],
      fields: signUpAttributes(pool).map(attributeField(pool, locale, required)),
      owner: settings.owner ?? null,
    },
    passwordRules: passwordRulesOf(settings),
    owedPassword: flow.state.owedPassword,
    code: codeView(input),
    missing:
      person === null
        ? []
        : missingAttributes(pool, person).map((name) => attributeField(pool, locale, new Set([name]))(name)),
    consent:
      step === 'consent' && person !== null
        ? {
            signedInAs: shownName(pool, person),
            required: scopes.filter(({ scope }) => isRequiredScope(scope)),
            optional: scopes.filter(({ scope }) => !isRequiredScope(scope)),
            publisherHost:
              new URL(flow.state.request.redirectUri).host || flow.state.request.redirectUri.split(':')[0] || '',
            privacy: client.settings.privacyUrl ?? null,
            terms: client.settings.termsUrl ?? null,
          }
        : null,
    blocked: step === 'blocked' && flow.state.judged !== null ? { reference: flow.state.judged.reference } : null,
    challenge: input.challenge,
    passkey: input.passkey,
    asksForPasskeys: ASKING_STEPS.has(step) && offersPasskeys(settings),
    enrolment: input.enrolment,
    completeUrl: `${frame.base}/flow/${flow.id}/complete`,
  }
}
