import type { Flow } from './flow.ts'
import type { FlowStep } from './flow-view.ts'

/**
 * What a journey must hold before a step's page is shown or its form is taken. A missing entry does not compile; there is no
 * fall-through. Steps without a demand are entries: a person may walk to them at any time, which drops what was gained later.
 */
export const STEP_DEMANDS: Readonly<Record<FlowStep, (flow: Flow) => boolean>> = {
  'sign-in': () => true,
  'sign-up': () => true,
  'forgot-password': () => true,
  'choose-method': ({ state }) => (state.values.username ?? '') !== '',
  password: ({ state }) => (state.values.username ?? '') !== '',
  'sign-in-code': ({ state }) => state.firstCode !== null,
  'link-account': ({ state }) => state.identity !== null && state.identity.offeredTo !== null,
  'connect-provider': ({ state: { identity, proof, request } }) =>
    proof !== null && (identity !== null || request.screen === 'connect-provider'),
  'confirm-sign-up': ({ state }) => state.signUp !== null,
  'confirm-account': ({ state }) => state.account !== null,
  'reset-code': ({ state }) => state.recovery !== null,
  'reset-password': ({ state }) => state.recovery?.isProven === true && state.recovery.sub !== null,
  'new-password': ({ state }) => state.account !== null,
  'choose-factor': ({ state }) => state.challenge !== null,
  passkey: ({ state }) => state.challenge !== null && state.challenge.factorId !== null,
  'factor-code': ({ state }) => state.challenge !== null && state.challenge.factorId !== null,
  totp: ({ state }) => state.challenge !== null && state.challenge.factorId !== null,
  'recovery-code': ({ state }) => state.challenge !== null,
  'few-codes': ({ state }) => state.challenge !== null && state.enrolment?.kind === 'few-codes',
  'lost-factor': ({ state }) => state.challenge !== null && !state.challenge.mayEnrol,
  'enrol-factor': ({ state }) => state.challenge?.mayEnrol === true,
  'enrol-contact': ({ state }) => state.challenge?.mayEnrol === true && state.enrolment?.kind === 'contact',
  'enrol-contact-code': ({ state }) =>
    state.challenge?.mayEnrol === true && state.enrolment?.kind === 'contact' && state.enrolment.address !== null,
  'enrol-totp': ({ state }) => state.challenge?.mayEnrol === true && state.enrolment?.kind === 'totp',
  'enrol-passkey': ({ state }) => state.challenge?.mayEnrol === true,
  'recovery-codes': ({ state }) => state.enrolment?.kind === 'recovery-codes',
  blocked: ({ state }) => state.judged?.effect === 'block',
  'missing-attributes': ({ state }) => state.proof !== null,
  'change-password': ({ state }) => state.proof !== null,
  'offer-passkey': ({ state }) => state.proof !== null,
  consent: ({ state }) => state.proof !== null,
  done: ({ state }) => state.proof !== null || state.refusal !== null,
}

/** Steps anybody who holds the journey may open by address. */
export const ENTRY_STEPS: ReadonlySet<FlowStep> = new Set(['sign-in', 'sign-up', 'forgot-password'])

/** What may follow once everything is proven. */
const PROVEN: readonly FlowStep[] = [
  'connect-provider',
  'missing-attributes',
  'change-password',
  'offer-passkey',
  'consent',
  'done',
]
/** What may follow a first proof: another one, a password of one's own, a factor to set up, or the end. */
const FACTORS: readonly FlowStep[] = [
  'choose-factor',
  'passkey',
  'factor-code',
  'totp',
  'recovery-code',
  'few-codes',
  'lost-factor',
]
const CONTACT: readonly FlowStep[] = ['enrol-contact', 'enrol-contact-code']
const ENROLMENT: readonly FlowStep[] = ['enrol-factor', ...CONTACT, 'enrol-totp', 'enrol-passkey', 'recovery-codes']
const AFTER_A_PROOF: readonly FlowStep[] = [...FACTORS, ...ENROLMENT, 'new-password', 'blocked', ...PROVEN]

/**
 * Where each step may lead besides itself. The journey engine refuses every other move, so a mistake in a step cannot
 * become a way around a proof.
 */
export const STEP_MOVES: Readonly<Record<FlowStep, ReadonlySet<FlowStep>>> = {
  'sign-in': new Set([
    ...['choose-method', 'password', 'sign-in-code', 'confirm-account', 'reset-code', 'link-account'],
    ...AFTER_A_PROOF,
  ] as FlowStep[]),
  'link-account': new Set(['sign-in', 'choose-method', 'password', 'sign-in-code', ...AFTER_A_PROOF]),
  'connect-provider': new Set(['sign-in', 'missing-attributes', 'change-password', 'offer-passkey', 'consent', 'done']),
  'choose-method': new Set(['sign-in', 'password', 'sign-in-code', 'reset-code', ...AFTER_A_PROOF]),
  password: new Set(['sign-in', 'choose-method', 'confirm-account', 'reset-code', 'link-account', ...AFTER_A_PROOF]),
  'sign-in-code': new Set(['sign-in', 'choose-method', ...AFTER_A_PROOF]),
  'sign-up': new Set(['confirm-sign-up', 'sign-in', 'link-account', ...AFTER_A_PROOF]),
  'confirm-sign-up': new Set(['sign-up', 'sign-in', ...AFTER_A_PROOF]),
  'confirm-account': new Set(['sign-in', ...AFTER_A_PROOF]),
  'forgot-password': new Set(['reset-code']),
  'reset-code': new Set(['reset-password', 'forgot-password']),
  // Back to an entry: the account was disabled, deleted or changed meanwhile.
  'reset-password': new Set(['sign-in', 'forgot-password']),
  'new-password': new Set(['sign-in', ...FACTORS, ...ENROLMENT, ...PROVEN]),
  'choose-factor': new Set(['sign-in', ...AFTER_A_PROOF]),
  passkey: new Set(['sign-in', ...AFTER_A_PROOF]),
  'factor-code': new Set(['sign-in', ...AFTER_A_PROOF]),
  totp: new Set(['sign-in', ...AFTER_A_PROOF]),
  'recovery-code': new Set(['sign-in', ...AFTER_A_PROOF]),
  'few-codes': new Set(['sign-in', ...AFTER_A_PROOF]),
  'lost-factor': new Set(['sign-in', ...AFTER_A_PROOF]),
  'enrol-factor': new Set(['sign-in', ...AFTER_A_PROOF]),
  'enrol-contact': new Set(['sign-in', ...AFTER_A_PROOF]),
  'enrol-contact-code': new Set(['sign-in', ...AFTER_A_PROOF]),
  'enrol-totp': new Set(['sign-in', ...AFTER_A_PROOF]),
  'enrol-passkey': new Set(['sign-in', ...AFTER_A_PROOF]),
  'recovery-codes': new Set(['sign-in', ...AFTER_A_PROOF]),
  blocked: new Set(['sign-in']),
  'missing-attributes': new Set(['sign-in', 'change-password', 'offer-passkey', 'consent', 'done']),
  'change-password': new Set([
    'sign-in',
    ...FACTORS,
    ...ENROLMENT,
    'missing-attributes',
    'offer-passkey',
    'consent',
    'done',
  ]),
  'offer-passkey': new Set(['sign-in', 'recovery-codes', 'consent', 'done']),
  consent: new Set(['sign-in', 'done']),
  done: new Set([]),
}

/**
 * Whether a journey may become `next`: on the map, or refused altogether, and holding what the new step demands. The last
 * word of the engine, whatever a step has answered.
 */
export const mayBecome = (flow: Flow, next: Flow): boolean => {
  const isRefused = next.step === 'done' && next.state.refusal !== null
  const isOnTheMap = next.step === flow.step || STEP_MOVES[flow.step].has(next.step)
  return (isRefused || isOnTheMap) && STEP_DEMANDS[next.step](next)
}

/** Proofs and half-finished business that going back to an entry step drops. */
export const droppedByEntry = {
  proof: null,
  signUp: null,
  recovery: null,
  account: null,
  consented: null,
  sentAt: [],
  proofs: [],
  buildsOnSession: false,
  owedPassword: null,
  challenge: null,
  enrolment: null,
  judged: null,
  remembers: false,
  firstCode: null,
} as const
