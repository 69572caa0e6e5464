import { Secret, TOTP } from 'otpauth'
import { encode } from 'uqr'
import type { AuthenticatorApps } from '#core/factors/ports.ts'
import type { Random } from '#core/shared/ports.ts'

const SECRET_BYTES = 20
const STEP_SECONDS = 30
/** Modules of white around the code: less, and some cameras do not find it (ISO/IEC 18004 §9.1). */
const QUIET_ZONE = 4

/** Every black run of a row as one rectangle. */
const pathOf = (modules: readonly (readonly boolean[])[]): string => {
  let path = ''
  for (const [y, row] of modules.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue
      const from = x
      while (row[x + 1] === true) x++
      path += `M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`
    }
  }
  return path
}

export const authenticatorApps = (random: Random): AuthenticatorApps => ({
  newSecret: () => new Secret({ buffer: new Uint8Array(random.bytes(SECRET_BYTES)).buffer }).base32,
  codeAt: (secret, step) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: step * STEP_SECONDS * 1000 }),
  present(secret, issuer, account) {
    // A colon parts issuer and account in the label, so neither may have one.
    const uri = new TOTP({
      secret: Secret.fromBase32(secret),
      issuer: issuer.replaceAll(':', ' '),
      label: account.replaceAll(':', ' '),
    }).toString()
    const { size, data } = encode(uri, { ecc: 'M', border: QUIET_ZONE })
    return { uri, qr: { size, path: pathOf(data) } }
  },
})
