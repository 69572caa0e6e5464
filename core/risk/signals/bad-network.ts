import { type Signal, tells } from '../signal.ts'

/** The address is on the operator's list of networks that attacks come from. */
export const badNetwork: Signal = ({ isBadNetwork }) => (isBadNetwork ? tells(1, 'badNetwork') : null)
