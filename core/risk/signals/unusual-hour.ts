import { HOURS } from '../profile.ts'
import { ramp, type Signal, tells } from '../signal.ts'

/** With fewer sign-ins there is no pattern yet. */
const LEAST_SIGN_INS = 20
/** Hours beside the usual ones are half as usual, and those beside them a quarter. */
const KERNEL: readonly [offset: number, share: number][] = [
  [0, 1],
  [1, 0.5],
  [-1, 0.5],
  [2, 0.25],
  [-2, 0.25],
]
const COMMON_SHARE = 0.02

/** An hour of the day, in UTC, at which this person hardly ever signs in: a pattern of their own, without a time zone. */
export const unusualHour: Signal = ({ request: { at }, profile: { hours } }) => {
  const hour = at.getUTCHours()
  const total = hours.reduce((sum, each) => sum + each, 0)
  if (total < LEAST_SIGN_INS || Number.isNaN(hour)) return null
  const near = KERNEL.reduce((sum, [offset, share]) => sum + share * (hours[(hour + offset + HOURS) % HOURS] ?? 0), 0)
  return tells(1 - ramp(near / total, 0, COMMON_SHARE), 'unusualHour')
}
