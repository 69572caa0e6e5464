import type { Pool } from '../pools/pool-settings.ts'
import { maskAddress } from '../users/index.ts'
import type { Flow } from './flow.ts'
import type { ChallengeView, FlowStep, FlowView } from './flow-view.ts'
import { resendInSeconds } from './send-code.ts'

interface CodePage {
  flow: Flow
  pool: Pool
  step: FlowStep
  challenge: ChallengeView | null
  now: Date
}

type Sent = Pick<NonNullable<FlowView['code']>, 'destination' | 'channel' | 'minutes'> & {
  mayChangeDestination?: boolean
  hasLink?: boolean
}

/** Where the code of a page went: whole where it was typed in this journey, masked otherwise. Null: this page asks for none. */
const sentOn = ({ flow, pool, step, challenge }: CodePage): Sent | null => {
  const { signUp, recovery, account, firstCode, enrolment } = flow.state
  const { signUpMinutes, recoveryMinutes, signInMinutes } = pool.settings.codes
  switch (step) {
    case 'confirm-sign-up':
      if (signUp === null) return null
      return {
        destination: signUp.destination.address,
        channel: signUp.destination.channel,
        minutes: signUpMinutes,
        mayChangeDestination: true,
      }
    case 'reset-code':
      if (recovery === null) return null
      return {
        destination: recovery.destination.masked,
        channel: recovery.destination.channel,
        minutes: recoveryMinutes,
      }
    case 'confirm-account':
      if (account?.destination == null) return null
      return {
        destination: maskAddress(account.destination.address),
        channel: account.destination.channel,
        minutes: signUpMinutes,
      }
    case 'sign-in-code':
      if (firstCode === null) return null
      return {
        destination: firstCode.destination.masked,
        channel: firstCode.destination.channel,
        minutes: signInMinutes,
        hasLink: firstCode.method === 'magic-link',
      }
    case 'factor-code': {
      const factor = challenge?.factors.find(({ id }) => id === challenge.current)
      if (factor?.destination == null) return null
      return {
        destination: factor.destination,
        channel: factor.kind === 'sms' ? 'sms' : 'email',
        minutes: signInMinutes,
      }
    }
    case 'enrol-contact-code':
      if (enrolment?.kind !== 'contact' || enrolment.address === null) return null
      return {
        destination: enrolment.address,
        channel: enrolment.channel,
        minutes: signInMinutes,
        mayChangeDestination: true,
      }
    default:
      return null
  }
}

/** What a page that asks for a code says of it. */
export const codeView = (page: CodePage): FlowView['code'] => {
  const sent = sentOn(page)
  if (sent === null) return null
  return { mayChangeDestination: false, ...sent, resendInSeconds: resendInSeconds(page.flow.state.sentAt, page.now) }
}
