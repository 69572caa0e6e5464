import { networkKeysOf } from '../network-keys.ts'
import { knows } from '../profile.ts'
import { type Signal, surprise, tells } from '../signal.ts'

/** Another part of a provider's range that the person has used: a mobile phone's morning and its evening. */
const SAME_PROVIDER = 0.3
const LEAST_LEFT = 0.25

/**
 * A network from which the person never signed in. Weak for those who come from somewhere else each time. An address that
 * cannot be read is as new as can be, every time.
 */
export const newNetwork: Signal = ({ request, profile }) => {
  const keys = networkKeysOf(request.ip)
  if (keys === null) return tells(1, 'unknownNetwork')
  if (profile.near.length === 0 || knows(profile.near, keys.near)) return null
  const nearness = knows(profile.wide, keys.wide) ? SAME_PROVIDER : 1
  return tells(nearness * surprise(profile.novelty.network, LEAST_LEFT), 'newNetwork')
}
