import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aDesk } from '#tests/support/account-desk.ts'
import { anIdentity, aProvider, NOON } from '#tests/support/builders.ts'
import { corp } from '#tests/support/fake-directory.ts'
import type { JourneyOptions } from '#tests/support/journey.ts'
import { accountContent } from './index.ts'

const nothing = { events: [] }

/** Cy, who has no password: what their overview says of how they sign in. */
const setUp = async ({ pool = {}, status = 'EXTERNAL_PROVIDER' as 'EXTERNAL_PROVIDER' | 'CONFIRMED' } = {}) => {
  const cy = { sub: 'cy', status, passwordPlain: null, attributes: { email: 'cy@example.com', email_verified: true } }
  const desk = await aDesk({ pool, people: [cy] } as JourneyOptions)
  const ports = { ...desk.ports, findClient: async () => null, describeScope: async () => null }
  return {
    ...desk,
    async connect(name: string, settings: Readonly<Record<string, unknown>> = {}) {
      await desk.providers.create(aProvider(desk.pool.id, { name, settings }), null, nothing)
      await ports.identities.link(anIdentity(desk.pool.id, { provider: name, subject: 'cy' }), 'cy', nothing)
    },
    async says(sub = 'cy') {
      const found = await accountContent(ports)(desk.doer({ sub }), 'overview')
      assert.ok(found.ok && found.value.page === 'overview')
      const { by, providers, strength } = found.value
      return { by, providers, strength }
    },
  }
}

describe('how the overview says that somebody signs in', () => {
  it('is by nothing, where what led in is switched off or may only be connected', async () => {
    const { connect, says } = await setUp()
    await connect('Off', { enabled: false })
    await connect('Kept', { linkOnly: true })
    assert.deepEqual(await says(), { by: 'nothing', providers: [], strength: 'alone' })
  })

  it('is by providers alone for who has no password', async () => {
    const { connect, says } = await setUp({ pool: { firstFactors: ['password', 'email-code'] } })
    await connect('Corp', { displayName: 'The Corporation' })
    assert.deepEqual(await says(), { by: 'provider', providers: ['The Corporation'], strength: 'alone' })
  })

  it('counts second steps where one of the providers lets them be asked for', async () => {
    const { connect, says, enrol } = await setUp({ pool: { mfa: 'optional' } })
    await enrol('totp', 'cy')
    await connect('Trusted', { secondFactor: 'never' })
    assert.equal((await says()).strength, 'alone')
    await connect('Corp')
    assert.deepEqual(await says(), { by: 'provider', providers: ['Corp', 'Trusted'], strength: 'app' })
  })

  it('is by a code for the pool’s own people without a password, and by their providers', async () => {
    const { connect, says } = await setUp({ status: 'CONFIRMED', pool: { firstFactors: ['email-code'] } })
    await connect('Corp')
    assert.deepEqual(await says(), { by: 'code', providers: ['Corp'], strength: 'alone' })
  })

  it('is by a password for who has one, and for a directory’s people, who have it there', async () => {
    const { providers, ports, pool, doer, says } = await setUp()
    assert.equal((await says(doer().sub)).by, 'password')
    const settings = corp()
    await providers.create({ poolId: pool.id, name: 'Corp', settings, createdAt: NOON, updatedAt: NOON }, null, nothing)
    await ports.identities.link(anIdentity(pool.id, { subject: 'cy' }), 'cy', nothing)
    assert.equal((await says()).by, 'password')
  })
})
