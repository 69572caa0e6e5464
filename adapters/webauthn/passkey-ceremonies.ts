import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Factor } from '#core/factors/factor.ts'
import type { Ceremony, PasskeyCeremonies } from '#core/factors/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { AssertionAnswer, CreationAnswer, readAnswer } from './answers.ts'

/** COSE numbers of EdDSA, ES256 and RS256: what authenticators of today know (WebAuthn Level 3 §5.4). */
const ALGORITHMS = [-8, -7, -257]
/** How long a dialog of the browser stays open, milliseconds. The challenge itself lives as long as its page. */
const TIMEOUT = 300_000

const bytesOf = (base64url: string) => new Uint8Array(Buffer.from(base64url, 'base64url'))

/** The library throws what it refuses; the reason is for the log. */
const checked = async <T>(check: () => Promise<Result<T>>): Promise<Result<T>> => {
  try {
    return await check()
  } catch (error) {
    return fail('passkey-refused', { because: error instanceof Error ? error.message : String(error) })
  }
}

const refused = (because: string): Result<never> => fail('passkey-refused', { because })

const expected = ({ relyingParty, challenge, userVerification }: Ceremony) => ({
  expectedChallenge: challenge,
  expectedOrigin: relyingParty.origin,
  expectedRPID: relyingParty.id,
  requireUserVerification: userVerification === 'required',
})

const described = (factors: readonly Factor[]) =>
  factors.flatMap(({ credentialId, passkey }) =>
    credentialId === null ? [] : [{ id: credentialId, transports: [...(passkey?.transports ?? [])] }],
  )

/** Our pages are in no frame of another site, so no honest answer comes out of one (Level 3 §7.2 step 15). */
const isFromFrame = (clientDataJSON: string): boolean =>
  (JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { crossOrigin?: unknown }).crossOrigin === true

/** Passkeys by @simplewebauthn/server: no attestation is asked for, since no make of authenticator is turned away. */
export const passkeyCeremonies: PasskeyCeremonies = {
  async creationOptions({ relyingParty, challenge, userVerification }, { sub, name }, existing) {
    const options = await generateRegistrationOptions({
      rpName: relyingParty.name,
      rpID: relyingParty.id,
      userName: name,
      userDisplayName: name,
      userID: new Uint8Array(Buffer.from(sub)),
      challenge: bytesOf(challenge),
      timeout: TIMEOUT,
      attestationType: 'none',
      excludeCredentials: described(existing),
      authenticatorSelection: { residentKey: 'required', userVerification },
      supportedAlgorithmIDs: ALGORITHMS,
    })
    return JSON.stringify(options)
  },

  verifyCreation: (ceremony, posted, mayBeUnattended) =>
    checked(async () => {
      const answer = readAnswer(CreationAnswer, posted)
      if (answer === null) return refused('not the answer of an authenticator')
      if (isFromFrame(answer.response.clientDataJSON)) return refused('made in a frame')
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        ...expected(ceremony),
        response: answer as Parameters<typeof verifyRegistrationResponse>[0]['response'],
        requireUserPresence: !mayBeUnattended,
        supportedAlgorithmIDs: ALGORITHMS,
      })
      if (!verified) return refused('the attestation does not hold')
      const { credential, aaguid, credentialDeviceType, credentialBackedUp, userVerified } = registrationInfo
      if (credential.id !== answer.id) return refused('another credential than it says')
      return ok({
        credentialId: credential.id,
        counter: credential.counter,
        detail: {
          publicKey: Buffer.from(credential.publicKey).toString('base64url'),
          transports: answer.response.transports,
          aaguid,
          isBackupEligible: credentialDeviceType === 'multiDevice',
          isBackedUp: credentialBackedUp,
          isUserVerified: userVerified,
          rpId: ceremony.relyingParty.id,
        },
      })
    }),

  async requestOptions({ relyingParty, challenge, userVerification }, factors) {
    const options = await generateAuthenticationOptions({
      rpID: relyingParty.id,
      challenge: bytesOf(challenge),
      timeout: TIMEOUT,
      userVerification,
      allowCredentials: described(factors) as NonNullable<
        Parameters<typeof generateAuthenticationOptions>[0]['allowCredentials']
      >,
    })
    return JSON.stringify(options)
  },

  claimOf(posted) {
    const answer = readAnswer(AssertionAnswer, posted)
    if (answer === null) return null
    const { userHandle } = answer.response
    return {
      credentialId: answer.id,
      userHandle: userHandle === undefined ? null : Buffer.from(userHandle, 'base64url').toString(),
    }
  },

  verifyAssertion: (ceremony, posted, { credentialId, passkey }) =>
    checked(async () => {
      const answer = readAnswer(AssertionAnswer, posted)
      if (answer === null || credentialId === null || passkey === null) {
        return refused('not the answer of an authenticator')
      }
      if (answer.id !== credentialId) return refused('another credential')
      if (isFromFrame(answer.response.clientDataJSON)) return refused('made in a frame')
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        ...expected(ceremony),
        response: answer as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
        // The store judges the counter, in one statement; the library would judge one that was read before.
        credential: { id: credentialId, publicKey: bytesOf(passkey.publicKey), counter: 0 },
      })
      if (!verified) return refused('the signature does not hold')
      const { newCounter, userVerified, credentialDeviceType, credentialBackedUp } = authenticationInfo
      const isSynced = credentialDeviceType === 'multiDevice'
      // Level 3 §7.2 step 20: whether it may leave its device is settled when it is made.
      if (isSynced !== passkey.isBackupEligible) return refused('backup eligibility changed')
      return ok({ counter: newCounter, isUserVerified: userVerified, isBackedUp: credentialBackedUp, isSynced })
    }),
}
