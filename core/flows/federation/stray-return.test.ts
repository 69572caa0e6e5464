import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuthEvent } from '#core/events/event.ts'
import { aFederatedJourney, BROWSER, type FederatedJourney } from '#tests/support/federated-journey.ts'
import { keepUnsolicited } from './unsolicited.ts'

const watched = ({ ports }: FederatedJourney) => {
  const seen = { returns: [] as [string | null, string][], counted: [] as AuthEvent[] }
  ports.federation.watch.returned = (type, outcome) => void seen.returns.push([type, outcome])
  ports.events.count = async (event) => void seen.counted.push(event)
  return seen
}

describe('a return that belongs to no journey', () => {
  it('is counted, as an event and for the operator', async () => {
    const journey = await aFederatedJourney()
    const seen = watched(journey)
    await journey.arrive({ state: 'nonsense' })
    await journey.leave()
    await journey.arrive({ SAMLResponse: 'x'.repeat(500_000) })
    assert.deepEqual(seen.returns, [
      [null, 'upstream-stale'],
      [null, 'upstream-invalid'],
    ])
    assert.deepEqual(
      seen.counted.map(({ type, outcome, reason, detail }) => ({ type, outcome, reason, detail })),
      [
        { reason: 'upstream-stale', detail: { because: 'no state of ours' } },
        { reason: 'upstream-invalid', detail: { because: 'too large' } },
      ].map((each) => ({ type: 'federation.returned', outcome: 'failure', ...each })),
    )
  })

  it('is counted too where it would begin one, and no provider may', async () => {
    const journey = await aFederatedJourney()
    const seen = watched(journey)
    const callback = { method: 'POST', url: 'https://auth.example.com/', parameters: {}, now: 0 } as const
    const kept = await keepUnsolicited(journey.ports)(journey.pool.id, callback, BROWSER)
    assert.equal(!kept.ok && kept.failure.code, 'upstream-stale')
    assert.deepEqual(seen.counted[0]?.detail, { purpose: 'unsolicited', because: 'nobody is away' })
  })

  it('is not what an answer is that finds its journey', async () => {
    const journey = await aFederatedJourney()
    const seen = watched(journey)
    await journey.comeBy()
    assert.deepEqual(seen, { returns: [['OIDC', 'success']], counted: [] })
  })
})
