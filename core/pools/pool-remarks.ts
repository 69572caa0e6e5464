import type { PoolSettings } from './pool-settings.ts'

/** What is odd about settings that may be kept all the same. */
export type PoolRemark =
  /** Every channel that could reset a password is a second factor, so that it resets none (attack 52). */
  | { about: 'no-reset'; channels: readonly ('email' | 'sms')[] }
  /** Codes and links are not offered: alone they are one factor, and the pool asks everybody for two. */
  | { about: 'not-offered'; methods: readonly string[] }

const CHANNELS = { email: 'email', phone_number: 'sms' } as const

/** For administrators to hear of when they keep the settings. */
export const poolRemarks = ({ mfa, factors, autoVerify, firstFactors }: PoolSettings): readonly PoolRemark[] => {
  const channels = autoVerify.map((attribute) => CHANNELS[attribute])
  const isCodesAlone = factors.allowed.every((kind) => kind === 'email' || kind === 'sms')
  const isEveryChannelTaken = channels.length > 0 && channels.every((channel) => factors.allowed.includes(channel))
  const methods = firstFactors.filter((kind) => kind !== 'password' && kind !== 'passkey')
  return [
    ...(mfa !== 'off' && isCodesAlone && isEveryChannelTaken ? [{ about: 'no-reset' as const, channels }] : []),
    ...(mfa === 'required' && methods.length > 0 ? [{ about: 'not-offered' as const, methods }] : []),
  ]
}
