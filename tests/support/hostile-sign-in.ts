import assert from 'node:assert/strict'
import { after, beforeEach } from 'node:test'
import type { UpstreamRequest } from '#core/federation/ports.ts'
import { type Misbehaviour, startHostileProvider } from './hostile-provider.ts'
import { movableClock, UPSTREAM_CLIENT, upstreamClient } from './upstream-client.ts'

/** A provider that is honest at the beginning of every test of the file, and ways through it. Closed after the last. */
export const hostileSignIn = async () => {
  const clock = movableClock('2030-01-01T12:00:00Z')
  const seconds = () => clock.now().getTime() / 1000
  const provider = await startHostileProvider(seconds, UPSTREAM_CLIENT)
  beforeEach(() => {
    provider.misbehave({})
    provider.seen.length = 0
  })
  after(() => provider.close())

  /** One that has asked the provider nothing yet. */
  const aClient = (more: object = {}, secret = 'swordfish') =>
    upstreamClient({ issuer: provider.issuer, ...more }, clock, { secret })

  return {
    clock,
    /** Of the clock, since the epoch. */
    seconds,
    provider,
    aClient,
    async signIn(client = aClient(), request: Partial<UpstreamRequest> = {}) {
      const { url, remember } = await client.begin(request)
      return client.finish(provider.signIn(url.href), remember)
    },
    /** The reason for which a sign-in through a provider that misbehaves so is refused. */
    async refusedFor(how: Misbehaviour): Promise<string> {
      const client = aClient()
      const { url, remember } = await client.begin()
      provider.misbehave(how)
      const result = await client.finish(provider.signIn(url.href), remember)
      assert.ok(!result.ok, 'nobody signs in')
      return `${result.failure.code}: ${result.failure.because}`
    },
  }
}
