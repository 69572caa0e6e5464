import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AppClient, ClientSettings, type ClientSettingsInput } from '../clients/client-settings.ts'
import { PoolSettings } from '../pools/pool-settings.ts'
import { fail } from '../shared/result.ts'
import type { MessageToRender } from './compose.ts'
import { messageComposer } from './message-composer.ts'

const NOW = new Date('2030-01-01T12:00:00Z')
const pool = {
  id: 'eu-local-1_AbCdEfGhI',
  name: 'meridian',
  settings: PoolSettings.parse({}),
  version: 1,
  createdAt: NOW,
  updatedAt: NOW,
}
const aClient = (settings: ClientSettingsInput): AppClient => ({
  poolId: pool.id,
  id: 'shop',
  name: 'Shop',
  enabled: true,
  createdAt: NOW,
  updatedAt: NOW,
  settings: ClientSettings.parse({ callbackUrls: ['https://shop.example/auth/callback'], ...settings }),
})

const factsFor = async (
  settings: ClientSettingsInput | null,
  user: { sub: string; username: string } | null = null,
) => {
  let asked: MessageToRender | null = null
  const messages = messageComposer({
    links: { base: (poolId) => `https://auth.example.com:8443/${poolId}` },
    compose: async (request) => {
      asked = request
      return fail('code-send-failed')
    },
    brandOf: async () => ({ rail: '#112233', onRail: '#ffffff' }),
  })
  await messages.compose({
    pool,
    client: settings === null ? null : aClient(settings),
    purpose: 'account-exists',
    to: { channel: 'email', address: 'ann@example.com' },
    locale: 'de',
    eventId: 'event',
    user: user && {
      ...user,
      poolId: pool.id,
      status: 'CONFIRMED',
      enabled: true,
      attributes: { email: 'ann@example.com' },
      sessionsValidAfter: NOW,
      createdAt: NOW,
      updatedAt: NOW,
      lastSignInAt: null,
      preferredFactor: null,
      deleteAfter: null,
    },
    facts: { minutes: 15 },
    expiresAt: null,
  })
  assert.ok(asked)
  return asked as MessageToRender
}

describe('a message', () => {
  it("speak for the app, from the pool's host, in the journey's language and the theme's colours", async () => {
    const { clientName, facts } = await factsFor({ displayName: 'Meridian Shop' })
    assert.equal(clientName, 'Meridian Shop')
    assert.deepEqual(
      [facts.host, facts.locale, facts.brand],
      ['auth.example.com:8443', 'de', { rail: '#112233', onRail: '#ffffff' }],
    )
  })

  it("lead to the app's own door, and to the pool's page for a new password", async () => {
    const { facts } = await factsFor({})
    assert.equal(facts.signInLink, 'https://shop.example/')
    assert.equal(
      facts.recoveryLink,
      'https://auth.example.com:8443/eu-local-1_AbCdEfGhI/forgotPassword?client_id=shop&redirect_uri=https%3A%2F%2Fshop.example%2Fauth%2Fcallback',
    )
  })

  it('lead to the app alone where only the app can begin a journey', async () => {
    const { facts } = await factsFor({ type: 'public', initiateLoginUrl: 'https://shop.example/login' })
    assert.deepEqual(
      [facts.signInLink, facts.recoveryLink],
      ['https://shop.example/login', 'https://shop.example/login'],
    )
  })

  it('lead nowhere for an app that has no page on the web', async () => {
    const { facts } = await factsFor({ type: 'public', callbackUrls: ['com.example.shop:/callback'] })
    assert.deepEqual([facts.signInLink, facts.recoveryLink], [undefined, undefined])
  })

  it('speak for the pool itself where no app asks, and lead to none', async () => {
    const { clientName, facts, about } = await factsFor(null)
    assert.deepEqual(
      [clientName, about?.clientId, facts.signInLink, facts.recoveryLink],
      [null, null, undefined, undefined],
    )
  })

  it('call people by the name they know, and triggers by the one in the directory', async () => {
    const sub = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
    const byAddress = await factsFor({}, { sub, username: sub })
    assert.deepEqual([byAddress.facts.username, byAddress.about?.username], ['ann@example.com', sub])
    const byName = await factsFor({}, { sub, username: 'ann' })
    assert.equal(byName.facts.username, 'ann')
  })
})
