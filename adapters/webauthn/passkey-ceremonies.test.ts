import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Factor } from '#core/factors/factor.ts'
import type { Ceremony, NewPasskey } from '#core/factors/ports.ts'
import { NOON } from '#tests/support/builders.ts'
import { type AuthenticatorTraits, type Lie, softwareAuthenticator } from '#tests/support/software-authenticator.ts'
import { passkeyCeremonies as ceremonies } from './passkey-ceremonies.ts'

const ORIGIN = 'https://auth.example.com'
const SUB = 'a0000000-0000-4000-8000-000000000001'
const person = { sub: SUB, name: 'ann@example.com' }
const challengeOf = (n: number): string => Buffer.alloc(32, n).toString('base64url')
const ceremony = (change: Partial<Ceremony> = {}): Ceremony => ({
  relyingParty: { id: 'auth.example.com', name: 'Example', origin: ORIGIN },
  challenge: challengeOf(1),
  userVerification: 'preferred',
  ...change,
})

const factorOf = ({ credentialId, counter, detail }: NewPasskey): Factor => ({
  poolId: 'eu-test-1_Pool12345',
  sub: SUB,
  id: 'p1',
  kind: 'passkey',
  name: null,
  address: null,
  credentialId,
  passkey: detail,
  counter,
  createdAt: NOON,
  lastUsedAt: null,
})

const must = async (result: ReturnType<typeof ceremonies.verifyCreation>): Promise<NewPasskey> => {
  const made = await result
  assert.ok(made.ok, made.ok ? '' : made.failure.because)
  return made.value
}

const withPasskey = async (traits: Partial<AuthenticatorTraits> = {}) => {
  const authenticator = softwareAuthenticator({ origin: ORIGIN, ...traits })
  const options = await ceremonies.creationOptions(ceremony(), person, [])
  const made = await must(ceremonies.verifyCreation(ceremony(), authenticator.create(options), false))
  return { authenticator, made, factor: factorOf(made) }
}

const refusals = async (result: Promise<{ ok: boolean; failure?: { code: string } }>) => {
  const answer = await result
  assert.equal(answer.ok, false)
  assert.equal(answer.failure?.code, 'passkey-refused')
}

const JUNK = ['', 'null', '[]', '{}', '"a"', '{"id":', '{"id":"a b","rawId":"a b","type":"public-key","response":{}}']

describe('options', () => {
  it('for a new passkey ask for one that is found without a name, and carry no address but the name shown', async () => {
    const { factor } = await withPasskey()
    const options = JSON.parse(await ceremonies.creationOptions(ceremony(), person, [factor]))
    assert.equal(options.authenticatorSelection.residentKey, 'required')
    assert.equal(options.authenticatorSelection.userVerification, 'preferred')
    assert.equal(options.attestation, 'none')
    assert.equal(options.challenge, challengeOf(1))
    assert.deepEqual(options.rp, { id: 'auth.example.com', name: 'Example' })
    assert.equal(Buffer.from(options.user.id, 'base64url').toString(), SUB)
    assert.deepEqual(
      options.excludeCredentials.map(({ id }: { id: string }) => id),
      [factor.credentialId],
    )
  })

  it('for a sign-in name nobody, and differ by their challenge alone', async () => {
    const first = await ceremonies.requestOptions(ceremony(), [])
    const second = await ceremonies.requestOptions(ceremony({ challenge: challengeOf(2) }), [])
    assert.deepEqual(JSON.parse(first).allowCredentials, [])
    assert.equal(first.replace(challengeOf(1), ''), second.replace(challengeOf(2), ''))
  })

  it('for a second factor list the person’s own, with the ways to reach them', async () => {
    const { factor } = await withPasskey({ transports: ['usb', 'nfc'] })
    const { allowCredentials } = JSON.parse(await ceremonies.requestOptions(ceremony(), [factor]))
    assert.deepEqual(allowCredentials, [{ id: factor.credentialId, type: 'public-key', transports: ['usb', 'nfc'] }])
  })
})

describe('a new passkey', () => {
  const lies: Readonly<Record<string, Lie>> = {
    'of another origin': { origin: 'https://auth.example.com.evil.example' },
    'of another scheme': { origin: 'http://auth.example.com' },
    'of another relying party': { rpId: 'example.com' },
    'for another challenge': { challenge: challengeOf(9) },
    'that is an assertion': { type: 'webauthn.get' },
    'made in a frame': { crossOrigin: true },
    'made without a gesture': { isPresent: false },
    'that is backed up and cannot be': { isBackedUp: true },
    'under another id than it says': { id: challengeOf(3) },
  }
  for (const [name, lie] of Object.entries(lies)) {
    it(`${name} is refused`, async () => {
      const options = await ceremonies.creationOptions(ceremony(), person, [])
      const posted = softwareAuthenticator({ origin: ORIGIN }).create(options, lie)
      await refusals(ceremonies.verifyCreation(ceremony(), posted, false))
    })
  }

  it('that asked for nobody is refused where it must, and known as such where it need not', async () => {
    const authenticator = softwareAuthenticator({ origin: ORIGIN, verifies: false })
    const posted = authenticator.create(await ceremonies.creationOptions(ceremony(), person, []))
    await refusals(ceremonies.verifyCreation(ceremony({ userVerification: 'required' }), posted, false))
    const made = await must(ceremonies.verifyCreation(ceremony(), posted, false))
    assert.equal(made.detail.isUserVerified, false)
  })

  it('may be made without a gesture right after a password', async () => {
    const options = await ceremonies.creationOptions(ceremony(), person, [])
    const posted = softwareAuthenticator({ origin: ORIGIN, syncs: true }).create(options, { isPresent: false })
    const { detail } = await must(ceremonies.verifyCreation(ceremony(), posted, true))
    assert.deepEqual([detail.isBackupEligible, detail.isBackedUp], [true, true])
  })

  it('tells what it is, and nothing that is not a transport', async () => {
    const { made } = await withPasskey({
      aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4',
      transports: ['internal', 'hybrid', '<script>'],
    })
    assert.equal(made.detail.aaguid, 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4')
    assert.deepEqual(made.detail.transports, ['internal', 'hybrid'])
    assert.equal(made.detail.rpId, 'auth.example.com')
  })

  it('of anything else a form may hold is refused, and nothing is thrown', async () => {
    for (const posted of [...JUNK, JSON.stringify({ a: 'x'.repeat(20_000) })]) {
      await refusals(ceremonies.verifyCreation(ceremony(), posted, false))
      assert.equal(ceremonies.claimOf(posted), null)
    }
  })
})

describe('an assertion', () => {
  it('shows whose it is before it is checked', async () => {
    const { authenticator, factor } = await withPasskey()
    const posted = authenticator.get(await ceremonies.requestOptions(ceremony(), []))
    assert.deepEqual(ceremonies.claimOf(posted), { credentialId: factor.credentialId, userHandle: SUB })
  })

  it('shows counter, verification and backup of this very use', async () => {
    const { authenticator, factor } = await withPasskey({ syncs: true, counts: true })
    const posted = authenticator.get(await ceremonies.requestOptions(ceremony(), []), {
      isVerified: false,
      isBackedUp: false,
    })
    assert.deepEqual(await ceremonies.verifyAssertion(ceremony(), posted, factor), {
      ok: true,
      value: { counter: 1, isUserVerified: false, isBackedUp: false, isSynced: true },
    })
  })

  const lies: Readonly<Record<string, Lie>> = {
    'for another origin': { origin: 'https://evil.example' },
    'for another relying party': { rpId: 'evil.example' },
    'for another challenge': { challenge: challengeOf(9) },
    'that is a creation': { type: 'webauthn.create' },
    'made in a frame': { crossOrigin: true },
    'made without a gesture': { isPresent: false },
    'signed by another key': { forged: true },
    'under another id': { id: challengeOf(3) },
    'that says it may leave its device now': { isBackupEligible: true },
  }
  for (const [name, lie] of Object.entries(lies)) {
    it(`${name} is refused`, async () => {
      const { authenticator, factor } = await withPasskey()
      const posted = authenticator.get(await ceremonies.requestOptions(ceremony(), []), lie)
      await refusals(ceremonies.verifyAssertion(ceremony(), posted, factor))
    })
  }

  it('that asked for nobody is refused where the passkey stands for two factors', async () => {
    const { authenticator, factor } = await withPasskey({ verifies: false })
    const posted = authenticator.get(await ceremonies.requestOptions(ceremony(), []))
    await refusals(ceremonies.verifyAssertion(ceremony({ userVerification: 'required' }), posted, factor))
  })

  it('of one passkey does not stand for another of the same person', async () => {
    const { authenticator } = await withPasskey()
    const other = await withPasskey()
    const posted = authenticator.get(await ceremonies.requestOptions(ceremony(), []))
    await refusals(ceremonies.verifyAssertion(ceremony(), posted, other.factor))
    const renamed = JSON.stringify({
      ...JSON.parse(posted),
      id: other.factor.credentialId,
      rawId: other.factor.credentialId,
    })
    await refusals(ceremonies.verifyAssertion(ceremony(), renamed, other.factor))
  })

  it('altered anywhere is refused', async () => {
    const { authenticator, factor } = await withPasskey()
    const posted = JSON.parse(authenticator.get(await ceremonies.requestOptions(ceremony(), [])))
    for (const part of ['clientDataJSON', 'authenticatorData', 'signature']) {
      const bytes = Buffer.from(posted.response[part], 'base64url')
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 2) ^ 1, bytes.length - 2)
      const altered = { ...posted, response: { ...posted.response, [part]: bytes.toString('base64url') } }
      await refusals(ceremonies.verifyAssertion(ceremony(), JSON.stringify(altered), factor))
    }
  })
})
