import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthEvent } from '#core/events/event.ts'
import type { Result } from '#core/shared/result.ts'
import { aNewUser, anIdentity, aPool, aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import { memoryIdentities, memoryProviders, memoryUpstreamSessions } from '#tests/support/memory/identities.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { memoryPools } from '#tests/support/memory/pools.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { endSessionsByProvider, refuseEndByProvider } from './end-sessions-by-provider.ts'

const LATER = secondsLater(60)
const context = { requestId: 'request', ip: '203.0.113.7', userAgent: 'a browser' }
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)

/** Ann and Bo come by the provider as subjects `ann` and `bo`; Ann has a session there in which she is called `_a1`. */
const setUp = async (settings: Record<string, unknown> = {}) => {
  const written = ledger()
  const users = memoryUsers(written)
  const pools = memoryPools(written)
  const sessions = memoryUpstreamSessions()
  const identities = memoryIdentities(users)
  const pool = aPool()
  await pools.create(pool, { events: [] })
  const provider = aProvider(pool.id, { settings: { kind: 'saml', metadataXml: '<x/>', ...settings } })
  await memoryProviders(pools, users).create(provider, null, { events: [] })
  for (const sub of ['ann', 'bo']) {
    await users.create(aNewUser(pool.id, [`${sub}@example.com`], { sub }), { events: [] })
    await identities.link(anIdentity(pool.id, { subject: sub }), sub, { events: [] })
  }
  const key = { poolId: pool.id, provider: 'Corp', subject: 'ann' }
  await sessions.keep({ ...key, id: 's', sub: 'ann', session: 'there', expiresAt: secondsLater(3600) }, '_a1')
  const counted: AuthEvent[] = []
  const events = { count: async (event: AuthEvent) => void counted.push(event) }
  const clock = { now: () => LATER }
  const ports = { users, writer: users, sessions, identities, events, clock, random: seededRandom(1) }
  return {
    written,
    counted,
    ports,
    pool,
    end: (nameId: string) => endSessionsByProvider(ports)({ provider, nameId, context }).then(codeOf),
    cutOff: async (sub: string) => (await users.findBySub(pool.id, sub))?.user.sessionsValidAfter,
  }
}

describe('a provider that ends its session of somebody', () => {
  it('ends nothing of anybody else’s, and somebody whom it never named is counted', async () => {
    const { end, cutOff, written, counted } = await setUp()
    for (const name of ['cy', 'ANN', '_A1', '']) assert.equal(await end(name), 'user-missing')
    assert.deepEqual([await cutOff('ann'), await cutOff('bo')], [NOON, NOON])
    assert.deepEqual(written.events, [])
    assert.equal(counted.length, 4)
    const [event] = counted
    assert.deepEqual([event?.outcome, event?.reason, event?.sub], ['failure', 'user-missing', null])
  })

  it('takes no NameID for a subject where an attribute is the subject', async () => {
    const { end, cutOff } = await setUp({ subjectAttribute: 'employee' })
    assert.equal(await end('bo'), 'user-missing')
    assert.deepEqual(await cutOff('bo'), NOON)
    assert.equal(await end('_a1'), 'ok')
    assert.deepEqual(await cutOff('ann'), LATER)
  })

  it('ends what the person was given before, and the event says that it was the provider', async () => {
    const { end, cutOff, written, counted } = await setUp()
    assert.equal(await end('bo'), 'ok')
    assert.equal(await end('_a1'), 'ok')
    assert.deepEqual([await cutOff('ann'), await cutOff('bo')], [LATER, LATER])
    assert.deepEqual(
      written.events.map(({ type, outcome, sub, ip, detail }) => [type, outcome, sub, ip, detail]),
      ['bo', 'ann'].map((sub) => [
        'sign_out.everywhere',
        'success',
        sub,
        context.ip,
        { by: 'provider', provider: 'Corp' },
      ]),
    )
    assert.deepEqual(counted, [])
  })

  it('leaves a count of what was refused, without a word of whoever sent it', async () => {
    const { ports, pool, counted } = await setUp()
    await refuseEndByProvider(ports)({ poolId: pool.id, provider: null, because: 'issuer-mismatch:evil' })
    const [event] = counted
    assert.deepEqual([event?.reason, event?.ip], ['upstream-invalid', null])
    assert.deepEqual(event?.detail, { by: 'provider', because: 'issuer-mismatch' })
  })
})
