import type { AppClient } from '../clients/client-settings.ts'
import {
  ACR_SINGLE_FACTOR,
  acceptsFactor,
  type Ceremony,
  type MethodProof,
  type RelyingParty,
  relyingPartyOf,
  verificationOf,
} from '../factors/index.ts'
import type { Pool, PoolSettings } from '../pools/pool-settings.ts'
import type { PoolLinks } from '../pools/ports.ts'
import type { Random } from '../shared/ports.ts'
import type { Flow } from './flow.ts'

const CHALLENGE_BYTES = 32

/** What the next passkey of a journey has to sign (WebAuthn Level 3 §13.4.3 asks for 16 random bytes or more). */
export const newChallenge = (random: Pick<Random, 'bytes'>): string =>
  Buffer.from(random.bytes(CHALLENGE_BYTES)).toString('base64url')

/** Whether a passkey may begin a sign-in here, so that one is worth offering. */
export const beginsWithPasskeys = ({ firstFactors }: Pick<PoolSettings, 'firstFactors'>): boolean =>
  firstFactors.includes('passkey')

/** Whether people may have passkeys here, for whichever end. */
export const takesPasskeys = (settings: Pick<PoolSettings, 'firstFactors' | 'factors'>): boolean =>
  acceptsFactor(settings, 'passkey')

/** Whether people are asked to make one for the next time. */
export const offersPasskeys = (settings: Pick<PoolSettings, 'firstFactors' | 'passkeys'>): boolean =>
  settings.passkeys.offer && beginsWithPasskeys(settings)

/** Who asks for the passkeys of a pool; null: its address fits none of what is configured. */
export const poolRelyingParty = ({ links }: { links: PoolLinks }, pool: Pool): RelyingParty | null =>
  relyingPartyOf(pool.settings.passkeys, links.base(pool.id), pool.settings.displayName ?? pool.name)

interface Asking {
  pool: Pool
  client: AppClient
  flow: Pick<Flow, 'state'>
}

/** Somebody, sooner or later, will have to show two factors here. Says nothing about any person. */
const mayNeedTwoFactors = ({ pool, client, flow }: Asking): boolean => {
  const { level } = flow.state.request
  return (
    pool.settings.mfa !== 'off' ||
    client.settings.requireSecondFactor ||
    (level !== null && level !== ACR_SINGLE_FACTOR)
  )
}

/**
 * Whether a browser may make a passkey without a gesture: right after a password was given, as its password manager does
 * (WebAuthn Level 3 §5.1.3). Not where such a passkey would be asked for as a second factor at once.
 */
export const mayBeUnattended = ({ pool, flow }: Pick<Asking, 'pool' | 'flow'>): boolean =>
  pool.settings.mfa === 'off' && flow.state.proofs.some(({ method }) => method === 'password')

/**
 * What a passkey of this page must answer. `proofs`: what was shown before it; nothing, where it is made or comes first.
 * Null: none may be asked for here.
 */
export const ceremonyOf = (
  ports: { links: PoolLinks },
  asking: Asking,
  proofs: readonly MethodProof[],
): Ceremony | null => {
  const { pool, flow } = asking
  const relyingParty = poolRelyingParty(ports, pool)
  const challenge = flow.state.passkeyChallenge
  if (relyingParty === null || challenge === null) return null
  const userVerification = verificationOf(pool.settings.passkeys, {
    needsTwoFactors: mayNeedTwoFactors(asking),
    proofs,
  })
  return { relyingParty, challenge, userVerification }
}
