import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { NewFactor } from '#core/factors/ports.ts'
import { alongside, aNewUser, anEvent, aPoolId, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryJourneyStore, rounds } from '#tests/support/journey-stores.ts'

const nothing = { events: [] }

const anApp = (poolId: string, sub = 'ann', overrides: Partial<NewFactor> = {}): NewFactor => ({
  poolId,
  sub,
  id: 'totp',
  kind: 'totp',
  name: null,
  address: null,
  credentialId: null,
  passkey: null,
  counter: 0,
  createdAt: NOON,
  secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  ...overrides,
})

const aPasskey = (poolId: string, sub: string, credentialId: string, counter = 0): NewFactor =>
  anApp(poolId, sub, {
    id: `passkey-${credentialId}`,
    kind: 'passkey',
    credentialId,
    counter,
    secret: null,
    passkey: {
      publicKey: 'pQECAyYgASFYIA',
      transports: ['internal'],
      aaguid: '00000000-0000-0000-0000-000000000000',
      isBackupEligible: true,
      isBackedUp: false,
      isUserVerified: true,
      rpId: 'id.fjord-books.example',
    },
  })

inEveryJourneyStore('factors', (stores) => {
  it('keep one of those that are demanded, of two removals at once as well, in each of twenty rounds', async () => {
    const { factors, users } = stores()
    for (let round = 0; round < 20; round++) {
      const poolId = aPoolId()
      await users.create(aNewUser(poolId, [`ann-${round}@example.com`], { sub: 'ann' }), nothing)
      await factors.enrol(anApp(poolId), nothing)
      await factors.enrol(aPasskey(poolId, 'ann', 'key'), nothing)
      const answers = await Promise.all(
        ['totp', 'passkey-key'].map((id) => factors.remove(poolId, 'ann', id, nothing, ['totp', 'passkey'])),
      )
      assert.deepEqual(answers.map(({ ok }) => ok).toSorted(), [false, true])
      assert.equal((await factors.list(poolId, 'ann')).length, 1)
    }
  })

  it('are none before one is enrolled, and then come back as they were given, without their secret', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    assert.deepEqual(await factors.list(poolId, 'ann'), [])
    assert.equal(await factors.secretOf(poolId, 'ann', 'totp'), null)
    const { secret, ...shown } = anApp(poolId)
    assert.deepEqual(await factors.enrol(anApp(poolId), nothing), { ok: true, value: undefined })
    assert.deepEqual(await factors.list(poolId, 'ann'), [{ ...shown, lastUsedAt: null }])
    assert.equal(await factors.secretOf(poolId, 'ann', 'totp'), secret)
  })

  it('belong to one person of one pool', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    const other = aPoolId()
    await factors.enrol(anApp(poolId), nothing)
    await factors.enrol(aPasskey(poolId, 'ann', 'key-1'), nothing)
    assert.deepEqual(await factors.list(poolId, 'bo'), [])
    assert.deepEqual(await factors.list(other, 'ann'), [])
    assert.equal(await factors.secretOf(other, 'ann', 'totp'), null)
    assert.equal(await factors.findByCredential(other, 'key-1'), null)
    assert.equal(await factors.advance(other, 'ann', 'totp', 5, NOON), false)
    assert.equal(await factors.advance(poolId, 'bo', 'totp', 5, NOON), false)
    assert.deepEqual(await factors.remove(other, 'ann', 'totp', nothing), {
      ok: false,
      failure: { code: 'factor-missing' },
    })
    assert.equal((await factors.findByCredential(poolId, 'key-1'))?.sub, 'ann')
  })

  it('of fifty enrolments of one kind at once exactly one wins, in each of 50 rounds', async () => {
    const { factors } = stores()
    const results = await rounds(50, 50, () => {
      const poolId = aPoolId()
      return (n) => factors.enrol(anApp(poolId, 'ann', { secret: `SECRET${n}` }), nothing)
    })
    for (const round of results) assert.equal(round.filter(({ ok }) => ok).length, 1)
  })

  it('refuse a passkey that anybody of the pool has already', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    await factors.enrol(aPasskey(poolId, 'ann', 'key-1'), nothing)
    const second = { ...aPasskey(poolId, 'bo', 'key-1'), id: 'passkey-other' }
    assert.deepEqual(await factors.enrol(second, nothing), { ok: false, failure: { code: 'factor-exists' } })
    assert.equal((await factors.enrol(aPasskey(aPoolId(), 'bo', 'key-1'), nothing)).ok, true)
    assert.equal((await factors.enrol(aPasskey(poolId, 'ann', 'key-2'), nothing)).ok, true)
  })

  it('use a time step once: of fifty at once exactly one, in each of 50 rounds, and never an earlier one', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    await factors.enrol(anApp(poolId), nothing)
    const results = await rounds(50, 50, (round) => () => factors.advance(poolId, 'ann', 'totp', 1000 + round, NOON))
    for (const round of results) assert.equal(round.filter(Boolean).length, 1)
    assert.equal(await factors.advance(poolId, 'ann', 'totp', 1049, NOON), false)
    assert.equal(await factors.advance(poolId, 'ann', 'totp', 1001, NOON), false)
  })

  it('let a passkey without a counter stay at zero, and one with a counter only go forward', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    await factors.enrol(aPasskey(poolId, 'ann', 'synced'), nothing)
    await factors.enrol(aPasskey(poolId, 'ann', 'key', 7), nothing)
    assert.equal(await factors.advance(poolId, 'ann', 'passkey-synced', 0, NOON), true)
    assert.equal(await factors.advance(poolId, 'ann', 'passkey-synced', 0, secondsLater(1)), true)
    assert.equal(await factors.advance(poolId, 'ann', 'passkey-key', 7, NOON), false)
    assert.equal(await factors.advance(poolId, 'ann', 'passkey-key', 8, NOON), true)
    assert.equal(await factors.advance(poolId, 'ann', 'passkey-key', 0, NOON), false)
  })

  it('note their last use, their name and their backup', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    await factors.enrol(aPasskey(poolId, 'ann', 'key'), nothing)
    await factors.used(poolId, 'ann', 'passkey-key', secondsLater(60))
    await factors.used(poolId, 'ann', 'passkey-key', NOON)
    await factors.noteBackup(poolId, 'ann', 'passkey-key', true)
    assert.deepEqual(await factors.rename(poolId, 'ann', 'passkey-key', 'Blue key', nothing), {
      ok: true,
      value: undefined,
    })
    const [found] = await factors.list(poolId, 'ann')
    assert.deepEqual([found?.lastUsedAt, found?.passkey?.isBackedUp, found?.name], [secondsLater(60), true, 'Blue key'])
    assert.deepEqual(await factors.rename(poolId, 'ann', 'totp', 'x', nothing), {
      ok: false,
      failure: { code: 'factor-missing' },
    })
  })

  it('are written with their event, or not at all', async () => {
    const { factors, eventsOf, isDatabase } = stores()
    const poolId = aPoolId()
    await factors.enrol(anApp(poolId), alongside(poolId, 'factor.enrolled'))
    assert.deepEqual(
      (await eventsOf(poolId)).map(({ type }) => type),
      ['factor.enrolled'],
    )
    await factors.enrol(anApp(poolId), alongside(poolId, 'factor.enrolled'))
    assert.equal((await eventsOf(poolId)).length, 1)
    if (!isDatabase) return
    const impossible = { events: [{ ...anEvent(poolId, 'factor.removed'), id: 'not a uuid' }] }
    await assert.rejects(factors.remove(poolId, 'ann', 'totp', impossible))
    assert.equal((await factors.list(poolId, 'ann')).length, 1)
  })

  it('rest without a readable secret, bound to their person', async () => {
    const { factors, atRest } = stores()
    const poolId = aPoolId()
    await factors.enrol(anApp(poolId, 'ann', { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' }), nothing)
    assert.ok(!(await atRest()).includes('JBSWY3DPEHPK3PXP'))
  })

  it('go all at once, with codes and devices', async () => {
    const { factors } = stores()
    const poolId = aPoolId()
    await factors.enrol(anApp(poolId), nothing)
    await factors.enrol(aPasskey(poolId, 'ann', 'key'), nothing)
    await factors.enrol(anApp(poolId, 'bo'), nothing)
    await factors.removeAll(poolId, 'ann', nothing)
    assert.deepEqual(await factors.list(poolId, 'ann'), [])
    assert.equal((await factors.list(poolId, 'bo')).length, 1)
  })
})

inEveryJourneyStore('recovery codes', (stores) => {
  const hashes = Array.from({ length: 10 }, (_, n) => `hash-${n}`)

  it('are none, then ten, and the former ones stop working when new ones are made', async () => {
    const { recoveryCodes } = stores()
    const poolId = aPoolId()
    assert.equal(await recoveryCodes.count(poolId, 'ann'), null)
    await recoveryCodes.replace(poolId, 'ann', hashes, NOON, nothing)
    assert.deepEqual(await recoveryCodes.count(poolId, 'ann'), { left: 10, total: 10, createdAt: NOON })
    await recoveryCodes.replace(poolId, 'ann', ['new'], secondsLater(1), nothing)
    assert.equal(await recoveryCodes.use(poolId, 'ann', 'hash-0', NOON, nothing), false)
    assert.equal(await recoveryCodes.use(poolId, 'ann', 'new', NOON, nothing), true)
    assert.equal((await recoveryCodes.count(poolId, 'ann'))?.left, 0)
  })

  it('work for one person of one pool', async () => {
    const { recoveryCodes } = stores()
    const poolId = aPoolId()
    await recoveryCodes.replace(poolId, 'ann', hashes, NOON, nothing)
    assert.equal(await recoveryCodes.use(poolId, 'bo', 'hash-0', NOON, nothing), false)
    assert.equal(await recoveryCodes.use(aPoolId(), 'ann', 'hash-0', NOON, nothing), false)
  })

  it('work once: of fifty uses at once exactly one, in each of 50 rounds, and one event is written', async () => {
    const { recoveryCodes, eventsOf } = stores()
    const poolId = aPoolId()
    const many = Array.from({ length: 50 }, (_, n) => `code-${n}`)
    await recoveryCodes.replace(poolId, 'ann', many, NOON, nothing)
    const results = await rounds(
      50,
      50,
      (round) => () => recoveryCodes.use(poolId, 'ann', `code-${round}`, NOON, alongside(poolId, 'recovery_code.used')),
    )
    for (const round of results) assert.equal(round.filter(Boolean).length, 1)
    assert.equal((await eventsOf(poolId)).length, 50)
  })
})
