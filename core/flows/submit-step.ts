import type { AppClient } from '../clients/client-settings.ts'
import { type Pool, STANDARD_ATTRIBUTES } from '../pools/pool-settings.ts'
import { bestLocale } from '../shared/locales.ts'
import type { RequestContext } from '../shared/ports.ts'
import { applyAnswer } from './apply-answer.ts'
import type { Flow } from './flow.ts'
import type { FlowStep } from './flow-view.ts'
import type { JourneyPorts } from './ports.ts'
import { saveMove } from './save-move.ts'
import { type Form, field, type StepAnswer, type StepHandler, type StepInput } from './step-handler.ts'
import { stepToken } from './step-token.ts'
import { resendAccountCode, submitAccountCode } from './steps/confirm-account.ts'
import { changeSignUpAddress, resendSignUpCode, submitSignUpCode } from './steps/confirm-sign-up.ts'
import { declineConnect, enterSeparately, submitConnect, submitLinkAccount } from './steps/connect.ts'
import { submitConsent } from './steps/consent.ts'
import { changeContact, resendContactCode, submitContact, submitContactCode } from './steps/enrol-contact.ts'
import {
  chooseAnotherEnrolment,
  submitChooseEnrolment,
  submitNewTimeCode,
  submitRecoveryCodesSaved,
} from './steps/enrol-factor.ts'
import { resendFactorCode, submitFactorCode } from './steps/factor-code.ts'
import { chooseAnotherMethod, resendFirstCode, submitChooseMethod, submitFirstCode } from './steps/first-code.ts'
import { chooseLostFactor, replaceLostFactor, requestRecovery, stayAtLostFactor } from './steps/lost-factor.ts'
import { declinePasskey, submitNewPasskey, submitOfferedPasskey } from './steps/new-passkey.ts'
import { submitChangedPassword, submitForcedPassword, submitMissingAttributes } from './steps/own-password.ts'
import { submitPasskeyFactor, submitPasskeySignIn } from './steps/passkey.ts'
import {
  resendRecoveryCode,
  submitForgotPassword,
  submitRecoveredPassword,
  submitRecoveryCode,
} from './steps/recovery.ts'
import { keepFewCodes, submitNewCodes, submitRecoveryCodeFactor } from './steps/recovery-code.ts'
import { chooseAnotherFactor, chooseRecoveryCode, submitChooseFactor, submitTimeCode } from './steps/second-factor.ts'
import { submitPassword, submitSignIn } from './steps/sign-in.ts'
import { submitSignInLink } from './steps/sign-in-link.ts'
import { submitSignUp } from './steps/sign-up.ts'
import { droppedByEntry, ENTRY_STEPS, STEP_DEMANDS } from './steps.ts'

/** What each step's form does, and its secondary buttons (`_intent`). */
const HANDLERS: Readonly<Record<FlowStep, { submit: StepHandler; intents?: Readonly<Record<string, StepHandler>> }>> = {
  'sign-in': { submit: submitSignIn, intents: { passkey: submitPasskeySignIn } },
  'link-account': { submit: submitLinkAccount, intents: { separate: enterSeparately } },
  'connect-provider': { submit: submitConnect, intents: { separate: declineConnect } },
  'choose-method': { submit: submitChooseMethod, intents: { passkey: submitPasskeySignIn } },
  password: { submit: submitPassword, intents: { another: chooseAnotherMethod, passkey: submitPasskeySignIn } },
  'sign-in-code': {
    submit: submitFirstCode,
    intents: { resend: resendFirstCode, another: chooseAnotherMethod, link: submitSignInLink },
  },
  'sign-up': { submit: submitSignUp },
  'confirm-sign-up': {
    submit: submitSignUpCode,
    intents: { resend: resendSignUpCode, 'change-destination': changeSignUpAddress },
  },
  'confirm-account': { submit: submitAccountCode, intents: { resend: resendAccountCode } },
  'forgot-password': { submit: submitForgotPassword },
  'reset-code': { submit: submitRecoveryCode, intents: { resend: resendRecoveryCode } },
  'reset-password': { submit: submitRecoveredPassword },
  'new-password': { submit: submitForcedPassword },
  'choose-factor': { submit: submitChooseFactor, intents: { recovery: chooseRecoveryCode, lost: chooseLostFactor } },
  'factor-code': {
    submit: submitFactorCode,
    intents: {
      resend: resendFactorCode,
      another: chooseAnotherFactor,
      recovery: chooseRecoveryCode,
      lost: chooseLostFactor,
    },
  },
  passkey: {
    submit: submitPasskeyFactor,
    intents: { another: chooseAnotherFactor, recovery: chooseRecoveryCode, lost: chooseLostFactor },
  },
  totp: {
    submit: submitTimeCode,
    intents: { another: chooseAnotherFactor, recovery: chooseRecoveryCode, lost: chooseLostFactor },
  },
  'recovery-code': {
    submit: submitRecoveryCodeFactor,
    intents: { another: chooseAnotherFactor, lost: chooseLostFactor },
  },
  'few-codes': { submit: submitNewCodes, intents: { later: keepFewCodes } },
  'lost-factor': {
    submit: stayAtLostFactor,
    intents: {
      another: chooseAnotherFactor,
      recovery: chooseRecoveryCode,
      wait: requestRecovery,
      replace: replaceLostFactor,
    },
  },
  'enrol-factor': { submit: submitChooseEnrolment },
  'enrol-contact': { submit: submitContact, intents: { another: chooseAnotherEnrolment } },
  'enrol-contact-code': {
    submit: submitContactCode,
    intents: { resend: resendContactCode, 'change-destination': changeContact, another: chooseAnotherEnrolment },
  },
  'enrol-totp': { submit: submitNewTimeCode, intents: { another: chooseAnotherEnrolment } },
  'enrol-passkey': { submit: submitNewPasskey, intents: { another: chooseAnotherEnrolment } },
  'recovery-codes': { submit: submitRecoveryCodesSaved },
  blocked: { submit: () => async () => ({ kind: 'moved', step: 'blocked' }) },
  'missing-attributes': { submit: submitMissingAttributes },
  'change-password': { submit: submitChangedPassword },
  'offer-passkey': { submit: submitOfferedPasskey, intents: { later: declinePasskey } },
  consent: { submit: submitConsent },
  done: { submit: () => async () => ({ kind: 'moved', step: 'done' }) },
}

export interface SubmitStep {
  flow: Flow
  pool: Pool
  client: AppClient
  step: FlowStep
  form: Form
  context: RequestContext
  /** How long the journey waits for the next step. */
  idleSeconds: number
}

/** Where the browser goes next. The status is always 303 to the same shapes of address: statuses must not tell outcomes. */
export type SubmitAnswer =
  | { kind: 'step'; step: FlowStep }
  | { kind: 'done' }
  /** For an identity provider, by a page in between: a form may not lead elsewhere (`form-action`). */
  | { kind: 'leave'; provider: string }

/**
 * Values typed into a form that may be shown again: a name and attributes. Nothing secret, and nothing that is no field of
 * ours: a journey would grow with every post.
 */
const safeValues = (form: Form, { settings }: Pool): Record<string, string> =>
  Object.fromEntries(
    ['username', ...STANDARD_ATTRIBUTES, ...Object.keys(settings.attributes)]
      .filter((name) => Object.hasOwn(form, name))
      .map((name) => [name, field(form, name)]),
  )

const cancelled: StepAnswer = {
  kind: 'moved',
  step: 'done',
  state: { ...droppedByEntry, refusal: { error: 'access_denied', description: 'the person cancelled' } },
}

const answerTo = async (ports: JourneyPorts, input: StepInput, step: FlowStep): Promise<StepAnswer> => {
  const intent = field(input.form, '_intent', 40)
  if (intent === 'language') {
    const locale = bestLocale([field(input.form, 'lang', 40)]) ?? input.flow.state.locale
    return {
      kind: 'moved',
      step,
      state: { locale, values: { ...input.flow.state.values, ...safeValues(input.form, input.pool) } },
    }
  }
  if (intent === 'cancel') return cancelled
  const { submit, intents } = HANDLERS[step]
  const handler =
    intent === '' ? submit : intents !== undefined && Object.hasOwn(intents, intent) ? intents[intent] : undefined
  return handler === undefined ? { kind: 'moved', step: input.flow.step } : handler(ports)(input)
}

/**
 * Takes a posted form. The one engine of every journey: checks the step token, that the journey may be at that step, that
 * the handler's move is on the map and its demand met, and writes the row with its events, once.
 *
 * A stale or repeated post changes nothing and shows the current step again. Throws only what is broken.
 */
export const submitStep =
  (ports: JourneyPorts) =>
  async ({ flow: stored, pool, client, step, form, context, idleSeconds }: SubmitStep): Promise<SubmitAnswer> => {
    const here = (flow: Flow): SubmitAnswer =>
      flow.step === 'done' ? { kind: 'done' } : { kind: 'step', step: flow.step }
    if (stored.step === 'done') return { kind: 'done' }
    if (!ports.hashes.equal(field(form, '_step', 100), stepToken(ports.hashes, stored))) return here(stored)
    if (step !== stored.step && !ENTRY_STEPS.has(step)) return here(stored)
    if (!STEP_DEMANDS[step](stored)) return { kind: 'step', step: 'sign-in' }

    // Going back to an entry drops the proofs gained after it.
    const isBack = step !== stored.step
    const state = {
      ...stored.state,
      canMakePasskeys: stored.state.canMakePasskeys || field(form, '_passkeys', 10) !== '',
    }
    const flow: Flow = isBack
      ? { ...stored, step, state: { ...state, ...droppedByEntry, failure: null, notice: null } }
      : { ...stored, state }
    const now = ports.clock.now()
    const answer = await answerTo(ports, { flow, pool, client, form, context, now }, step)

    const next = applyAnswer(ports, flow, answer, { pool, now, idleSeconds })
    const alongside = { events: answer.events ?? [] }
    const won = await (answer.kind === 'moved'
      ? saveMove(ports, stored, next, alongside)
      : ports.flows.save(next, alongside))
    if (won && answer.kind === 'moved' && answer.leavesFor !== undefined)
      return { kind: 'leave', provider: answer.leavesFor }
    if (won) return here(next)
    // The same form, sent twice: whichever answer the browser follows, it comes to where the journey is now.
    const current = await ports.flows.find(pool.id, flow.id)
    return current === null ? { kind: 'step', step: flow.step } : here(current)
  }
