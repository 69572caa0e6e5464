import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Result } from '#core/shared/result.ts'
import { alongside, aNewUser, anIdentity, aPool, aProvider, NOON, secondsLater } from '#tests/support/builders.ts'
import { inEveryStore } from '#tests/support/stores.ts'

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.failure.code)
const linked = (poolId: string) => alongside(poolId, 'identity.linked')
const nothing = { events: [] }
const NO_GROUPS = { into: [], outOf: [] }

inEveryStore('identities', (stores) => {
  const poolWith = async (...subs: string[]) => {
    const { pools, providers, users } = stores()
    const pool = aPool()
    await pools.create(pool, alongside(pool.id, 'pool.changed'))
    for (const name of ['Corp', 'Other'])
      await providers.create(aProvider(pool.id, { name, settings: { keepsTokens: true } }), null, nothing)
    for (const sub of subs) await users.create(aNewUser(pool.id, [`${sub}@example.com`], { sub }), nothing)
    return pool.id
  }

  it('are nobody’s before they are linked, whatever their subject is made of', async () => {
    const { identities } = stores()
    const poolId = await poolWith('ann')
    for (const subject of ['', '1234', 'a\0b', '\uD800', 'x'.repeat(5000)]) {
      const key = anIdentity(poolId, { subject })
      assert.equal(await identities.find(key), null)
      assert.equal(await identities.record(key), null)
      assert.equal(codeOf(await identities.unlink(key, 'ann', nothing)), 'identity-unknown')
      await identities.note(key, { claims: {}, tokens: null, at: NOON }, NO_GROUPS)
    }
    assert.deepEqual(await identities.list(poolId, 'ann'), [])
  })

  it('are refused where the subject cannot be kept, the provider or the person is not there', async () => {
    const { identities, users, written } = stores()
    const poolId = await poolWith('ann')
    const link = async (overrides: Parameters<typeof anIdentity>[1], sub = 'ann') =>
      codeOf(await identities.link(anIdentity(poolId, overrides), sub, linked(poolId)))
    for (const subject of ['', 'a\0b', '\uD800', 'ä'.repeat(257)])
      assert.equal(await link({ subject }), 'upstream-invalid')
    assert.equal(await link({ provider: 'Nobody' }), 'provider-unknown')
    assert.equal(await link({ provider: 'corp' }), 'provider-unknown')
    assert.equal(await link({}, 'nobody'), 'user-missing')
    const newUser = (identity: ReturnType<typeof anIdentity>, sub: string) =>
      users.create({ ...aNewUser(poolId, [`${sub}@example.com`], { sub }), identity }, nothing)
    assert.equal(codeOf(await newUser(anIdentity(poolId, { subject: '' }), 'dee')), 'upstream-invalid')
    assert.equal(codeOf(await newUser(anIdentity(poolId, { provider: 'Nobody' }), 'dee')), 'provider-unknown')
    assert.equal(await users.findBySub(poolId, 'dee'), null)
    assert.deepEqual((await written(poolId)).events, ['pool.changed'])
    assert.equal(await link({ subject: 'ä'.repeat(256) }), 'ok')
  })

  it('come back as they were given, the one that made the profile first, then by time', async () => {
    const { identities, users } = stores()
    const poolId = await poolWith()
    const primary = anIdentity(poolId, { subject: 'Ann', isPrimary: true, linkedAt: secondsLater(60), issuer: null })
    const newUser = {
      ...aNewUser(poolId, ['Corp_Ann'], { sub: 'ann', status: 'EXTERNAL_PROVIDER' as const }),
      identity: primary,
    }
    assert.equal(codeOf(await users.create(newUser, nothing)), 'ok')
    const second = anIdentity(poolId, { provider: 'Other', subject: 'ann', linkedAt: secondsLater(5) })
    const first = anIdentity(poolId, { subject: 'ANN', linkedAt: secondsLater(1) })
    for (const each of [second, first]) assert.equal(codeOf(await identities.link(each, 'ann', linked(poolId))), 'ok')
    assert.deepEqual(await identities.list(poolId, 'ann'), [primary, first, second])
    assert.deepEqual(await identities.find(first), { ...first, sub: 'ann' })
    assert.equal(await identities.find({ ...first, subject: 'aNN' }), null)
  })

  it('belong to one: of fifty links of one at once exactly one wins, and of fifty profiles', async () => {
    const { identities, users } = stores()
    const subs = Array.from({ length: 50 }, (_, n) => `person-${n}`)
    const poolId = await poolWith(...subs)
    for (let round = 0; round < 10; round++) {
      const identity = anIdentity(poolId, { subject: `round ${round}`, provider: round % 2 ? 'Corp' : 'Other' })
      // Each person is asked for once a round, and has five at most: rounds are few enough.
      const results = await Promise.all(subs.map((sub) => identities.link(identity, sub, linked(poolId))))
      const won = results.flatMap((result, n) => (result.ok ? [subs[n]] : []))
      assert.equal(won.length, 1)
      assert.ok(results.every((result) => ['ok', 'identity-taken', 'too-many-identities'].includes(codeOf(result))))
      assert.equal((await identities.find(identity))?.sub, won[0])
    }
    const identity = anIdentity(poolId, { subject: 'new', isPrimary: true })
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        users.create({ ...aNewUser(poolId, [`new-${n}@example.com`], { sub: `new-${n}` }), identity }, nothing),
      ),
    )
    assert.deepEqual(made.map(codeOf).toSorted(), [...Array(49).fill('identity-taken'), 'ok'])
    const winner = made.findIndex(({ ok }) => ok)
    assert.equal((await identities.find(identity))?.sub, `new-${winner}`)
    assert.equal(await users.findBySub(poolId, `new-${(winner + 1) % 50}`), null)
  })

  it('are five at most, of fifty linked at once as well', async () => {
    const { identities, written } = stores()
    const poolId = await poolWith('ann')
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        identities.link(anIdentity(poolId, { subject: `s${n}` }), 'ann', linked(poolId)),
      ),
    )
    assert.deepEqual(results.map(codeOf).toSorted(), [...Array(5).fill('ok'), ...Array(45).fill('too-many-identities')])
    assert.equal((await identities.list(poolId, 'ann')).length, 5)
    assert.equal((await written(poolId)).events.filter((type) => type === 'identity.linked').length, 5)
  })

  it('of two pools never meet: the same provider and subject are two people', async () => {
    const { identities, users } = stores()
    const [here, there] = [await poolWith('ann'), await poolWith('ann')]
    for (const poolId of [here, there]) {
      await identities.link(anIdentity(poolId), 'ann', linked(poolId))
      await identities.note(anIdentity(poolId), { claims: { poolId }, tokens: null, at: NOON }, NO_GROUPS)
    }
    assert.equal(
      codeOf(await identities.unlink(anIdentity(here), 'ann', linked(here), { endSessionsAt: secondsLater(9) })),
      'ok',
    )
    assert.deepEqual(await identities.list(there, 'ann'), [anIdentity(there)])
    assert.deepEqual((await identities.record(anIdentity(there)))?.claims, { poolId: there })
    assert.deepEqual((await users.findBySub(there, 'ann'))?.user.sessionsValidAfter, NOON)
  })

  it('go from the person who has them alone, and what was given before ends where that is asked', async () => {
    const { identities, users } = stores()
    const poolId = await poolWith('ann', 'bo')
    const identity = anIdentity(poolId)
    const cutOff = async () => (await users.findBySub(poolId, 'ann'))?.user.sessionsValidAfter
    await identities.link(identity, 'ann', linked(poolId))
    assert.equal(
      codeOf(await identities.unlink(identity, 'bo', nothing, { endSessionsAt: secondsLater(9) })),
      'identity-unknown',
    )
    assert.equal((await identities.find(identity))?.sub, 'ann')
    assert.equal(codeOf(await identities.unlink(identity, 'ann', nothing)), 'ok')
    assert.deepEqual(await cutOff(), NOON)
    await identities.link(identity, 'ann', linked(poolId))
    assert.equal(codeOf(await identities.unlink(identity, 'ann', nothing, { endSessionsAt: secondsLater(9) })), 'ok')
    assert.deepEqual(await cutOff(), secondsLater(9))
    assert.equal(codeOf(await identities.unlink(identity, 'ann', nothing)), 'identity-unknown')
    assert.equal(codeOf(await identities.link(identity, 'bo', linked(poolId))), 'ok')
    assert.equal(await identities.record(identity), null)
  })

  it('are left one that signs in where that is demanded, of two removals at once as well, in each of twenty rounds', async () => {
    const { identities } = stores()
    const poolId = await poolWith('ann')
    const [here, there] = [anIdentity(poolId), anIdentity(poolId, { provider: 'Other' })]
    for (let round = 0; round < 20; round++) {
      for (const each of [here, there]) await identities.link(each, 'ann', nothing)
      const keepOneOf = ['Corp', 'Other']
      const answers = await Promise.all(
        [here, there].map((key) => identities.unlink(key, 'ann', nothing, { keepOneOf })),
      )
      assert.deepEqual(answers.map(codeOf).toSorted(), ['last-way-in', 'ok'])
      assert.equal((await identities.list(poolId, 'ann')).length, 1)
    }
    await identities.link(here, 'ann', nothing)
    await identities.link(there, 'ann', nothing)
    const refused = await identities.unlink(here, 'ann', nothing, { keepOneOf: ['Corp'] })
    assert.equal(codeOf(refused), 'last-way-in')
  })

  it('go with their person and with their provider: neither name gives them to the next', async () => {
    const { identities, users, providers } = stores()
    const poolId = await poolWith('ann', 'bo')
    await identities.link(anIdentity(poolId), 'ann', nothing)
    await users.delete(poolId, 'ann', alongside(poolId, 'user.deleted'))
    assert.equal(await identities.find(anIdentity(poolId)), null)
    await identities.link(anIdentity(poolId), 'bo', nothing)
    await providers.delete(poolId, 'Corp', alongside(poolId, 'provider.changed'))
    await providers.create(aProvider(poolId), null, nothing)
    assert.equal(await identities.find(anIdentity(poolId)), null)
    assert.deepEqual(await identities.list(poolId, 'bo'), [])
  })

  it('remember what was said last, with its tokens, whichever is written last', async () => {
    const { identities } = stores()
    const poolId = await poolWith('ann')
    const key = anIdentity(poolId)
    await identities.link(key, 'ann', nothing)
    assert.equal(await identities.record(key), null)
    const tokens = { accessToken: 'a', refreshToken: null, expiresAt: 5 }
    const last = { claims: { email: 'ann@example.com', groups: ['x'] }, tokens, at: secondsLater(9) }
    await identities.note(key, last, NO_GROUPS)
    await identities.note(key, { claims: { old: true }, tokens: null, at: secondsLater(1) }, NO_GROUPS)
    assert.deepEqual(await identities.record(key), last)
    await identities.note(key, { ...last, tokens: null, at: secondsLater(10) }, NO_GROUPS)
    assert.equal((await identities.record(key))?.tokens, null)
  })

  it('move their person between the groups that are spoken of, and leave the others', async () => {
    const { identities, users, groups } = stores()
    const poolId = await poolWith('ann', 'bo')
    const names = async (sub: string) => (await users.groupsOf(poolId, sub)).map(({ name }) => name)
    await groups.create(
      { poolId, name: 'own', description: null, roleArn: null, precedence: null, createdAt: NOON },
      nothing,
    )
    await groups.addMember(poolId, 'own', 'ann', NOON, nothing)
    await identities.link(anIdentity(poolId), 'ann', nothing)
    await identities.link(anIdentity(poolId, { subject: 'bo' }), 'bo', nothing)
    const note = (subject: string, seconds: number, into: string[], outOf: string[]) =>
      identities.note(
        anIdentity(poolId, { subject }),
        { claims: {}, tokens: null, at: secondsLater(seconds) },
        { into, outOf },
      )
    await Promise.all([note('1234', 1, ['staff', 'admins'], []), note('bo', 1, ['admins', 'staff'], [])])
    assert.deepEqual(
      [await names('ann'), await names('bo')],
      [
        ['admins', 'own', 'staff'],
        ['admins', 'staff'],
      ],
    )
    await note('1234', 2, ['staff'], ['staff', 'admins', 'nothing'])
    assert.deepEqual(
      [await names('ann'), await names('bo')],
      [
        ['own', 'staff'],
        ['admins', 'staff'],
      ],
    )
    await note('nobody', 3, ['ghosts'], [])
    assert.equal(await groups.find(poolId, 'ghosts'), null)
  })

  it('have records that open neither for another identity nor for another person', async () => {
    const { identities, meddle } = stores()
    const poolId = await poolWith('ann', 'bo')
    await identities.link(anIdentity(poolId), 'ann', nothing)
    await identities.link(anIdentity(poolId, { subject: 'bo' }), 'bo', nothing)
    const tokens = { accessToken: 'a', refreshToken: null, expiresAt: null }
    for (const subject of ['1234', 'bo'])
      await identities.note(anIdentity(poolId, { subject }), { claims: { subject }, tokens, at: NOON }, NO_GROUPS)
    const swap = (column: string) =>
      meddle(
        `UPDATE linked_identity i SET ${column} = o.${column} FROM linked_identity o
         WHERE i.pool_id = $1 AND i.subject = '1234' AND o.pool_id = $1 AND o.subject = 'bo'`,
        [poolId],
      )
    if (!(await swap('tokens_sealed'))) return
    await assert.rejects(identities.record(anIdentity(poolId)))
    await identities.note(anIdentity(poolId), { claims: {}, tokens, at: secondsLater(1) }, NO_GROUPS)
    await swap('claims_sealed')
    await assert.rejects(identities.record(anIdentity(poolId)))
    await identities.note(anIdentity(poolId), { claims: {}, tokens, at: secondsLater(2) }, NO_GROUPS)
    await swap('sub')
    await assert.rejects(identities.record(anIdentity(poolId)))
  })

  it('take along the sessions at their provider that are their person’s, and nobody else’s', async () => {
    const { identities, upstreamSessions, meddle } = stores()
    const poolId = await poolWith('ann', 'bo')
    const identity = anIdentity(poolId)
    const { provider, subject } = identity
    await identities.link(identity, 'ann', nothing)
    const session = { poolId, provider, subject, session: 'id token', expiresAt: secondsLater(60) }
    await upstreamSessions.keep({ ...session, id: 'hers', sub: 'ann' })
    await upstreamSessions.keep({ ...session, id: 'elsewhere', sub: 'ann', provider: 'Other' })
    await upstreamSessions.keep({ ...session, id: 'his', sub: 'bo' })
    await identities.unlink(identity, 'ann', nothing)
    const isKept = async (id: string) => (await upstreamSessions.find(poolId, id, NOON)) !== null
    // In memory the two stores know nothing of one another.
    if (await meddle('SELECT 1', [])) assert.equal(await isKept('hers'), false)
    assert.deepEqual([await isKept('elsewhere'), await isKept('his')], [true, true])
  })
})
