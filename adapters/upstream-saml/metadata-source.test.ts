import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { GuardedFetch } from '#core/federation/ports.ts'
import { fail, ok, type Result } from '#core/shared/result.ts'
import { memoryKeptMetadata } from '#tests/support/memory/federation.ts'
import { AT, honestResponse, idpMetadataXml, keys } from '#tests/support/saml/test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'
import { metadataSource } from './metadata-source.ts'

const HOUR = 3_600_000
const metadataUrl = 'https://idp.example/metadata'
const down = fail('upstream-unreachable', { because: 'down' })
const answer = (body: string) => ok({ status: 200, headers: {}, body })

type Answer = Awaited<ReturnType<GuardedFetch>>

const setUp = (first: Answer, kept = memoryKeptMetadata()) => {
  const web = { answer: first, calls: 0 }
  const fetch: GuardedFetch = async () => {
    web.calls += 1
    return web.answer
  }
  const source = () =>
    metadataSource(
      { metadataUrl, metadataXml: null, idpEntityId: null },
      { fetch, kept, poolId: 'eu_1', providerId: 'corp' },
    )
  return { web, source: source(), another: source, fetch }
}

const certificatesOf = (result: Result<{ certificates: readonly string[] }>) => result.ok && result.value.certificates

describe('metadata by address', () => {
  it('fails where it was never read', async () => {
    const { source } = setUp(down)
    assert.equal(outcome(await source.current(AT)), 'down')
  })

  it('is fetched once for everybody who needs it at the same time', async () => {
    const { source, web } = setUp(answer(idpMetadataXml()))
    const all = await Promise.all([1, 2, 3].map(() => source.current(AT)))
    assert.deepEqual(all.map(outcome), ['accepted', 'accepted', 'accepted'])
    assert.equal(web.calls, 1)
  })

  it('is not fetched again for six hours, or for as long as it asks, which is five minutes at least', async () => {
    const usual = setUp(answer(idpMetadataXml()))
    await usual.source.current(AT)
    await usual.source.current(AT + 6 * HOUR - 1)
    assert.equal(usual.web.calls, 1)
    await usual.source.current(AT + 6 * HOUR)
    assert.equal(usual.web.calls, 2)
    const hasty = setUp(answer(idpMetadataXml({ entityAttributes: ' cacheDuration="PT1S"' })))
    await hasty.source.current(AT)
    await hasty.source.current(AT + 299_999)
    assert.equal(hasty.web.calls, 1)
  })

  it('survives the provider being down, and asks no more than once a minute', async () => {
    const { source, web } = setUp(answer(idpMetadataXml()))
    await source.current(AT)
    web.answer = down
    for (const seconds of [0, 1, 59]) assert.ok((await source.current(AT + 7 * HOUR + seconds * 1000)).ok)
    assert.equal(web.calls, 2)
    assert.ok((await source.current(AT + 7 * HOUR + 60_000)).ok)
    assert.equal(web.calls, 3)
  })

  it('survives a restart while the provider is down', async () => {
    const { source, another, web } = setUp(answer(idpMetadataXml()))
    await source.current(AT)
    web.answer = down
    assert.ok((await another().current(AT)).ok)
  })

  it('keeps what it has when a worse document comes', async () => {
    const { source, web } = setUp(answer(idpMetadataXml()))
    await source.current(AT)
    for (const worse of ['<x/>', idpMetadataXml({ certificates: [] }), '<!DOCTYPE x>']) {
      web.answer = answer(worse)
      await source.refreshed(AT + 7 * HOUR + web.calls * 60_000)
      assert.deepEqual(certificatesOf(await source.current(AT + 7 * HOUR)), [keys().idp.certificate])
    }
  })

  it('is not used beyond the moment it says itself', async () => {
    const { source, web } = setUp(answer(idpMetadataXml({ entityAttributes: ' validUntil="2026-11-21T13:00:00Z"' })))
    assert.ok((await source.current(AT)).ok)
    web.answer = down
    assert.equal(outcome(await source.current(AT + HOUR)), 'down')
  })
})

describe('a provider that changed its key', () => {
  it('is believed with the key of its new metadata, and no longer with the old one', async () => {
    const { web, fetch } = setUp(answer(idpMetadataXml()))
    const { provider } = testProvider({ metadataUrl }, fetch)
    const byOld = () => honestResponse({ assertionId: '_by-old' })
    const byNew = () =>
      honestResponse({ assertionId: '_by-new' }, { response: { key: keys().other }, assertion: { key: keys().other } })
    const finish = async (xml: string, at: number) => outcome(await provider.finish(posted(xml, at), REMEMBERED))
    assert.equal(await finish(byNew(), AT), 'certificate-unknown')
    web.answer = answer(idpMetadataXml({ certificates: [keys().other.certificate] }))
    assert.equal(await finish(byNew(), AT + 59_000), 'certificate-unknown')
    assert.equal(await finish(byNew(), AT + 60_000), 'accepted')
    assert.equal(await finish(byOld(), AT + 60_000), 'certificate-unknown')
  })
})
