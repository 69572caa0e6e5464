import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { it } from 'node:test'
import type { Provider } from 'oidc-provider'
import { aPool, NOON } from '#tests/support/builders.ts'
import { memoryEvents } from '#tests/support/memory/events.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'
import type { OidcDeps, PoolForOidc } from './pool-for-oidc.ts'
import { recordProviderEvents } from './provider-events.ts'

const setUp = () => {
  const provider = new EventEmitter()
  const book = ledger()
  const deps = {
    events: memoryEvents(book),
    random: seededRandom(1),
    clock: { now: () => NOON },
    contextOf: () => ({ requestId: 'r', ip: '203.0.113.7', userAgent: null }),
  }
  // Only what is listened to and written with is there.
  recordProviderEvents(provider as unknown as Provider, { pool: aPool() } as PoolForOidc, deps as unknown as OidcDeps)
  return { provider, book }
}

it('a revoked grant is on record with its person and client', () => {
  const { provider, book } = setUp()
  const entities = { Client: { clientId: 'shop' }, RefreshToken: { accountId: 'ann' } }
  provider.emit('grant.revoked', { req: {}, oidc: { route: 'revocation', entities } })
  const [event] = book.events
  assert.deepEqual(
    [event?.type, event?.outcome, event?.sub, event?.clientId, event?.ip, event?.detail],
    ['token.revoked', 'success', 'ann', 'shop', '203.0.113.7', { at: 'revocation' }],
  )
})

it('a client that cannot prove itself is on record; other refusals are not', () => {
  const { provider, book } = setUp()
  const ctx = { req: {}, oidc: { route: 'token', entities: {} } }
  provider.emit('grant.error', ctx, { error: 'invalid_client' })
  provider.emit('grant.error', ctx, { error: 'invalid_grant' })
  assert.deepEqual(
    book.events.map(({ type, outcome, reason, clientId, detail }) => [type, outcome, reason, clientId, detail]),
    [['client.authenticated', 'failure', 'invalid_client', null, { at: 'token' }]],
  )
})
