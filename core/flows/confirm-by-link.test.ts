import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aJourney, ann, GOOD_PASSWORD, type Journey } from '#tests/support/journey.ts'
import { confirmByLink, linkTarget } from './confirm-by-link.ts'

const form = { username: 'new@example.com', password: GOOD_PASSWORD }
const context = { requestId: 'r', ip: null, userAgent: null }

const signingUp = async (seed = 1) => {
  const journey = await aJourney({ step: 'sign-up', seed })
  await journey.post(form)
  return journey
}
const tokenOf = (journey: Journey): string => new URL(journey.sent().at(-1)?.link ?? '').searchParams.get('token') ?? ''
const look = (journey: Journey, token: string) => linkTarget(journey.ports)(journey.pool, token)
const use = (journey: Journey, token: string) =>
  confirmByLink(journey.ports)({ pool: journey.pool, token, context, clientOf: async () => journey.client })
const codeOf = (result: { ok: true } | { ok: false; failure: { code: string } }) =>
  result.ok ? 'ok' : result.failure.code
const find = (journey: Journey, name: string) => journey.users.findByName(journey.pool.id, name)

describe('a link in a mail', () => {
  it('is refused when it never was one', async () => {
    const journey = await signingUp()
    for (const token of ['', 'x', 'x'.repeat(43), `${tokenOf(journey)}x`, tokenOf(journey).slice(1), 'a'.repeat(1e5)])
      assert.deepEqual(
        [codeOf(await look(journey, token)), codeOf(await use(journey, token))],
        ['link-unusable', 'link-unusable'],
      )
  })

  it('is refused in another pool', async () => {
    const [here, there] = [await signingUp(), await signingUp(2)]
    assert.equal(codeOf(await use(there, tokenOf(here))), 'link-unusable')
  })

  it('can be looked at as often as a mail scanner likes', async () => {
    const journey = await signingUp()
    for (let n = 0; n < 5; n++)
      assert.deepEqual(await look(journey, tokenOf(journey)), {
        ok: true,
        value: { destination: 'n•••@example.com', locale: 'en' },
      })
    assert.equal(await find(journey, 'new@example.com'), null)
  })

  it('makes the account, moves the journey on, and signs in nobody but the journey’s own browser', async () => {
    const journey = await signingUp()
    assert.deepEqual(await use(journey, tokenOf(journey)), {
      ok: true,
      value: { client: journey.client, locale: 'en' },
    })
    assert.equal((await find(journey, 'new@example.com'))?.user.attributes.email_verified, true)
    assert.equal((await journey.flow()).step, 'done')
    assert.deepEqual(
      [codeOf(await look(journey, tokenOf(journey))), codeOf(await use(journey, tokenOf(journey)))],
      ['code-used', 'code-used'],
    )
  })

  it('works once: of fifty at the same time exactly one makes the account', async () => {
    const journey = await signingUp()
    const results = await Promise.all(Array.from({ length: 50 }, () => use(journey, tokenOf(journey))))
    assert.equal(results.filter(({ ok }) => ok).length, 1)
    assert.equal(journey.written.events.filter(({ type }) => type === 'sign_up.confirmed').length, 1)
  })

  it('is worth nothing after its minutes, nor once the code was used', async () => {
    const late = await signingUp()
    late.wait(15 * 60)
    assert.equal(codeOf(await use(late, tokenOf(late))), 'code-expired')
    const used = await signingUp()
    await used.post({ code: used.code() })
    assert.equal(codeOf(await use(used, tokenOf(used))), 'code-used')
  })

  it('proves no address that was chosen after it left', async () => {
    const journey = await signingUp()
    const token = tokenOf(journey)
    await journey.post({ _intent: 'change-destination' })
    assert.equal(codeOf(await use(journey, token)), 'link-unusable')
    await journey.post({ ...form, username: 'victim@example.com' })
    assert.deepEqual(
      [codeOf(await look(journey, token)), codeOf(await use(journey, token))],
      ['link-unusable', 'link-unusable'],
    )
    assert.equal(await find(journey, 'victim@example.com'), null)
  })

  it('of a journey that is over is refused', async () => {
    const journey = await signingUp()
    const { poolId, id } = await journey.flow()
    await journey.ports.flows.finish(poolId, id, { events: [] })
    assert.equal(codeOf(await use(journey, tokenOf(journey))), 'link-unusable')
  })

  it('leaves the address to who proved it meanwhile', async () => {
    const journey = await signingUp()
    await journey.seed(ann({ attributes: { email: 'new@example.com', email_verified: true } }))
    const used = await use(journey, tokenOf(journey))
    assert.equal(used.ok ? 'ok' : used.failure.code, 'name-taken')
    assert.equal((await find(journey, 'new@example.com'))?.user.sub, ann().sub)
    assert.equal((await journey.flow()).step, 'sign-in')
  })
})
