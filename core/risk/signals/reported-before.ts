import { networkKeysOf } from '../network-keys.ts'
import { knows } from '../profile.ts'
import { type Signal, tells } from '../signal.ts'

/** The person said of an earlier sign-in from this network that it was not theirs. */
export const reportedBefore: Signal = ({ request, profile }) => {
  const keys = networkKeysOf(request.ip)
  return keys !== null && knows(profile.reported, keys.near) ? tells(1, 'reportedBefore') : null
}
