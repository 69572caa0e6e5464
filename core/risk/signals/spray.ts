import { networkKeysOf } from '../network-keys.ts'
import { knows } from '../profile.ts'
import { ramp, type Signal, tells } from '../signal.ts'

/** A busy office behind one address mistypes for that many of its people in an hour. */
const ORDINARY_ACCOUNTS = 3
const CERTAIN_ACCOUNTS = 20
/** Somebody else in the person's own office is up to something: more often than not it is not this person's account. */
const KNOWN_NETWORK = 0.5

/** Passwords of many accounts were wrong from this network of late: one password tried on everybody, or a leaked list. */
export const spray: Signal = ({ counts: { networkAccounts }, request, profile }) => {
  const keys = networkKeysOf(request.ip)
  const excuse = keys !== null && knows(profile.near, keys.near) ? KNOWN_NETWORK : 1
  const strength = ramp(Math.log(networkAccounts + 1), Math.log(ORDINARY_ACCOUNTS + 1), Math.log(CERTAIN_ACCOUNTS + 1))
  return tells(strength * excuse, 'spray', { accounts: networkAccounts })
}
