import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anIdentity, NOON, secondsLater } from '#tests/support/builders.ts'
import { codeOf, expectOk, poolWithAnn } from '#tests/support/memory/administration.ts'

const setUp = async () => {
  const world = await poolWithAnn()
  const { pool, admin } = world
  const { sub } = await world.ann()
  for (const name of ['Corp', 'Other']) {
    const settings = {
      kind: 'oidc',
      name,
      clientId: 'portico',
      keepsTokens: true,
      issuer: `https://${name.toLowerCase()}.example.com`,
    }
    expectOk(await admin.providers.create({ poolId: pool.id, settings, secret: 'shared' }))
  }
  const on = (subject: string, provider = 'Corp', whose = sub) => ({ pool, sub: whose, provider, subject })
  return { ...world, sub, on }
}

describe('connecting an identity to an account', () => {
  it('refuses who is not there, and what somebody has: two accounts are never made one', async () => {
    const { admin, on, sub, pool } = await setUp()
    assert.equal(codeOf(await admin.users.linkIdentity(on('1', 'Nobody'))), 'provider-unknown')
    assert.equal(codeOf(await admin.users.linkIdentity(on('1', 'Corp', 'nobody'))), 'user-missing')
    assert.equal(codeOf(await admin.users.linkIdentity(on(''))), 'upstream-invalid')
    assert.equal(codeOf(await admin.users.linkIdentity(on('x'.repeat(513)))), 'upstream-invalid')
    expectOk(await admin.users.linkIdentity(on('1')))
    const bo = expectOk(await admin.users.create({ pool, attributes: { email: 'bo@example.com' } }))
    assert.equal(codeOf(await admin.users.linkIdentity(on('1', 'Corp', bo.sub))), 'identity-taken')
    assert.equal(codeOf(await admin.users.linkIdentity(on('1'))), 'identity-taken')
    assert.deepEqual((await admin.users.identities(pool.id, bo.sub)).length, 0)
    assert.equal((await admin.users.identities(pool.id, sub)).length, 1)
  })

  it('says of an identity what its provider’s settings say, and tells no subject in the event', async () => {
    const { admin, on, pool, sub, book } = await setUp()
    expectOk(await admin.users.linkIdentity(on('ann at corp')))
    assert.deepEqual(await admin.users.identities(pool.id, sub), [
      {
        ...anIdentity(pool.id, { subject: 'ann at corp', issuer: 'https://corp.example.com', linkedAt: NOON }),
        lastSignInAt: null,
      },
    ])
    const event = book.events.findLast(({ type }) => type === 'identity.linked')
    assert.deepEqual([event?.sub, event?.detail], [sub, { by: 'test', provider: 'Corp' }])
  })

  it('stops at five', async () => {
    const { admin, on } = await setUp()
    for (let n = 0; n < 5; n++) expectOk(await admin.users.linkIdentity(on(`${n}`, n % 2 ? 'Corp' : 'Other')))
    assert.equal(codeOf(await admin.users.linkIdentity(on('6'))), 'too-many-identities')
  })
})

describe('disconnecting an identity', () => {
  it('ends what the account was given, and says where it was the last way in', async () => {
    const { admin, on, ports, pool, sub, setTime, book } = await setUp()
    expectOk(await admin.users.linkIdentity(on('1')))
    setTime(secondsLater(60))
    assert.equal(codeOf(await admin.users.unlinkIdentity(on('2'))), 'identity-unknown')
    assert.equal(codeOf(await admin.users.unlinkIdentity(on('1', 'Corp', 'nobody'))), 'user-missing')
    assert.deepEqual(expectOk(await admin.users.unlinkIdentity(on('1'))), { wasLastWayIn: false })
    assert.deepEqual((await ports.users.findBySub(pool.id, sub))?.user.sessionsValidAfter, secondsLater(60))
    assert.equal(book.events.findLast(({ type }) => type === 'identity.unlinked')?.sub, sub)

    const cy = expectOk(await admin.users.create({ pool, attributes: { email: 'cy@example.com' } }))
    expectOk(await admin.users.linkIdentity(on('cy', 'Corp', cy.sub)))
    expectOk(await admin.users.linkIdentity(on('cy', 'Other', cy.sub)))
    assert.deepEqual(expectOk(await admin.users.unlinkIdentity(on('cy', 'Corp', cy.sub))), { wasLastWayIn: false })
    assert.deepEqual(expectOk(await admin.users.unlinkIdentity(on('cy', 'Other', cy.sub))), { wasLastWayIn: true })
  })
})

describe('what a provider said', () => {
  it('is shown of the person who has the identity, without tokens', async () => {
    const { admin, on, ports, pool, sub } = await setUp()
    assert.equal(codeOf(await admin.users.upstreamRecord(on('1'))), 'identity-unknown')
    expectOk(await admin.users.linkIdentity(on('1')))
    assert.equal(expectOk(await admin.users.upstreamRecord(on('1'))), null)
    const tokens = { accessToken: 'hidden', refreshToken: null, expiresAt: null }
    await ports.identities.note(
      anIdentity(pool.id, { subject: '1' }),
      { claims: { groups: ['a'] }, tokens, at: secondsLater(5) },
      { into: [], outOf: [] },
    )
    assert.deepEqual(expectOk(await admin.users.upstreamRecord(on('1'))), {
      claims: { groups: ['a'] },
      at: secondsLater(5),
      keepsTokens: true,
    })
    assert.equal(codeOf(await admin.users.upstreamRecord(on('1', 'Corp', 'somebody'))), 'identity-unknown')
    assert.deepEqual((await admin.users.identities(pool.id, sub))[0]?.lastSignInAt, secondsLater(5))
  })
})
