export { scopesToAllow } from './after-proof.ts'
export { type AnswerByLink, answerByLink, questionBehind, type SignInQuestion } from './answer-by-link.ts'
export { pendingViews } from './challenge-view.ts'
export { readCode } from './check-code.ts'
export { confirmByLink, linkTarget } from './confirm-by-link.ts'
export { keepArrival } from './federation/arrival.ts'
export { flowOfState, type LeaveAnswer, leaveForProvider } from './federation/departure.ts'
export { LOCAL_ACCOUNTS, providerOfWord } from './federation/offered-providers.ts'
export { departurePath } from './federation/provider-view.ts'
export { enterUnsolicited, returnFromProvider } from './federation/return.ts'
export { keepUnsolicited } from './federation/unsolicited.ts'
export {
  type EndingJourney,
  type FinishFlow,
  type FinishPorts,
  finishFlow,
  mayFinish,
  type ProvenJourney,
} from './finish-flow.ts'
export { sendsFirstCodes } from './first-factors.ts'
export type { Flow, FlowRequest, FlowState, Proof } from './flow.ts'
export { FLOW_STEPS, type FlowStep } from './flow-view.ts'
export { LONGEST_JOURNEY_SECONDS } from './journey-life.ts'
export { recoveryBehind, stopByLink } from './lost-factor.ts'
export { type OpenFlow, openFlow } from './open-flow.ts'
export { beginsWithPasskeys, poolRelyingParty, takesPasskeys } from './passkey-ceremony.ts'
export { passkeySignal, passkeyView } from './passkey-view.ts'
export type { CodeStore, ConsentStore, FederationWatch, FlowStore, JourneyPorts, SendWatch } from './ports.ts'
export { countSend, giveBackSend } from './send-budgets.ts'
export { codeHash } from './send-code.ts'
export type { SettlePorts } from './settle-sign-in.ts'
export { showStep, stepToShow } from './show-step.ts'
export { toFormMessage } from './shown-failure.ts'
export { type SignInLink, signInLink } from './sign-in-link.ts'
export { type Form, field } from './step-handler.ts'
export { holdsFlow, stepToken } from './step-token.ts'
export { type SubmitAnswer, submitStep } from './submit-step.ts'
