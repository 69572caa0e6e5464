import { ramp, type Signal, tells } from '../signal.ts'

/** People mistype, and forget which of three passwords it was. */
const ORDINARY_FAILURES = 3
const CERTAIN_FAILURES = 15
/** The person is at their own machine; somebody else may be guessing all the same. */
const KNOWN_DEVICE = 0.4

/** Many wrong passwords of this account of late, from wherever, before the right one came. */
export const accountFailures: Signal = ({ counts, device }) =>
  tells(
    ramp(counts.accountFailures, ORDINARY_FAILURES, CERTAIN_FAILURES) * (device === null ? 1 : KNOWN_DEVICE),
    'accountFailures',
    { failures: counts.accountFailures },
  )
