import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SamlProviderSettings } from '#core/federation/saml-settings.ts'
import { keepUnsolicited } from '#core/flows/index.ts'
import { fail, ok } from '#core/shared/result.ts'
import { anIdentity, fakeUpstream } from '#tests/support/fake-upstream.ts'
import { aFederatedJourney, lastEvent } from '#tests/support/federated-journey.ts'

const portal = (name: string, overrides: object = {}) =>
  SamlProviderSettings.parse({
    kind: 'saml',
    name,
    metadataUrl: 'https://idp.example/metadata',
    idpInitiated: true,
    ...overrides,
  })

const BROWSER = { requestId: 'request', ip: '203.0.113.7', userAgent: 'a browser' }

/** Two willing providers, of which `issuer` has signed the response that comes: the other refuses it as somebody else's. */
const twoPortals = async (issuer: 'First' | 'Second' | 'both', settings: Record<string, object> = {}) => {
  const journey = await aFederatedJourney({
    providers: ['First', 'Second'].map((name) => portal(name, settings[name])),
  })
  const asked: string[] = []
  const redirectsTo = async ({ name }: { name: string }) => ({
    ...fakeUpstream(),
    async finish() {
      asked.push(name)
      return issuer === name || issuer === 'both'
        ? ok(anIdentity({ subject: `of ${name}` }))
        : fail('upstream-invalid', { because: 'issuer' })
    },
  })
  const ports = { ...journey.ports, federation: { ...journey.ports.federation, redirectsTo } }
  const post = async (relay: Record<string, string> = {}) => {
    const kept = await keepUnsolicited(ports)(
      journey.pool.id,
      {
        method: 'POST',
        url: 'https://auth.example.com/saml2/idpresponse',
        parameters: {
          SAMLResponse: 'signed',
          RelayState: new URLSearchParams({ client_id: journey.client.id, ...relay }).toString(),
        },
        now: ports.clock.now().getTime(),
      },
      BROWSER,
    )
    if (!kept.ok) return { refusal: kept.failure.code }
    const { id, request } = kept.value
    const taken = await ports.federation.unsolicited.take(
      journey.pool.id,
      ports.hashes.of('unsolicited', id),
      ports.clock.now(),
    )
    return { provider: taken?.provider, subject: taken?.identity.subject, leadsTo: request.identity_provider }
  }
  return { journey, post, asked }
}

const ofSecond = { provider: 'Second', subject: 'of Second', leadsTo: 'Second' }

describe('a response that nobody asked for, where two providers may send such', () => {
  it('is of the one that RelayState names: the other is not even asked, which would use it up', async () => {
    const { post, asked } = await twoPortals('both')
    assert.deepEqual(await post({ identity_provider: 'Second' }), ofSecond)
    assert.deepEqual(asked, ['Second'])
  })

  it('is of the one that issued it, where RelayState names none', async () => {
    const { post, asked } = await twoPortals('Second')
    assert.deepEqual(await post(), ofSecond)
    assert.deepEqual(asked, ['First', 'Second'])
  })

  it('is refused where RelayState names one and the other issued it, with an event', async () => {
    const { journey, post } = await twoPortals('First')
    assert.deepEqual(await post({ identity_provider: 'Second' }), { refusal: 'upstream-invalid' })
    assert.equal(lastEvent(journey, 'federation.returned')?.detail.because, 'issuer')
  })

  it('is not offered to one that is switched off, only connects, or sends nothing unasked', async () => {
    for (const settings of [{ enabled: false }, { linkOnly: true }, { idpInitiated: false }]) {
      const { post, asked } = await twoPortals('First', { First: settings })
      assert.deepEqual(await post(), { refusal: 'upstream-invalid' })
      assert.deepEqual(asked, ['Second'])
    }
  })
})
