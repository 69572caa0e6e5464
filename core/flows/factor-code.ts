import type { AuthEvent } from '../events/index.ts'
import type { Factor } from '../factors/index.ts'
import { deviceNameOf } from '../risk/index.ts'
import type { Result } from '../shared/result.ts'
import type { User } from '../users/ports.ts'
import type { FlowState, PendingChallenge } from './flow.ts'
import type { JourneyPorts } from './ports.ts'
import { resendInSeconds, sendCode } from './send-code.ts'
import { toFormMessage } from './shown-failure.ts'
import { moved, type StepAnswer, type StepInput } from './step-handler.ts'

/** A factor whose proof is a code sent to an address. */
export interface CodeFactor extends Factor {
  kind: 'sms' | 'email'
  address: string
}

/** Whether a factor is proven by a code that is sent, and has somewhere to be sent. */
export const isCodeFactor = (factor: Factor | null | undefined): factor is CodeFactor =>
  factor != null && (factor.kind === 'sms' || factor.kind === 'email') && factor.address !== null

/** Whose codes these are: this journey's, for this person at this address. One that another journey was sent opens nothing here. */
export const factorSubject = (
  { hashes }: Pick<JourneyPorts, 'hashes'>,
  flowId: string,
  { sub, kind, address }: CodeFactor,
): string => `flow:${flowId}:${hashes.of('factor-address', `${sub}|${kind}|${address}`)}`

/** When and by what browser a code was asked for, as far as the browser says. */
export const askedBy = ({ now, context }: Pick<StepInput, 'now' | 'context'>): { at: Date; device?: string } => {
  const device = deviceNameOf(context.userAgent)
  return { at: now, ...(device.includes('Other') ? {} : { device }) }
}

/** Fails with `destination-refused`, and with what the custom-message trigger refused. */
export const sendFactorCode = (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  factor: CodeFactor,
): Promise<Result<void>> =>
  sendCode(ports, input, {
    purpose: 'second-factor',
    subject: factorSubject(ports, input.flow.id, factor),
    message: 'second-factor-code',
    to: { channel: factor.kind, address: factor.address },
    user,
    minutes: input.pool.settings.codes.signInMinutes,
    linkPath: null,
    isReal: true,
    // Whose first proof was right may know.
    tellsRefusal: true,
    facts: askedBy(input),
  })

/**
 * Sends a code and shows the page that asks for it. Coming back within the wait shows the page and sends nothing; what
 * cannot be sent leads to the choice, with the reason.
 */
export const askForFactorCode = async (
  ports: JourneyPorts,
  input: StepInput,
  user: User,
  factor: CodeFactor,
  asking: { challenge: PendingChallenge; state?: Partial<FlowState>; events?: readonly AuthEvent[] },
): Promise<StepAnswer> => {
  const { now, pool, flow } = input
  const { challenge, state = {}, events = [] } = asking
  const sentAt = state.sentAt ?? flow.state.sentAt
  if (challenge.sentTo === factor.id && resendInSeconds(sentAt, now) > 0) {
    return moved('factor-code', { ...state, challenge: { ...challenge, factorId: factor.id } }, events)
  }
  const sent = await sendFactorCode(ports, input, user, factor)
  if (!sent.ok) {
    const failure = toFormMessage(sent.failure, pool)
    return moved('choose-factor', { ...state, challenge: { ...challenge, factorId: null }, failure }, events)
  }
  const asked = { ...challenge, factorId: factor.id, sentTo: factor.id }
  return moved('factor-code', { ...state, challenge: asked, sentAt: [...sentAt, now.getTime()] }, events)
}
