import { type Signal, surprise, tells } from '../signal.ts'

/** What is left of it for somebody who never keeps a cookie. */
const LEAST_LEFT = 0.3

/** No device cookie of this person came along. Weak for those who clear their cookies or browse privately. */
export const newDevice: Signal = ({ device, profile }) =>
  device === null && profile.signIns > 0 ? tells(surprise(profile.novelty.device, LEAST_LEFT), 'newDevice') : null
