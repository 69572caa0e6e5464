// A provider that nobody here wrote: Glewlwyd, in C, from Debian. It shares no code with our client library.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { federatedUsername, mapAttributes } from '#core/federation/index.ts'
import { findGlewlwyd, type Glewlwyd, HOW_TO_INSTALL_GLEWLWYD, startGlewlwyd } from '#tests/support/glewlwyd.ts'
import { UPSTREAM_CALLBACK, UPSTREAM_CLIENT, upstreamClient } from '#tests/support/upstream-client.ts'

const isExcused = (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('glewlwyd')
const clock = { now: () => new Date() }
const ann = { username: 'ann', password: 'reading by the window', name: 'Ann Berg', email: 'ann@fjord.example' }

describe('signing in through Glewlwyd', { skip: !findGlewlwyd() && isExcused && HOW_TO_INSTALL_GLEWLWYD }, () => {
  for (const authMethod of ['client_secret_post', 'client_secret_basic'] as const) {
    describe(`with ${authMethod}`, () => {
      let provider: Glewlwyd
      const aClient = (secret = 'swordfish') => {
        const attributeMapping = { email: 'email', email_verified: 'email_verified', name: 'name' }
        const given = { issuer: provider.issuer, auth: { method: authMethod }, scopes: ['openid'], attributeMapping }
        return upstreamClient(given, clock, { secret })
      }
      const signIn = async (client = aClient()) => {
        const { url, remember } = await client.begin()
        const parameters = await provider.signIn(ann, url.href)
        return { client, remember, parameters, result: await client.finish(parameters, remember) }
      }

      before(async () => {
        const client = { id: UPSTREAM_CLIENT, secret: 'swordfish', callback: UPSTREAM_CALLBACK, authMethod }
        provider = await startGlewlwyd()
        await provider.addClient(client)
        await provider.addPerson(ann)
      })
      after(() => provider?.close())

      it('is found fit by the check, line by line', async () => {
        const lines = await aClient().upstream.check()
        assert.deepEqual(
          lines.filter(({ ok }) => !ok),
          [],
        )
        assert.deepEqual(
          lines.filter(({ isNote }) => isNote).map(({ line }) => line),
          ['secret', 'answers name the provider (RFC 9207)'],
        )
      })

      it('says the same person each time, with a profile', async () => {
        const [first, second] = [await signIn(), await signIn()]
        assert.ok(first.result.ok && second.result.ok, JSON.stringify([first.result, second.result]))
        const { subject, claims } = first.result.value
        assert.equal(subject, second.result.value.subject)
        assert.equal(federatedUsername({ provider: 'Corporate', subject }), `Corporate_${subject}`)
        assert.deepEqual(mapAttributes(first.client.settings, claims).attributes, {
          email: 'ann@fjord.example',
          email_verified: false,
          name: 'Ann Berg',
        })
      })

      it('refuses a code that was used, a code of another sign-in, and a wrong secret', async () => {
        const { client, parameters, remember } = await signIn()
        const replayed = await client.finish(parameters, remember)
        assert.match(String(!replayed.ok && replayed.failure.because), /^token endpoint: invalid_/)

        const [victim, attacker] = [await client.begin(), await client.begin()]
        const stolen = await provider.signIn(ann, victim.url.href)
        const injected = await client.finish(stolen, attacker.remember)
        assert.match(String(!injected.ok && injected.failure.because), /^token endpoint: invalid_/)

        const { result } = await signIn(aClient('guessed'))
        assert.match(String(!result.ok && result.failure.because), /^token endpoint: /)
      })
    })
  }
})
