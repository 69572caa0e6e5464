import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aDesk, refusalIn } from '#tests/support/account-desk.ts'
import { anIdentity, aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import type { JourneyOptions } from '#tests/support/journey.ts'
import { askOwnExport, makeExports, mayConnect, unlinkOwnIdentity } from './index.ts'
import { ownActivity } from './own-activity.ts'
import { ownIdentities } from './own-identities.ts'

const nothing = { events: [] }

const setUp = async (options: JourneyOptions = {}) => {
  const desk = await aDesk(options)
  const { ports, providers, pool } = desk
  const provide = async (name: string, settings: Readonly<Record<string, unknown>> = {}) => {
    await providers.create(aProvider(pool.id, { name, settings }), null, nothing)
  }
  const link = async (provider: string, subject = 'ann') => {
    const linked = await ports.identities.link(anIdentity(pool.id, { provider, subject }), desk.doer().sub, nothing)
    assert.ok(linked.ok)
  }
  const shown = async () => {
    const found = await ownIdentities(ports)(desk.doer())
    assert.ok(found.ok)
    return found.value
  }
  const keyOf = async (provider: string) => (await shown()).identities.find((each) => each.provider === provider)?.key
  const unlink = async (provider: string, doer = desk.doer()) =>
    refusalIn(unlinkOwnIdentity(ports)(doer, (await keyOf(provider)) ?? ''))
  return { ...desk, provide, link, shown, unlink }
}
type Desk = Awaited<ReturnType<typeof setUp>>

/** Ann without a password: made by a provider. */
const withoutPassword = async () => {
  const desk = await setUp({ people: [{ sub: 'cy', passwordPlain: null, attributes: { email: 'cy@example.com' } }] })
  const link = (provider: string) =>
    desk.ports.identities.link(anIdentity(desk.pool.id, { provider, subject: 'cy' }), 'cy', nothing)
  const unlink = async (provider: string) => {
    const found = await ownIdentities(desk.ports)(desk.doer({ sub: 'cy' }))
    assert.ok(found.ok)
    const own = found.value.identities.find((each) => each.provider === provider)
    return refusalIn(unlinkOwnIdentity(desk.ports)(desk.doer({ sub: 'cy' }), own?.key ?? ''))
  }
  return { ...desk, link, unlink }
}

const stale = (desk: Pick<Desk, 'doer' | 'proven'>) => desk.doer({ proofs: [desk.proven('password', 601)] })

describe('accounts elsewhere', () => {
  it('are neither disconnected nor connected without a fresh proof', async () => {
    const desk = await setUp()
    await desk.provide('Corp')
    await desk.link('Corp')
    assert.equal(await desk.unlink('Corp', stale(desk)), 'proof-not-fresh')
    assert.equal(await refusalIn(mayConnect(desk.ports)(stale(desk), 'Corp')), 'proof-not-fresh')
    assert.equal((await desk.shown()).identities.length, 1)
  })

  it('are nobody else’s: the key of a form names none of another person', async () => {
    const desk = await withoutPassword()
    await desk.provide('Corp')
    await desk.link('Corp')
    const found = await ownIdentities(desk.ports)(desk.doer({ sub: 'cy' }))
    const key = found.ok ? (found.value.identities[0]?.key ?? '') : ''
    assert.equal(await refusalIn(unlinkOwnIdentity(desk.ports)(desk.doer(), key)), 'identity-unknown')
    assert.equal(await refusalIn(unlinkOwnIdentity(desk.ports)(desk.doer(), '')), 'identity-unknown')
  })

  it('keep the last way in: what is switched off, or only connected, is none', async () => {
    const desk = await withoutPassword()
    await desk.provide('Corp')
    await desk.provide('Off', { enabled: false })
    await desk.provide('Kept', { linkOnly: true })
    for (const name of ['Corp', 'Off', 'Kept']) await desk.link(name)
    assert.equal(await desk.unlink('Corp'), 'last-way-in')
    await desk.provide('Other')
    await desk.link('Other')
    assert.equal(await desk.unlink('Corp'), null)
    assert.equal(await desk.unlink('Other'), 'last-way-in')
  })

  it('say who somebody is there, and which provider could be connected', async () => {
    const desk = await setUp()
    await desk.provide('Corp', { displayName: 'The Corporation', logo: 'google' })
    await desk.provide('Off', { enabled: false })
    await desk.provide('Kept', { linkOnly: true })
    await desk.link('Corp')
    const corp = anIdentity(desk.pool.id, { subject: 'ann' })
    const none = { into: [], outOf: [] }
    await desk.ports.identities.note(
      corp,
      { claims: { name: 'Ann', email: 'a@corp.example' }, tokens: null, at: NOON },
      none,
    )
    const { identities, providers } = await desk.shown()
    assert.deepEqual(
      identities.map(({ key: _, ...rest }) => rest),
      [
        {
          provider: 'The Corporation',
          logo: 'google',
          identity: 'a@corp.example',
          since: NOON.toISOString(),
          isLastWayIn: false,
        },
      ],
    )
    assert.deepEqual(providers, [{ name: 'Kept', label: 'Kept', logo: null }])
    assert.equal(await refusalIn(mayConnect(desk.ports)(desk.doer(), 'Kept')), null)
    for (const name of ['Corp', 'Off', 'nobody', ''])
      assert.equal(await refusalIn(mayConnect(desk.ports)(desk.doer(), name)), 'provider-unknown')
  })

  it('are disconnected with an event and a mail, and what they gave ends elsewhere', async () => {
    const desk = await setUp()
    await desk.provide('Corp', { displayName: 'The Corporation' })
    await desk.link('Corp')
    const at = secondsLater(0)
    const session = {
      kind: 'browser',
      signedInAt: at,
      lastSeenAt: at,
      clientIds: [],
      userAgent: null,
      ip: null,
      place: null,
    } as const
    for (const id of ['here', 'there']) desk.sessions.add(desk.doer().sub, { ...session, id })
    assert.equal(await desk.unlink('The Corporation'), null)
    assert.deepEqual(
      (await desk.sessions.list('', desk.doer().sub)).map(({ id }) => id),
      ['here'],
    )
    const event = desk.written.events.findLast(({ type }) => type === 'identity.unlinked')
    assert.deepEqual([event?.sub, event?.detail], [desk.doer().sub, { provider: 'Corp' }])
    const changes = await ownActivity(desk.ports)(desk.doer(), 'changes')
    assert.ok(changes.some(({ type }) => type === 'identity.unlinked'))
    assert.deepEqual(
      desk.sent().map(({ purpose }) => purpose),
      ['identity-unlinked'],
    )
    assert.match(JSON.stringify(desk.written.messages), /The Corporation/)
  })

  it('are in the copy of one’s data, without tokens', async () => {
    const desk = await setUp()
    await desk.provide('Corp')
    await desk.link('Corp')
    const tokens = { accessToken: 'not for copies', refreshToken: null, expiresAt: null }
    await desk.ports.identities.note(
      anIdentity(desk.pool.id, { subject: 'ann' }),
      { claims: { email: 'a@corp.example' }, tokens, at: NOON },
      { into: [], outOf: [] },
    )
    await askOwnExport(desk.ports)(desk.doer())
    await makeExports(desk.ports)(async () => desk.doer())
    const files = await desk.ports.dataExports.open(desk.pool.id, desk.doer().sub, NOON)
    assert.match(files?.json ?? '', /"provider": "Corp"[\s\S]*"email": "a@corp\.example"/)
    assert.doesNotMatch(files?.json ?? '', /not for copies/)
  })
})
