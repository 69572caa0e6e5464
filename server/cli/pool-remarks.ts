import { type PoolRemark, poolRemarks } from '#core/pools/index.ts'
import type { PoolSettings } from '#core/pools/pool-settings.ts'

const sayRemark = (remark: PoolRemark): string =>
  remark.about === 'no-reset'
    ? `no password can be reset, since every channel for it (${remark.channels.join(', ')}) is a second factor; allow totp or passkey too`
    : `${remark.methods.join(', ')} not offered while mfa is required, since alone they are one factor`

/** Lines about settings that were kept and that somebody should look at. */
export const poolRemarkLines = (name: string, settings: PoolSettings): string[] =>
  poolRemarks(settings).map((remark) => `! pool ${name}: ${sayRemark(remark)}`)
