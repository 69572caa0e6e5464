import assert from 'node:assert/strict'
import { it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import { EVENT_TYPES } from './event.ts'
import { newEvent } from './new-event.ts'

it('an event says who, what, when and from where, and nothing it does not know', () => {
  const context = { requestId: 'request', ip: '203.0.113.7', userAgent: 'a browser' }
  const event = newEvent(seededRandom(1), NOON, {
    poolId: 'pool',
    type: 'sign_in',
    outcome: 'success',
    sub: 'ann',
    context,
    detail: { amr: 'pwd' },
  })
  const { id, ...rest } = event
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), NOON.getTime())
  assert.deepEqual(rest, {
    poolId: 'pool',
    type: 'sign_in',
    outcome: 'success',
    reason: null,
    sub: 'ann',
    clientId: null,
    flowId: null,
    ...context,
    detail: { amr: 'pwd' },
    count: 1,
    deviceId: null,
    place: null,
    risk: null,
    feedback: null,
    createdAt: NOON,
  })
})

it('an announced event keeps the id under which it was announced', () => {
  const event = newEvent(seededRandom(1), NOON, { poolId: 'p', type: 'sign_in', outcome: 'failure', id: 'announced' })
  assert.equal(event.id, 'announced')
})

it('event types are unique and in one dialect', () => {
  assert.equal(new Set(EVENT_TYPES).size, EVENT_TYPES.length)
  for (const type of EVENT_TYPES) assert.match(type, /^[a-z]+(?:_[a-z]+)*(?:\.[a-z]+(?:_[a-z]+)*)?$/)
})
